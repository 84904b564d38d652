import Foundation
import ProbeFindings
import Testing

@testable import ProbeReports

extension HeadBrowserTests {
  @Test(
    "the highest head with a pattern is open at first; arrows and clicks open others; what is missing is said"
  )
  func choosing() throws {
    let seen = try Chromium.run(
      """
      seen.first = text(".pattern-title");
      seen.hash = location.hash;
      await key(".headMap-plot", "ArrowRight");
      seen.right = text(".pattern-title"), seen.missing = text(".pattern");
      await key(".headMap-plot", "ArrowUp"); await key(".headMap-plot", "ArrowUp");
      for (var step = 0; step < 9; step++) { await key(".headMap-plot", "ArrowUp"); }
      seen.top = text(".pattern-title"), seen.topHash = location.hash;
      await press("5.1");
      seen.link = text(".pattern-title").slice(0, 8);
      // A click as a mouse makes it: on the middle of head 7 in layer 8.
      var area = find(".headMap-plot .nsewdrag"), box = area.getBoundingClientRect();
      var at = { bubbles: true, cancelable: true, view: window, button: 0, buttons: 1,
        clientX: box.left + box.width * 7.5 / 12, clientY: box.top + box.height * 8.5 / 12 };
      area.dispatchEvent(new MouseEvent("mousemove", at)); await settle();
      seen.hover = Array.from(document.querySelectorAll(".headMap-plot .hovertext tspan.line")).map(function (one) {
        return one.textContent; }).join("|");
      area.dispatchEvent(new MouseEvent("mousedown", at));
      document.querySelectorAll(".dragcover, .nsewdrag").forEach(function (one) { one.dispatchEvent(new MouseEvent("mouseup", at)); });
      await settle(400);
      seen.click = text(".pattern-title").slice(0, 8);
      """, in: HeadFindings.all())
    #expect(
      seen["first"]
        == "Head 5.1 · induction score: 0.930 share of attention · 95 % bootstrap interval over 40 prompts: "
        + "0.890 to 0.970 · null (on random tokens): 0.0160")
    #expect(seen["hash"] == "")
    #expect(seen["right"]?.hasPrefix("Head 5.2 ·") == true)
    #expect(
      seen["missing"]?.contains(
        "This page has no attention pattern of head 5.2 on this prompt. Capture blocks.<layer>.attn.pattern")
        == true)
    #expect(seen["top"]?.hasPrefix("Head 0.2 ·") == true)
    #expect(seen["topHash"] == "#figure-heads:score=induction&head=0.2&prompt=0")
    #expect(seen["link"] == "Head 5.1")
    #expect(seen["hover"]?.hasPrefix("layer 8, head 7 (8.7)|induction score: ") == true)
    #expect(seen["click"] == "Head 8.7")
  }

  @Test("scores are chosen from a menu; where one does not apply the page says why")
  func scores() throws {
    let seen = try Chromium.run(
      """
      async function pick(place) {
        var menu = find('[data-controls="heads"] select');
        menu.value = place;
        menu.dispatchEvent(new Event("change"));
        await settle(300);
      }
      seen.label = text(".headMap-plot .annotation-text");
      seen.absent = text(".headMap-plot .legend").includes("not applicable") ? "yes" : "no";
      await pick(1);
      seen.successor = text(".headMap-plot .annotation-text");
      seen.legend = text(".headMap-plot .legend");
      seen.title = text(".pattern-title");
      await key(".headMap-plot", "ArrowUp");
      for (var step = 0; step < 9; step++) { await key(".headMap-plot", "ArrowUp"); }
      seen.none = text(".pattern-title");
      seen.hash = location.hash;
      """, in: HeadFindings.all(), screenshot: "heads-successor", isDark: true)
    #expect(seen["label"] == "induction score (share of attention)" && seen["absent"] == "no")
    #expect(seen["successor"] == "successor score")
    #expect(seen["legend"]?.contains("not applicable") == true)
    #expect(seen["title"]?.hasSuffix("no interval: the weights are not a sample") == true)
    #expect(
      seen["none"]
        == "Head 0.1 · successor score: not applicable (the circuit begins with the first MLP, which stands after layer 0)"
    )
    #expect(seen["hash"] == "#figure-heads:score=successor&head=0.1&prompt=0")
  }

  @Test("the page's address leads to a head, a prompt and a token, and a wrong one does no harm")
  func permalinks() throws {
    let seen = try Chromium.run(
      """
      seen.title = text(".pattern-title").slice(0, 8);
      seen.label = text(".headMap-plot .annotation-text");
      seen.menu = find('[data-controls="heads"] select').value;
      seen.status = text(".status");
      location.hash = "#figure-heads:score=ov_copying&head=5.1&prompt=1&token=9"; await settle(300);
      seen.changed = text(".status"), seen.changedLabel = text(".headMap-plot .annotation-text");
      location.hash = "#figure-heads:score=<img src=x>&head=99.1&prompt=-1&token=1e3"; await settle(300);
      seen.wrong = text(".pattern-title").slice(0, 8), seen.wrongStatus = text(".status");
      """, in: HeadFindings.all(), hash: "#figure-heads:score=ov_copying&head=5.5&prompt=0&token=33")
    #expect(seen["title"] == "Head 5.5" && seen["label"] == "OV copying" && seen["menu"] == "2")
    #expect(plain(seen["status"]).contains("(33) attends to: "))
    #expect(plain(seen["changed"]).hasPrefix("‘·שלום’ (9) attends to: ‘····’ (8) "))
    #expect(seen["changedLabel"] == "OV copying")
    #expect(seen["wrong"] == "Head 5.1" && plain(seen["wrongStatus"]).contains("(40) attends to: "))
  }
}
