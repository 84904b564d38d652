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

  /// Runs a script in a page when its figures are drawn.
  ///
  /// - Parameter script: statements that may `await`, fill the object `seen` with strings, and call `key`, `move`, `press`
  ///   and `settle`.
  /// - Returns: what `seen` holds.
  private func run(
    _ script: String, in findings: Findings, hash: String = "", screenshot: String? = nil,
    isDark: Bool = false
  ) throws -> [String: String] {
    let chromium = try #require(Chromium.found)
    let folder = try TemporaryFolder()
    try ReportWriter().write(findings, to: folder.path + "/report")
    let page = try folder.text("report/index.html")
    let nonce = try #require(page.split(separator: "'nonce-").last?.prefix { $0 != "'" })
    let whole = """
      <script nonce="\(nonce)">
      (async function () {
        var seen = {}, root = document.documentElement;
        function settle(time) { return new Promise(function (done) { setTimeout(done, time || 120); }); }
        function find(what) { return document.querySelector(what); }
        function text(what) { var one = find(what); return one ? one.textContent : "none"; }
        function key(what, name) {
          find(what).dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
          return settle();
        }
        function move(what, kind) {
          var one = typeof what === "string" ? find(what) : what, box = one.getBoundingClientRect();
          one.dispatchEvent(new PointerEvent(kind || "pointermove", { bubbles: true, clientX: box.left + 3, clientY: box.top + 3 }));
        }
        function press(label) {
          Array.from(document.querySelectorAll("button")).find(function (one) { return one.textContent === label; }).click();
          return settle();
        }
        try {
          while (root.dataset.state !== "drawn") { await settle(30); }
          \(script)
        } catch (fault) { seen.fault = String(fault); }
        root.dataset.seen = JSON.stringify(seen);
      })();
      </script></body>
      """
    try page.replacing("</body>", with: whole).write(
      toFile: folder.path + "/page.html", atomically: true, encoding: .utf8)
    if let screenshot, let keep = ProcessInfo.processInfo.environment["RNNPROBE_SCREENSHOTS"] {
      _ = try chromium.open(
        folder.path + "/page.html" + hash, width: 1200, height: 2000, isDark: isDark,
        screenshot: "\(keep)/\(screenshot).png")
    }
    let visit = try chromium.open(
      folder.path + "/page.html" + hash, width: 1000, isDark: isDark, until: "seen")
    #expect(Chromium.consoleMessages(visit.log) == [])
    #expect(!visit.dom.contains("data-faults"))
    let attribute = try #require(visit.dom.components(separatedBy: "data-seen=\"").dropFirst().first)
    // By code units: to Swift a mark that combines makes another character of the `;` before it.
    var json = String(attribute.unicodeScalars.prefix { $0 != "\"" })
    for (name, text) in [("quot", "\""), ("lt", "<"), ("gt", ">"), ("nbsp", "\u{A0}"), ("amp", "&")] {
      json = json.replacingOccurrences(of: "&\(name);", with: text, options: .literal)
    }
    let seen = try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
    #expect(seen["fault"] == nil)
    return seen
  }

  /// A text without the marks that isolate tokens.
  private func plain(_ text: String?) -> String {
    String(
      String.UnicodeScalarView((text ?? "").unicodeScalars.filter { !(0x2066...0x2069).contains($0.value) }))
  }

  @Test(
    "the highest head with a pattern is open at first; arrows and clicks open others; what is missing is said"
  )
  func choosing() throws {
    let seen = try run(
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
    let seen = try run(
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

  @Test(
    "a token shows what it attends to, by pointer and keyboard; one that is held lets others tell their weights"
  )
  func tokens() throws {
    let findings = HeadFindings.all()
    let weights = HeadFindings.pattern(64, sink: 0.4, previous: 0, period: 32, copy: 2)
    let seen = try run(
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

  @Test("the page's address leads to a head, a prompt and a token, and a wrong one does no harm")
  func permalinks() throws {
    let seen = try run(
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
    let seen = try run(
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
    let seen = try run(
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

  @Test("the columns that say what a row is stay in sight where they leave room", arguments: [1000, 150])
  func sticky(width: Int) throws {
    let seen = try run(
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
    let seen = try run(
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
    let seen = try run(
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
}
