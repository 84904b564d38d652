public import ProbeFindings

/// Writes findings as folders: a page to look at, tables and a summary to work with.
public struct ReportWriter: Sendable {
  /// Where the plotting library goes.
  public enum Assets: String, Sendable, CaseIterable {
    /// Into every page, which is then one file that opens anywhere.
    case inlined
    /// Once beside the report's folder, from which pages link it.
    case linked
  }

  /// Where the plotting library goes.
  public var assets: Assets
  /// The most rows of a table that the page shows; the CSV file has all.
  public var rowLimit: Int

  /// A writer of reports.
  ///
  /// - Precondition: `rowLimit` is not negative.
  public init(assets: Assets = .inlined, rowLimit: Int = 200) {
    precondition(rowLimit >= 0, "a page cannot show \(rowLimit) rows")
    self.assets = assets
    self.rowLimit = rowLimit
  }

  /// Writes one report: `index.html`, `<table>.csv`, `summary.json`, and `<figure>.svg` and `.dot` of graphs.
  ///
  /// The folder appears when all is written; an earlier report there is replaced, anything else is refused.
  ///
  /// - Throws: ``ReportError``.
  public func write(_ findings: Findings, to folder: String) throws(ReportError) {
    let folder = ReportFolder(path: folder)
    let files = try files(of: findings, hasIndex: false)
    if assets == .linked { try writePlotly(to: FileSystem.parent(of: folder.path)) }
    try folder.write(files)
  }

  /// Writes several reports, each in a folder of its analysis's name, and a page that leads to them.
  ///
  /// - Parameters:
  ///   - all: the findings, in the order of the page.
  ///   - skipped: analyses that do not apply, each with its reason, one sentence.
  ///   - title: the page's title.
  ///   - folder: the folder that holds them.
  /// - Throws: ``ReportError``.
  public func write(
    _ all: [Findings], skipped: [String] = [], title: String, to folder: String
  ) throws(ReportError) {
    var files: [(path: String, text: String)] = []
    for findings in all {
      for file in try self.files(of: findings, hasIndex: true) {
        files.append((path: "\(findings.analysis)/\(file.path)", text: file.text))
      }
    }
    if assets == .linked { files.append((path: PageAssets.plotlyFileName, text: PageAssets.plotly)) }
    let names = ["index.html"] + files.map(\.path)
    let page = try IndexPage(title: title, all: all, skipped: skipped, files: names).html()
    files.insert((path: "index.html", text: page), at: 0)
    try ReportFolder(path: folder).write(files)
  }

  /// The files of one report, by their paths in its folder.
  private func files(
    of findings: Findings, hasIndex: Bool
  ) throws(ReportError) -> [(path: String, text: String)] {
    var files = findings.tables.map { (path: "\($0.name).csv", text: $0.csv) }
    files.append((path: "summary.json", text: findings.summary.prettyText))
    files += findings.attachments.map { (path: $0.fileName, text: $0.text) }
    let attached = Set(findings.attachments.map(\.fileName))
    for figure in findings.figures {
      let pictures: [(path: String, text: String)]
      switch figure.content {
      case .graph(let plot):
        pictures = [
          (path: "\(figure.name).svg", text: GraphPicture(plot, title: figure.title).file),
          (path: "\(figure.name).dot", text: plot.dot(name: figure.name)),
        ]
      case .automaton(let plot):
        // An automaton's analysis writes the language's own DOT.
        pictures = [(path: "\(figure.name).svg", text: GraphPicture(plot, title: figure.title).file)]
      default: continue
      }
      // An analysis that brings its own picture knows better.
      files += pictures.filter { !attached.contains($0.path) }
    }
    let page = ReportPage(
      findings: findings, plotly: assets == .linked ? .linked("../\(PageAssets.plotlyFileName)") : .inlined,
      rowLimit: rowLimit, files: ["index.html"] + files.map(\.path), hasIndex: hasIndex)
    files.insert((path: "index.html", text: try page.html()), at: 0)
    return files
  }

  /// Writes plotly.js beside a folder of reports, unless it is there.
  private func writePlotly(to folder: String) throws(ReportError) {
    try FileSystem.makeFolder(folder)
    let path = "\(folder)/\(PageAssets.plotlyFileName)"
    let size = PageAssets.plotly.utf8.count
    if FileSystem.beginning(of: path, count: size + 1) == PageAssets.plotly { return }
    try FileSystem.write(PageAssets.plotly, to: path + ".partial")
    try FileSystem.rename(path + ".partial", to: path)
  }
}
