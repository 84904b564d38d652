import Mustache
import ProbeFindings

/// The page that leads to several analyses.
struct IndexPage {
  let title: String
  let all: [Findings]
  let skipped: [String]
  /// Every file under the folder, which tells a later run that they are its own.
  let files: [String]

  /// What the template is rendered with; the names are the template's.
  private struct Context {
    let title: String
    let style: String
    let files: String
    let reports: [Entry]
    let hasSkipped: Bool
    let skipped: [String]
  }

  private struct Entry {
    let analysis: String
    let title: String
    let headline: String
    let warnings: String?
  }

  /// The page's HTML.
  func html() throws(ReportError) -> String {
    let entries = all.map { findings in
      let count = findings.warnings.count
      return Entry(
        analysis: findings.analysis, title: findings.title, headline: findings.headline,
        warnings: count == 0 ? nil : count == 1 ? "One warning." : "\(count) warnings.")
    }
    return try PageAssets.indexTemplate().render(
      Context(
        title: title, style: PageAssets.style, files: files.joined(separator: " "), reports: entries,
        hasSkipped: !skipped.isEmpty, skipped: skipped))
  }
}
