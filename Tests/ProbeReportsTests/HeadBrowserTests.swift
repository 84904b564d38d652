import Foundation
import ProbeFindings
import Testing

@testable import ProbeReports

/// Opens pages about attention heads in a headless Chromium.
///
/// Set `RNNPROBE_SCREENSHOTS` to a folder to keep the pages, and pictures of them.
@Suite(
  "the page of heads in a browser", .serialized,
  .enabled(if: Chromium.found != nil, "no chromium, chromium-browser or google-chrome on PATH"))
struct HeadBrowserTests {
  @Test("every figure draws, nothing is fetched, no error is logged", arguments: [400, 1200], [false, true])
  func draws(width: Int, isDark: Bool) throws {
    let chromium = try #require(Chromium.found)
    let folder = try TemporaryFolder()
    let findings = HeadFindings.all()
    try ReportWriter().write(findings, to: folder.path + "/report")
    let page = folder.path + "/report/index.html"
    let visit = try chromium.open(page, width: width, isDark: isDark)
    Chromium.expectDrawn(visit, findings)
    if let keep = ProcessInfo.processInfo.environment["RNNPROBE_SCREENSHOTS"] {
      let name = "\(keep)/heads-\(width)-\(isDark ? "dark" : "light").png"
      try ReportWriter().write(findings, to: keep + "/heads")
      _ = try chromium.open(
        page, width: width, height: width == 400 ? 6600 : 5400, isDark: isDark, screenshot: name)
    }
  }

  @Test("the columns that say what a row is stay in sight where they leave room", arguments: [1000, 150])
  func sticky(width: Int) throws {
    let seen = try Chromium.run(
      """
      find("main").style.width = "\(width)px";
      window.dispatchEvent(new Event("resize"));
      var frame = find(".table-frame"), row = frame.querySelector("tbody tr").cells;
      frame.scrollLeft = 100; await settle();
      seen.scrolled = String(frame.scrollLeft);
      var box = frame.getBoundingClientRect();
      seen.places = [0, 1, 2].map(function (place) { return Math.round(row[place].getBoundingClientRect().left - box.left); }).join(" ");
      seen.widths = [0, 1].map(function (place) { return Math.round(row[place].getBoundingClientRect().width); }).join(" ");
      """, in: HeadFindings.all())
    let widths = (seen["widths"] ?? "").split(separator: " ").compactMap { Int($0) }
    try #require(widths.count == 2 && seen["scrolled"] == "100")
    // Where there is no room for both only the first stays, or none.
    let expected =
      width == 1000
      ? [0, widths[0], widths[0] + widths[1] - 100]
      : [-100, widths[0] - 100, widths[0] + widths[1] - 100]
    let places = (seen["places"] ?? "").split(separator: " ").compactMap { Int($0) }
    #expect(
      zip(places, expected).allSatisfy { abs($0 - $1) <= 1 } && places.count == 3, "\(places) \(expected)")
  }

  @Test("every figure can be saved as SVG that is well-formed and holds its texts")
  func pictures() throws {
    let seen = try Chromium.run(
      """
      var blobs = [];
      URL.createObjectURL = function (blob) { blobs.push(blob); return "blob:none"; };
      HTMLAnchorElement.prototype.click = function () { blobs.push(this.download); };
      var buttons = Array.from(document.querySelectorAll("button")).filter(function (one) { return one.textContent.endsWith("as SVG"); });
      for (var place = 0; place < buttons.length; place++) {
        buttons[place].click();
        await settle(250);
      }
      var texts = await Promise.all(blobs.filter(function (one) { return one instanceof Blob; }).map(function (one) { return one.text(); }));
      seen.kinds = texts.map(function (one) {
        var parsed = new DOMParser().parseFromString(one, "image/svg+xml");
        return parsed.querySelector("parsererror") ? "broken" : parsed.documentElement.nodeName;
      }).join(" ");
      seen.lens = texts.find(function (one) { return one.includes("in truth"); }) || "none";
      seen.tokens = texts.find(function (one) { return one.includes("sandwichs") && one.includes("shaded by"); }) || "none";
      """, in: HeadFindings.all())
    #expect(seen["kinds"] == "svg svg svg svg svg svg svg svg")
    #expect(
      seen["lens"]?.contains(">·Francisco</text>") == true && seen["lens"]?.contains("embedding") == true)
    #expect(seen["tokens"]?.contains(">·Francisco</text>") == true)
    if let keep = ProcessInfo.processInfo.environment["RNNPROBE_SCREENSHOTS"] {
      try seen["lens"]?.write(toFile: keep + "/lens.svg", atomically: true, encoding: .utf8)
      try seen["tokens"]?.write(toFile: keep + "/tokens.svg", atomically: true, encoding: .utf8)
    }
  }

  @Test("nothing to show, one thing to show, and nothing but NaN make figures without faults")
  func degenerate() throws {
    let axis = Axis("s")
    let one = AttentionPatterns(
      prompts: [.init(name: "none", tokens: []), .init(name: "one", tokens: [""])],
      patterns: [
        .init(layer: 0, head: 0, prompt: 0, weights: []),
        .init(layer: 0, head: 0, prompt: 1, weights: [.nan]),
      ])
    let contents: [Figure.Content] = [
      .headMap(.init(layers: 0, heads: 0, scores: [.init(name: "s", amount: axis, values: [])])),
      .headMap(.init(layers: 2, heads: 2, scores: [])),
      .headMap(
        .init(layers: 1, heads: 1, scores: [.init(name: "s", amount: axis, values: [.nan])], patterns: one)),
      .headMap(
        .init(
          layers: 1, heads: 2, scores: [.init(name: "s", amount: axis, values: [.infinity, 0])],
          patterns: .init(remedy: "Ask."))),
      .tokenTable(.init(rows: [], tokens: [], cells: [])),
      .tokenTable(.init(rows: ["0"], tokens: ["a"], cells: [[]])),
      .tokenTable(.init(rows: ["0"], tokens: ["a"], cells: [[.init("b", .nan)]])),
      .heatmap(.init(rowAxis: axis, columnAxis: axis, rows: [], columns: [], values: [], amount: axis)),
      .heatmap(
        .init(rowAxis: axis, columnAxis: axis, rows: ["a"], columns: ["b"], values: [.nan], amount: axis)),
      .lines(.init(x: Axis("k", isLogarithmic: true), y: axis, series: [])),
      .lines(
        .init(
          x: Axis("k", isLogarithmic: true), y: axis,
          series: [.init(name: "a", x: [5], y: [1], low: [0], high: [2])], bandMeaning: "band")),
      .lines(
        .init(
          x: Axis("k", isLogarithmic: true), y: axis,
          series: [
            .init(name: "a", x: [0, .nan, 1], y: [1, .nan, 2], low: [0, .nan, 1], high: [2, .nan, 3])
          ])),
      .complexPlane(.init(groups: (0..<9).map { .init(name: "\($0)", x: [], y: []) })),
    ]
    let findings = Findings(
      analysis: "a", title: "T", headline: "H",
      figures: contents.enumerated().map { Figure(name: "f\($0)", title: "", caption: "", content: $1) })
    let seen = try Chromium.run(
      """
      seen.states = Array.from(document.querySelectorAll("[data-figure]")).map(function (one) { return one.dataset.state; }).join(" ");
      document.querySelector('[data-controls="f12"] select').value = "3";
      document.querySelector('[data-controls="f12"] select').dispatchEvent(new Event("change")); await settle();
      for (var name of ["f0", "f1", "f2", "f3"]) { await key('[data-figure="' + name + '"]', "ArrowRight"); }
      seen.second = text('#figure-f1 .pattern-title');
      seen.third = text('#figure-f2 .pattern');
      seen.fourth = text('#figure-f3 .pattern');
      """, in: findings)
    #expect(seen["states"] == contents.map { _ in "drawn" }.joined(separator: " "))
    #expect(seen["second"] == "Head 0.0")
    #expect(seen["third"]?.contains("s: not applicable") == true)
    #expect(seen["fourth"]?.contains("no attention pattern of head 0.0. Ask.") == true)
  }

  /// A text without the marks that isolate tokens.
  func plain(_ text: String?) -> String {
    String(
      String.UnicodeScalarView((text ?? "").unicodeScalars.filter { !(0x2066...0x2069).contains($0.value) }))
  }
}
