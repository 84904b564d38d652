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
}
