import Foundation
import ProbeFindings
import Testing

@testable import ProbeReports

@Suite("report folders")
struct FolderTests {
  private let findings = DemoFindings.all()

  @Test("a report has its page, tables, summary and pictures, and the same bytes each time")
  func contents() throws {
    let folder = try TemporaryFolder()
    try ReportWriter().write(findings, to: folder.path + "/new/report/")
    #expect(
      try folder.names("new/report") == [
        "automaton.dot", "automaton.svg",
        "fixed_point_states.csv", "fixed_points.csv", "index.html", "summary.json", "transitions.dot",
        "transitions.svg",
      ])
    #expect(try folder.text("new/report/fixed_points.csv") == findings.tables[0].csv)
    #expect(try folder.text("new/report/summary.json") == findings.summary.prettyText)
    let first = try folder.text("new/report/index.html")
    try ReportWriter().write(findings, to: folder.path + "/new/report")
    #expect(try folder.text("new/report/index.html") == first)
    #expect(try folder.names("new") == ["report"])
  }

  @Test("an earlier report is replaced, its own files that are no longer written are gone")
  func replaces() throws {
    let folder = try TemporaryFolder()
    try ReportWriter().write(findings, to: folder.path + "/report")
    var smaller = findings
    smaller.tables.removeLast()
    try ReportWriter().write(smaller, to: folder.path + "/report")
    #expect(try !folder.names("report").contains("fixed_point_states.csv"))
  }

  @Test("a folder that holds anything else is left as it was, and the error names what is in it")
  func foreign() throws {
    let folder = try TemporaryFolder()
    try ReportWriter().write(findings, to: folder.path + "/report")
    let before = try folder.text("report/index.html")
    try "mine".write(toFile: folder.path + "/report/notes.csv", atomically: true, encoding: .utf8)
    var other = findings
    other.title = "Another"
    let path = folder.path + "/report"
    #expect(throws: ReportError.foreignFiles(folder: path, files: ["notes.csv"])) {
      try ReportWriter().write(other, to: path)
    }
    #expect(try folder.text("report/notes.csv") == "mine")
    #expect(try folder.text("report/index.html") == before)
    #expect(try folder.names("") == ["report"])
    #expect(
      ReportError.foreignFiles(folder: "r", files: ["notes.csv"]).description
        == "cannot replace r: it holds files that are not part of a report (notes.csv); "
        + "give a folder that is empty, new, or an earlier report")
  }

  @Test("a folder without a report is refused even if its names look like one; an empty one is taken")
  func unlisted() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.path + "/data", withIntermediateDirectories: true)
    try "<html>".write(toFile: folder.path + "/data/index.html", atomically: true, encoding: .utf8)
    #expect(throws: ReportError.foreignFiles(folder: folder.path + "/data", files: ["index.html"])) {
      try ReportWriter().write(findings, to: folder.path + "/data")
    }
    try FileManager.default.createDirectory(atPath: folder.path + "/empty", withIntermediateDirectories: true)
    try ReportWriter().write(findings, to: folder.path + "/empty")
    #expect(try folder.names("empty").contains("index.html"))
  }

  @Test("a place that is a file, and two parts of one name, are errors that say so")
  func faults() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/report"
    try "x".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(
      throws: ReportError.system(
        action: "write the report folder", path: path, reason: "a file of that name is there")
    ) {
      try ReportWriter().write(findings, to: path)
    }
    var twice = findings
    twice.tables.append(twice.tables[0])
    #expect(throws: ReportError.duplicateName(name: "fixed_points.csv")) {
      try ReportWriter().write(twice, to: folder.path + "/other")
    }
    #expect(try folder.names("") == ["report"])
  }

  @Test("linked assets stand once beside the report, and the page is small")
  func linked() throws {
    let folder = try TemporaryFolder()
    try ReportWriter(assets: .linked).write(findings, to: folder.path + "/reports/one")
    try ReportWriter(assets: .linked).write(findings, to: folder.path + "/reports/two")
    #expect(try folder.names("reports") == ["one", PageAssets.plotlyFileName, "two"])
    let page = try folder.text("reports/one/index.html")
    #expect(page.contains("src=\"../\(PageAssets.plotlyFileName)\""))
    #expect(page.utf8.count < 1_000_000)
    #expect(try folder.text("reports/\(PageAssets.plotlyFileName)") == PageAssets.plotly)
  }

  @Test("several analyses stand in folders under a page that leads to them, and are replaced together")
  func several() throws {
    let folder = try TemporaryFolder()
    var other = findings
    other.analysis = "spectra"
    other.headline = "A second <answer>."
    let writer = ReportWriter(assets: .linked)
    try writer.write(
      [findings, other], skipped: ["heads: there is no attention"], title: "All", to: folder.path + "/all")
    let page = try folder.text("all/index.html")
    #expect(page.contains("href=\"spectra/index.html\"") && page.contains("A second &lt;answer&gt;."))
    #expect(page.contains("heads: there is no attention"))
    #expect(try folder.text("all/spectra/index.html").contains("src=\"../\(PageAssets.plotlyFileName)\""))
    if let keep = ProcessInfo.processInfo.environment["RNNPROBE_SCREENSHOTS"] {
      try writer.write([findings, other], title: "All", to: keep + "/all")
    }
    try writer.write([other], title: "All", to: folder.path + "/all")
    #expect(try folder.names("all") == ["index.html", PageAssets.plotlyFileName, "spectra"])
    try "mine".write(toFile: folder.path + "/all/spectra/mine.txt", atomically: true, encoding: .utf8)
    #expect(throws: ReportError.foreignFiles(folder: folder.path + "/all", files: ["spectra/mine.txt"])) {
      try writer.write([findings], title: "All", to: folder.path + "/all")
    }
  }
}
