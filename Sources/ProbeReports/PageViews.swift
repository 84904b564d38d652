import ProbeFindings

/// What the template of an analysis's page is rendered with; the names are the template's.
struct ReportContext {
  let nonce: String
  let files: String
  let style: String
  /// The styles of a graph that is saved as a file, where the page has one.
  let fileStyle: String?
  let script: String
  let home: Bool
  let analysis: String
  let title: String
  let headline: String
  let hasNumbers: Bool
  let numbers: [NumberView]
  let hasWarnings: Bool
  let warnings: [String]
  let figures: [FigureView]
  let tables: [TableView]
  let command: String?
  let hasFacts: Bool
  let facts: [Fact]
  let hasOptions: Bool
  let options: [OptionView]
  let attachments: [String]
  let plotlyText: String?
  let plotlyLink: String?
}

/// A line of provenance.
struct Fact {
  let label: String
  let value: String
}

/// A headline number as the template wants it.
struct NumberView {
  let label: String
  let value: String
  let unit: String?

  init(_ number: HeadlineNumber) {
    label = number.meaning.isEmpty ? number.key : number.meaning
    unit = number.unit.nilIfEmpty
    value =
      switch number.value {
      case .integer(let integer): NumberText.grouped(integer)
      case .real(let real): NumberText.significant(real, digits: 3)
      case .boolean(let boolean): boolean ? "yes" : "no"
      case .string(let text): text
      }
  }
}

/// An option as the template wants it.
struct OptionView {
  let name: String
  let value: String
  let meaning: String

  init(_ option: UsedOption) {
    name = option.name
    value = option.value.text
    meaning = option.meaning
  }
}

/// A figure as the template wants it.
struct FigureView {
  let name: String
  let title: String
  let caption: String
  let note: String
  let kind: String
  let json: String
  /// The drawing of a graph.
  let graph: String?
  /// The drawing of an automaton, beside which its points stand.
  let machine: String?
  /// The width at which the machine's texts have their natural size, in pixels.
  let machineWidth: Int
  /// Whether nothing is drawn beforehand.
  let isPlain: Bool
  let role: String

  init(_ figure: Figure) {
    name = figure.name
    title = figure.title
    caption = figure.caption
    note = FigurePayload.note(of: figure.content)
    kind = FigurePayload.kind(of: figure.content)
    role = FigurePayload.isInteractive(figure.content) ? "group" : "img"
    json = FigurePayload.json(of: figure.content).text(forScript: true)
    switch figure.content {
    case .graph(let plot):
      (graph, machine, machineWidth) = (GraphPicture(plot, title: figure.title).svg, nil, 0)
    case .automaton(let plot):
      let picture = GraphPicture(plot, title: figure.title)
      (graph, machine, machineWidth) = (nil, picture.svg, Int(picture.width.rounded(.up)))
    default:
      (graph, machine, machineWidth) = (nil, nil, 0)
    }
    isPlain = graph == nil && machine == nil
  }
}

extension String {
  /// The text, or `nil` where it is empty: a template's section is skipped for `nil` alone.
  var nilIfEmpty: String? { isEmpty ? nil : self }
}
