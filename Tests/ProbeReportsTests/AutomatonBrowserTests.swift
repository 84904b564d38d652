import Foundation
import ProbeFindings
import Testing

@testable import ProbeReports

@Suite(
  "automata in a browser", .serialized,
  .enabled(if: Chromium.found != nil, "no chromium, chromium-browser or google-chrome on PATH"))
struct AutomatonBrowserTests {
  @Test(
    "machines and points draw side by side and stacked, and nothing is wider than the page",
    arguments: [420, 1200], [false, true])
  func draws(width: Int, isDark: Bool) throws {
    let chromium = try #require(Chromium.found)
    let folder = try TemporaryFolder()
    try ReportWriter().write(AutomatonFindings.all, to: folder.path + "/report")
    let page = folder.path + "/report/index.html"
    let visit = try chromium.open(page, width: width, isDark: isDark)
    Chromium.expectDrawn(visit, AutomatonFindings.all)
    if let keep = ProcessInfo.processInfo.environment["RNNPROBE_SCREENSHOTS"] {
      _ = try chromium.open(
        page, width: width, height: width < 700 ? 7600 : 6200, isDark: isDark,
        screenshot: "\(keep)/automaton-\(width)-\(isDark ? "dark" : "light").png")
    }
  }

  /// Functions for scripts: which states' points and nodes are lit in the figure of a name.
  private static let looking = """
    var figure = find('[data-figure="tomita3"]'), svg = figure.querySelector("svg");
    function points() {
      return Array.from(figure.querySelectorAll(".scatterlayer > .trace")).map(function (one) {
        return getComputedStyle(one).opacity === "1" ? "1" : "0"; }).join("");
    }
    function labels() {
      return Array.from(figure.querySelectorAll(".annotation")).filter(function (one) {
        return !one.classList.contains("dim"); }).map(function (one) { return one.textContent; }).join("");
    }
    function nodes(kind) {
      return Array.from(svg.querySelectorAll(".node." + kind)).map(function (one) { return one.dataset.node; }).join("");
    }
    function arrows() {
      return Array.from(svg.querySelectorAll(".edge.near:not(.name)")).map(function (one) {
        return one.dataset.from + one.dataset.to; }).join(" ");
    }
    function all() { return [points(), labels(), nodes("at"), nodes("near"), arrows()].join("|"); }
    function node(state) { return svg.querySelector('.node[data-node="' + state + '"]'); }
    function status() { return figure.querySelector(".automaton-status").textContent; }
    """

  @Test("looking at a state, by pointer or by focus, lights its points and its arrows, and only these")
  func states() throws {
    let seen = try Chromium.run(
      Self.looking + """
        seen.start = all();
        node(2).dispatchEvent(new PointerEvent("pointerenter")); await settle();
        seen.hover = all(), seen.status = status();
        node(2).dispatchEvent(new PointerEvent("pointerleave")); await settle();
        seen.left = all(), seen.hint = status();
        node(4).focus(); await settle();
        seen.focus = all();
        node(4).blur(); await settle();
        seen.blur = all();
        """, in: AutomatonFindings.one)
    // Six groups of points: those of no state come first.
    #expect(
      seen["start"] == "111111|01234|||" && seen["left"] == seen["start"] && seen["blur"] == seen["start"])
    #expect(seen["hover"] == "000100|2|2|234|23 24")
    #expect(seen["status"] == "state 2: 100 points (16.7 %) · visited 114 times")
    #expect(seen["hint"]?.hasPrefix("Hover over a state") == true)
    #expect(seen["focus"] == "000001|4|4|4|44")
  }

  @Test("looking at an arrow lights the points of both its ends; of a loop, of its state")
  func arrows() throws {
    let seen = try Chromium.run(
      Self.looking + """
        function arrow(from, to) { return svg.querySelector('.edge[data-from="' + from + '"][data-to="' + to + '"]'); }
        arrow(2, 3).dispatchEvent(new PointerEvent("pointerenter")); await settle();
        seen.there = all(), seen.status = status();
        arrow(2, 3).dispatchEvent(new PointerEvent("pointerleave"));
        arrow(3, 3).dispatchEvent(new PointerEvent("pointerenter")); await settle();
        seen.loop = all();
        // The arrow's broad invisible line takes the pointer, as a thin one is hard to meet.
        var box = arrow(1, 2).querySelector(".hit").getBoundingClientRect();
        var met = document.elementFromPoint(box.left + box.width * 0.25, box.top + box.height / 2 + 4);
        seen.met = met.closest(".edge").dataset.from + met.closest(".edge").dataset.to + met.getAttribute("class");
        """, in: AutomatonFindings.one)
    #expect(seen["there"] == "000110|23|23|23|23")
    #expect(
      seen["status"]
        == "state 2: 100 points (16.7 %) · visited 114 times → state 3: 100 points (16.7 %) · visited 121 times"
    )
    #expect(seen["loop"] == "000010|3|3|3|33")
    #expect(seen["met"] == "12hit")
  }

  @Test("looking at a point, by pointer or by arrow keys, lights its state in the machine")
  func points() throws {
    let seen = try Chromium.run(
      Self.looking + """
        figure.scrollIntoView(); await settle();
        var area = figure.querySelector(".nsewdrag"), trace = figure.querySelectorAll(".scatterlayer > .trace")[2];
        var box = trace.querySelectorAll(".point")[0].getBoundingClientRect();
        function at(x, y) {
          area.dispatchEvent(new MouseEvent("mousemove", { bubbles: true, cancelable: true, view: window, clientX: x, clientY: y }));
          return settle(300);
        }
        await at(box.left + box.width / 2, box.top + box.height / 2);
        seen.hover = all();
        seen.text = Array.from(figure.querySelectorAll(".hovertext tspan.line, .hovertext text")).map(function (one) {
          return one.textContent; })[0];
        area.dispatchEvent(new MouseEvent("mouseout", { bubbles: true, view: window })); await settle(300);
        seen.left = all();
        var panel = figure.querySelector(".states");
        panel.focus();
        await key(".states", "ArrowRight");
        seen.first = all() + status();
        await key(".states", "ArrowRight"); await key(".states", "ArrowRight");
        seen.third = all();
        await key(".states", "ArrowLeft"); await key(".states", "ArrowLeft"); await key(".states", "ArrowLeft");
        seen.last = nodes("at");
        await key(".states", "Escape");
        seen.escape = all();
        await key(".states", "ArrowDown");
        panel.blur(); await settle();
        seen.blur = all();
        """, in: AutomatonFindings.one)
    #expect(seen["hover"] == "001000|1|1|012|12 10")
    #expect(seen["text"]?.hasPrefix("state 1") == true)
    #expect(
      seen["left"] == "111111|01234|||" && seen["escape"] == seen["left"] && seen["blur"] == seen["left"])
    #expect(seen["first"] == "100000||||no state: 100 points (16.7 %)")
    #expect(seen["third"] == "001000|1|1|012|12 10")
    #expect(seen["last"] == "4")
  }

  @Test("a state's colour is the same in both panels, on light and on dark paper", arguments: [false, true])
  func colors(isDark: Bool) throws {
    let seen = try Chromium.run(
      """
      ["tomita3", "random"].forEach(function (name) {
        var figure = find('[data-figure="' + name + '"]'), wrong = 0, labels = [];
        var states = Array.from(figure.querySelectorAll(".node"));
        var traces = Array.from(figure.querySelectorAll(".scatterlayer > .trace")).slice(1);
        states.forEach(function (one, state) {
          var swatch = getComputedStyle(one.querySelector(".swatch")).fill;
          var point = getComputedStyle(traces[state].querySelector(".point")).fill;
          labels.push(swatch);
          if (swatch !== point) { wrong += 1; }
        });
        seen[name] = states.length + " " + traces.length + " " + wrong + " " + new Set(labels).size;
        seen[name + "First"] = labels[0];
      });
      """, in: AutomatonFindings.all, isDark: isDark)
    #expect(seen["tomita3"] == "5 5 0 5")
    let count = AutomatonFindings.random(20, symbols: 2, seed: 5).nodes.count
    #expect(count > 8 && seen["random"] == "\(count) \(count) 0 \(count)")
    #expect(seen["tomita3First"] == (isDark ? "rgb(74, 163, 223)" : "rgb(0, 114, 178)"))
  }

  @Test(
    "on a wide page the points stand beside the machine, on a narrow one below it",
    arguments: [420, 690, 1200])
  func places(width: Int) throws {
    let seen = try Chromium.run(
      """
      ["tomita3", "modular", "single"].forEach(function (name) {
        var figure = find('[data-figure="' + name + '"]');
        var one = figure.querySelector("svg").getBoundingClientRect();
        var other = figure.querySelector(".states").getBoundingClientRect();
        seen[name] = one.right <= other.left ? "beside" : one.bottom <= other.top ? "below" : "over";
      });
      seen.overflow = String(root.scrollWidth - root.clientWidth);
      """, in: AutomatonFindings.all, width: width)
    for name in ["tomita3", "modular", "single"] { #expect(seen[name] == (width < 700 ? "below" : "beside")) }
    #expect(seen["overflow"] == "0")
  }

  @Test("machine and points are saved as SVG, each whole; the machine's file is in the folder, too")
  func saving() throws {
    let seen = try Chromium.run(
      """
      var blobs = [], names = [];
      URL.createObjectURL = function (blob) { blobs.push(blob); return "blob:none"; };
      HTMLAnchorElement.prototype.click = function () { names.push(this.download); };
      for (var one of Array.from(document.querySelectorAll(".controls button"))) { one.click(); await settle(400); }
      var texts = await Promise.all(blobs.map(function (one) { return one.text(); }));
      seen.kinds = texts.map(function (one) {
        var parsed = new DOMParser().parseFromString(one, "image/svg+xml");
        return parsed.querySelector("parsererror") ? "broken" : parsed.documentElement.nodeName + parsed.querySelectorAll(".node").length;
      }).join(" ");
      seen.names = names.join(" ");
      """, in: AutomatonFindings.one)
    #expect(seen["kinds"] == "svg5 svg0")
    #expect(seen["names"] == "tomita3.svg tomita3-states.svg")
    let folder = try TemporaryFolder()
    try ReportWriter().write(AutomatonFindings.one, to: folder.path + "/report")
    let file = try folder.text("report/tomita3.svg")
    #expect(file.hasPrefix("<svg xmlns=") && file.contains("class=\"swatch\""))
  }

  @Test("symbols that are markup stay text, in the drawing and under the pointer")
  func hostile() throws {
    let seen = try Chromium.run(
      """
      var figure = find('[data-figure="hostile"]');
      seen.elements = Array.from(new Set(Array.from(figure.querySelectorAll(".machine *")).map(function (one) {
        return one.nodeName; }))).sort().join(" ");
      seen.titles = figure.querySelector('.edge[data-from="0"][data-to="0"] title').textContent;
      seen.long = figure.querySelector('.edge[data-from="3"][data-to="3"] title').textContent;
      """, in: AutomatonFindings.all)
    #expect(seen["elements"] == "ellipse g path polygon rect svg text title")
    #expect(seen["titles"] == "0 → 0: <b>, \"a–f\"")
    #expect(seen["long"] == "3 → 3: ε, ␣, \"\\n\", \"\\\"\", <b>, \"a–f\", </svg>, \",\", \"ε\"")
  }
}
