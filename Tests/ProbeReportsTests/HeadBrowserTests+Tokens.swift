import Foundation
import ProbeFindings
import Testing

@testable import ProbeReports

extension HeadBrowserTests {
  @Test(
    "a token shows what it attends to, by pointer and keyboard; one that is held lets others tell their weights"
  )
  func tokens() throws {
    let findings = HeadFindings.all()
    let weights = HeadFindings.pattern(64, sink: 0.4, previous: 0, period: 32, copy: 2)
    let seen = try Chromium.run(
      """
      var boxes = document.querySelectorAll(".token");
      seen.count = String(boxes.length);
      seen.focus = text(".status");
      seen.shade = boxes[9].style.background + " " + boxes[9].style.color;
      move(boxes[50]);
      seen.preview = text(".tip"), seen.status = text(".status");
      move(".tokens", "pointerleave");
      seen.after = text(".status"), seen.tip = String(find(".tip").hidden);
      boxes[50].click(); await settle();
      seen.held = location.hash;
      move(boxes[19]);
      seen.weight = text(".tip");
      move(boxes[60]);
      seen.future = text(".tip");
      await key(".tokens", "ArrowLeft");
      seen.left = location.hash;
      await key(".tokens", "Home");
      seen.home = text(".status");
      await key(".tokens", "End"); await key(".tokens", "Escape");
      seen.end = location.hash, seen.endStatus = text(".status");
      await press("what attends to it");
      seen.reversed = text(".status");
      seen.active = find(".tokens").getAttribute("aria-activedescendant") === find('[aria-selected="true"]').id ? "same" : "other";
      """, in: findings, screenshot: "heads-tokens")
    func weight(_ query: Int, _ key: Int) -> String { String(format: "%.2f", weights[query * 64 + key]) }
    #expect(seen["count"] == "64")
    let focus = "‘·Francisco’ (40) attends to: ‘·is’ (9) \(weight(40, 9)), ‘<|bos|>’ (0) \(weight(40, 0)), "
    #expect(plain(seen["focus"]).hasPrefix(focus))
    #expect(plain(seen["preview"]).contains("(50) attends to:\n‘"))
    #expect(plain(seen["preview"]).contains("(19) \(weight(50, 19))\n"))
    #expect(plain(seen["status"]).contains("(50) attends to: "))
    #expect(seen["after"] == seen["focus"] && seen["tip"] == "true")
    #expect(seen["held"] == "#figure-heads:score=induction&head=5.1&prompt=0&token=50")
    #expect(plain(seen["weight"]).hasSuffix("(19)\nweight \(weight(50, 19))"))
    #expect(plain(seen["future"]).hasSuffix("(60)\nweight 0"))
    #expect(seen["left"]?.hasSuffix("token=49") == true)
    #expect(plain(seen["home"]) == "‘<|bos|>’ (0) attends to: ‘<|bos|>’ (0) 1.00.")
    #expect(seen["end"] == "#figure-heads:score=induction&head=5.1&prompt=0")
    #expect(plain(seen["endStatus"]).contains("(63) attends to: "))
    #expect(plain(seen["reversed"]).contains("(63) is attended by: ‘·sits’ (63) "))
    #expect(seen["active"] == "same")
    let share = Double(PatternEncoding.byte(of: weights[40 * 64 + 9])) / 254
    let mixed = [0, 0x65, 0xA3].map { String(Int((255 + ($0 - 255) * share).rounded())) }
    #expect(seen["shade"] == "rgb(\(mixed.joined(separator: ", "))) rgb(255, 255, 255)")
  }

  @Test("a long prompt keeps its heaviest keys, and a query that was not recorded says so")
  func long() throws {
    let count = 300
    var weights = HeadFindings.pattern(count, sink: 0.1, previous: 0, period: 290, copy: 1)
    for key in 0..<count { weights[298 * count + key] = .nan }
    let plot = HeadMapPlot(
      layers: 1, heads: 1, scores: [.init(name: "s", amount: Axis("s"), values: [1])],
      patterns: AttentionPatterns(
        prompts: [.init(name: "long", tokens: (0..<count).map { " w\($0)" })],
        patterns: [.init(layer: 0, head: 0, prompt: 0, weights: weights)]))
    let seen = try Chromium.run(
      """
      seen.last = text(".status");
      seen.note = text(".pattern-text .note");
      await key(".tokens", "ArrowLeft");
      seen.unknown = text(".status");
      """,
      in: Findings(
        analysis: "heads", title: "T", headline: "H",
        figures: [Figure(name: "heads", title: "T", caption: "C", content: .headMap(plot))]))
    let heaviest = String(format: "%.2f", weights[299 * count + 10])
    #expect(plain(seen["last"]).hasPrefix("‘·w299’ (299) attends to: ‘·w10’ (10) \(heaviest), ‘·w0’ (0) "))
    #expect(
      seen["note"]?.hasSuffix("Of this long prompt each query's heaviest keys are kept here, at most 16.")
        == true)
    #expect(plain(seen["unknown"]) == "‘·w298’ (298) was not recorded as a query.")
  }

  @Test("the lens tells a cell's likeliest tokens by pointer and arrow keys, and marks those that come true")
  func lens() throws {
    let seen = try Chromium.run(
      """
      var cells = document.querySelectorAll(".token-frame td");
      seen.count = String(cells.length), seen.hits = String(document.querySelectorAll("td.hit").length);
      move(cells[0]);
      seen.tip = text(".tip");
      find('.token-frame td[tabindex="0"]').focus();
      await key('.token-frame td[tabindex="0"]', "ArrowRight");
      seen.right = text(".tokenTable-plot .status");
      await key('.token-frame td[tabindex="0"]', "ArrowUp");
      seen.up = text(".tokenTable-plot .status");
      seen.absent = String(document.querySelectorAll("td.none").length);
      """, in: HeadFindings.all())
    let lens = HeadFindings.lens()
    let hits = lens.cells.indices.count { index in
      lens.cells[index].first.map { Array($0.token.utf8) == Array(lens.targets[index % 16].utf8) } ?? false
    }
    #expect(seen["count"] == "\(13 * 16)" && seen["hits"] == "\(hits)")
    let top = lens.cells[12 * 16]
    #expect(plain(seen["tip"]).hasPrefix("layer 11, at ‘<|bos|>’ (0), in truth followed by ‘The’\n"))
    let first = TokenText.visible(top[0].token)
    #expect(plain(seen["tip"]).contains("\n‘\(first)’ \(String(format: "%.2f", top[0].probability))\n"))
    #expect(plain(seen["tip"]).split(separator: "\n").count == 6)
    #expect(plain(seen["right"]).hasPrefix("layer 11, at ‘The’ (1), in truth followed by ‘·best’: "))
    #expect(seen["up"] == seen["right"])
    #expect(seen["absent"] == "\(lens.cells.count { $0.isEmpty })")
  }
}
