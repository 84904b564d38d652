import Mustache
import ProbeFindings

/// The page of one analysis: the answer, the figures, the tables, how it was made; one HTML file.
struct ReportPage {
  /// How the page finds plotly.js.
  enum Plotly: Equatable {
    /// Within the page.
    case inlined
    /// By a relative link.
    case linked(String)
  }

  let findings: Findings
  let plotly: Plotly
  /// The most rows of a table that the page shows.
  let rowLimit: Int
  /// The files of the folder, which tell a later run that they are its own.
  let files: [String]
  /// Whether the page above leads to several analyses.
  let hasIndex: Bool

  /// The page's HTML.
  func html() throws(ReportError) -> String {
    let template = try PageAssets.reportTemplate()
    let figures = findings.figures.map(FigureView.init)
    let tables = findings.tables.map { TableView($0, rowLimit: rowLimit) }
    let isDrawn = findings.figures.contains { FigurePayload.usesPlotly($0.content) }
    var linked: String?
    if case .linked(let path) = plotly { linked = path }
    let context = ReportContext(
      nonce: nonce, files: files.joined(separator: " "), style: PageAssets.style,
      fileStyle: figures.contains { !$0.isPlain } ? GraphStyle.file : nil, script: PageAssets.script,
      home: hasIndex, analysis: findings.analysis, title: findings.title, headline: findings.headline,
      hasNumbers: !findings.numbers.isEmpty, numbers: findings.numbers.map(NumberView.init),
      hasWarnings: !findings.warnings.isEmpty, warnings: findings.warnings, figures: figures, tables: tables,
      command: findings.command.nilIfEmpty, hasFacts: !facts.isEmpty, facts: facts,
      hasOptions: !findings.options.isEmpty, options: findings.options.map(OptionView.init),
      attachments: pictures,
      plotlyText: isDrawn && linked == nil ? PageAssets.plotly : nil, plotlyLink: isDrawn ? linked : nil)
    return template.render(context)
  }

  /// The files that are neither tables nor the page's own.
  private var pictures: [String] { files.filter { $0.hasSuffix(".svg") || $0.hasSuffix(".dot") } }

  /// A word that the page's own scripts carry, and no script that slipped in through a name could know.
  ///
  /// FNV-1a (64 bits) of the findings: the same findings give the same bytes.
  private var nonce: String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in (findings.summary.text() + findings.title + findings.command).utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    return "n" + String(hash, radix: 36)
  }

  private var facts: [Fact] {
    var facts: [Fact] = []
    func add(_ label: String, _ value: String) {
      if !value.isEmpty { facts.append(Fact(label: label, value: value)) }
    }
    func describe(_ model: ModelIdentity) -> String {
      let hash = model.sha256.isEmpty ? "" : "; sha256 \(model.sha256)"
      return "\(model.name) (\(model.family)), from \(model.source)\(hash)"
    }
    if let model = findings.model { add("model", describe(model)) }
    for capture in findings.captures {
      add("capture", capture.path + (capture.sha256.isEmpty ? "" : "; sha256 \(capture.sha256)"))
      if let model = capture.model { add("its model", describe(model)) }
    }
    add("seeds", findings.seeds.map { "\($0.name) \($0.value)" }.joined(separator: ", "))
    add("versions", findings.versions.map { "\($0.name) \($0.version)" }.joined(separator: ", "))
    if findings.wallSeconds > 0 {
      add("time taken", "\(NumberText.significant(findings.wallSeconds, digits: 3)) s")
    }
    return facts
  }
}
