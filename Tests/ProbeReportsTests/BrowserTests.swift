import Foundation
import ProbeFindings
import Testing

@testable import ProbeReports

/// Opens pages in a headless Chromium.
///
/// Set `RNNPROBE_SCREENSHOTS` to a folder to keep the pages, and pictures of them.
@Suite(
  "the page in a browser", .serialized,
  .enabled(if: Chromium.found != nil, "no chromium, chromium-browser or google-chrome on PATH"))
struct BrowserTests {
  @Test("every figure draws, nothing is fetched, no error is logged", arguments: [400, 1600], [false, true])
  func draws(width: Int, isDark: Bool) throws {
    let chromium = try #require(Chromium.found)
    let folder = try TemporaryFolder()
    let findings = DemoFindings.all()
    try ReportWriter().write(findings, to: folder.path + "/report")
    let page = folder.path + "/report/index.html"
    let visit = try chromium.open(page, width: width, isDark: isDark)
    Chromium.expectDrawn(visit, findings)
    if let keep = ProcessInfo.processInfo.environment["RNNPROBE_SCREENSHOTS"] {
      let name = "\(keep)/page-\(width)-\(isDark ? "dark" : "light").png"
      try ReportWriter().write(findings, to: keep + "/demo")
      _ = try chromium.open(
        page, width: width, height: width == 400 ? 7600 : 7200, isDark: isDark, screenshot: name)
    }
  }

  @Test("a page with linked assets draws, and asks the network for nothing")
  func linked() throws {
    let chromium = try #require(Chromium.found)
    let folder = try TemporaryFolder()
    let findings = DemoFindings.all()
    try ReportWriter(assets: .linked).write(findings, to: folder.path + "/report")
    let visit = try chromium.open(folder.path + "/report/index.html", width: 1000)
    Chromium.expectDrawn(visit, findings)
  }

  @Test("without WebGL the trajectories are drawn as a projection, and the page says so")
  func withoutWebGL() throws {
    let chromium = try #require(Chromium.found)
    let folder = try TemporaryFolder()
    let findings = DemoFindings.all()
    try ReportWriter().write(findings, to: folder.path + "/report")
    let page = folder.path + "/report/index.html"
    let flags = ["--disable-gpu", "--disable-3d-apis"]
    let visit = try chromium.open(page, width: 1000, more: flags)
    Chromium.expectDrawn(visit, findings)
    #expect(visit.dom.contains("This browser has no WebGL"))
    if let keep = ProcessInfo.processInfo.environment["RNNPROBE_SCREENSHOTS"] {
      _ = try chromium.open(page, width: 1000, height: 1600, screenshot: "\(keep)/page-flat.png", more: flags)
    }
  }

  @Test("names that are HTML, script, Mustache or Plotly markup stay text")
  func hostile() throws {
    let chromium = try #require(Chromium.found)
    let folder = try TemporaryFolder()
    let findings = HostileFindings.all
    try ReportWriter().write(findings, to: folder.path + "/report")
    let visit = try chromium.open(folder.path + "/report/index.html", width: 1000)
    Chromium.expectDrawn(visit, findings)
    if let keep = ProcessInfo.processInfo.environment["RNNPROBE_SCREENSHOTS"] {
      let page = folder.path + "/report/index.html"
      _ = try chromium.open(page, width: 1000, height: 6000, screenshot: "\(keep)/page-hostile.png")
      try ReportWriter().write(findings, to: keep + "/hostile")
    }
    #expect(!visit.dom.contains("<img"))
    #expect(!visit.dom.contains("data-owned"))
  }

  @Test(
    "a table sorts by a column up, down and back, missing values and NaN last, and says so to screen readers")
  func sorting() throws {
    let chromium = try #require(Chromium.found)
    let folder = try TemporaryFolder()
    let table = Table(
      name: "t", title: "T",
      columns: [
        .real("x", [2, .nan, 10, nil, -.infinity, 2.5]), .string("s", ["b", "a", "d", "c", "f", "e"]),
      ])
    let findings = Findings(analysis: "a", title: "", headline: "", tables: [table])
    try ReportWriter().write(findings, to: folder.path + "/report")
    let page = try folder.text("report/index.html")
    let nonce = try #require(page.split(separator: "'nonce-").last?.prefix { $0 != "'" })
    let script = """
      <script nonce="\(nonce)">
      var table = document.querySelector("table.sortable"), heading = table.tHead.rows[0].cells[0], seen = [];
      for (var press = 0; press < 3; press++) {
        heading.querySelector("button").click();
        seen.push(heading.getAttribute("aria-sort") + ":"
          + Array.from(table.tBodies[0].rows).map(function (row) { return row.cells[1].textContent; }).join(""));
      }
      document.documentElement.dataset.seen = seen.join(" ");
      </script></body>
      """
    try page.replacing("</body>", with: script).write(
      toFile: folder.path + "/sort.html", atomically: true, encoding: .utf8)
    let visit = try chromium.open(folder.path + "/sort.html", width: 600)
    #expect(visit.dom.contains("data-seen=\"ascending:fbedac descending:debfac none:badcfe\""))
  }

  @Test("the checks of this suite can fail: a page that fetches and throws is caught")
  func control() throws {
    let chromium = try #require(Chromium.found)
    let folder = try TemporaryFolder()
    let page = folder.path + "/bad.html"
    try "<img src='http://example.invalid/x.png'><script>undefinedFunction()</script>".write(
      toFile: page, atomically: true, encoding: .utf8)
    let visit = try chromium.open(page, width: 400)
    #expect(Set(visit.requests) == ["http://example.invalid/x.png"])
    #expect(!Chromium.consoleMessages(visit.log).isEmpty)
  }
}
