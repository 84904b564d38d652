import Foundation
import ProbeFindings
import Testing

@testable import ProbeReports

extension Chromium {
  /// Runs a script in a page when its figures are drawn.
  ///
  /// The script is of statements that may `await`, fill the object `seen` with strings, and call `key`, `move`, `press` and
  /// `settle`; what `seen` holds is returned.
  static func run(
    _ script: String, in findings: Findings, hash: String = "", screenshot: String? = nil,
    isDark: Bool = false, width: Int = 1000
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
        folder.path + "/page.html" + hash, width: width == 1000 ? 1200 : width, height: 2000, isDark: isDark,
        screenshot: "\(keep)/\(screenshot).png")
    }
    let visit = try chromium.open(
      folder.path + "/page.html" + hash, width: width, isDark: isDark, until: "seen")
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
}
