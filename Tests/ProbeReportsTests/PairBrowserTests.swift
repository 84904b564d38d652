import Foundation
import ProbeFindings
import Testing

@testable import ProbeReports

/// Pairs of networks in a headless Chromium.
@Suite(
  "pairs of networks in a browser", .serialized,
  .enabled(if: Chromium.found != nil, "no chromium, chromium-browser or google-chrome on PATH"))
struct PairBrowserTests {
  @Test("every figure draws, nothing is fetched, no error is logged", arguments: [420, 1200], [false, true])
  func draws(width: Int, isDark: Bool) throws {
    let chromium = try #require(Chromium.found)
    let folder = try TemporaryFolder()
    let findings = PairFindings.all()
    try ReportWriter().write(findings, to: folder.path + "/report")
    let page = folder.path + "/report/index.html"
    let visit = try chromium.open(page, width: width, isDark: isDark)
    Chromium.expectDrawn(visit, findings)
    if let keep = ProcessInfo.processInfo.environment["RNNPROBE_SCREENSHOTS"] {
      _ = try chromium.open(
        page, width: width, height: width == 420 ? 4600 : 5600, isDark: isDark,
        screenshot: "\(keep)/pairs-\(width)-\(isDark ? "dark" : "light").png")
    }
  }

  @Test("a click on a cell, the menus and the address choose the two networks; every matrix marks them")
  func choosing() throws {
    let seen = try Chromium.run(
      """
      function names() { return Array.from(document.querySelectorAll("[data-controls=network_pair] select")).map(function (one) {
        return one.selectedOptions[0].textContent; }).join(" | "); }
      function marked(figure) { return String(document.querySelectorAll("[data-figure=" + figure + "] .shapelayer path").length); }
      seen.first = names(), seen.remark = text(".networkPair-plot .note");
      seen.value = text(".networkPair-plot tbody tr td:nth-child(3)");
      var before = +marked("weights_matrix");
      // A click as a mouse makes it, on row 2 and column 9 of the small matrix: between the strip and the right edge.
      var area = find("[data-figure=weights_matrix] .nsewdrag"), box = area.getBoundingClientRect();
      var figure = find("[data-figure=weights_matrix]"), axes = figure._fullLayout;
      var at = { bubbles: true, cancelable: true, view: window, button: 0, buttons: 1,
        clientX: box.left + axes.xaxis.d2p(9), clientY: box.top + axes.yaxis.d2p(2) };
      area.dispatchEvent(new MouseEvent("mousemove", at)); await settle();
      seen.hover = Array.from(document.querySelectorAll("[data-figure=weights_matrix] .hovertext tspan.line")).map(function (one) {
        return one.textContent; }).join("|");
      area.dispatchEvent(new MouseEvent("mousedown", at));
      document.querySelectorAll(".dragcover, .nsewdrag").forEach(function (one) { one.dispatchEvent(new MouseEvent("mouseup", at)); });
      await settle(500);
      seen.click = names(), seen.hash = location.hash, seen.marks = String(+marked("weights_matrix") - before);
      var menus = document.querySelectorAll("[data-controls=network_pair] select");
      menus[0].value = 3; menus[0].dispatchEvent(new Event("change")); await settle(300);
      seen.menu = names();
      // The network that the other menu shows: the two change places.
      menus[1].value = 3; menus[1].dispatchEvent(new Event("change")); await settle(300);
      seen.swapped = names();
      location.hash = "#figure-network_pair:first=flipflop-1bit-5&second=flipflop-3bit-6"; await settle(400);
      seen.address = names();
      seen.rows = String(document.querySelectorAll(".networkPair-plot tbody tr").length);
      """, in: PairFindings.all(12), screenshot: "pairs-chosen")
    #expect(seen["first"] == "flipflop-1bit-2 | flipflop-3bit-6")
    #expect(
      seen["remark"]
        == "flipflop-1bit-2: 27 fixed points at input zero · flipflop-3bit-6: 27 fixed points at input zero")
    // Pair 1, 11 of 12 is row 11 + 9 of 66: 21 / 66.
    #expect(seen["value"] == "0.318")
    #expect(
      seen["hover"] == "flipflop-1bit-3 and flipflop-3bit-4|DSA angle: not compared|click to see both")
    #expect(seen["click"] == "flipflop-1bit-3 | flipflop-3bit-4")
    #expect(seen["hash"] == "#figure-network_pair:first=flipflop-1bit-3&second=flipflop-3bit-4")
    #expect(seen["marks"] == "0")
    #expect(seen["menu"] == "flipflop-1bit-4 | flipflop-3bit-4")
    #expect(seen["swapped"] == "flipflop-3bit-4 | flipflop-1bit-4")
    #expect(seen["address"] == "flipflop-1bit-5 | flipflop-3bit-6")
    #expect(seen["rows"] == "27")
  }
}
