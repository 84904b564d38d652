/// What an analysis returns: an answer in words, with its numbers, figures, tables and provenance.
///
/// HTML, CSV and JSON are three renderings of this one value; it knows nothing of how any of them looks.
public struct Findings: Sendable, Equatable {
  /// The analysis's name as it is typed: `fixed-points`.
  public var analysis: String
  /// The page's title: "Fixed points of flipflop-gru".
  public var title: String
  /// The answer, in one sentence.
  public var headline: String
  /// The numbers that the headline stands on, in the order in which the page lists them.
  public var numbers: [HeadlineNumber]
  /// What the reader must know before believing the headline; each one sentence or two.
  public var warnings: [String]
  /// The figures, in order.
  public var figures: [Figure]
  /// The tables, in order.
  public var tables: [Table]
  /// Further files, such as an automaton's `.dot`.
  public var attachments: [Attachment]
  /// Every option and threshold in force.
  public var options: [UsedOption]
  /// Every seed.
  public var seeds: [UsedSeed]
  /// The versions of what took part.
  public var versions: [UsedVersion]
  /// The model, where there is one model.
  public var model: ModelIdentity?
  /// The captures that were read.
  public var captures: [CaptureIdentity]
  /// The command as typed.
  public var command: String
  /// The time taken, in seconds of wall clock.
  public var wallSeconds: Double

  /// Findings, at first with nothing but an answer.
  ///
  /// - Precondition: `analysis` is made of letters, digits, `_` and `-`: it becomes a folder's name.
  public init(
    analysis: String, title: String, headline: String, numbers: [HeadlineNumber] = [],
    warnings: [String] = [],
    figures: [Figure] = [], tables: [Table] = [], attachments: [Attachment] = [], options: [UsedOption] = [],
    seeds: [UsedSeed] = [], versions: [UsedVersion] = [], model: ModelIdentity? = nil,
    captures: [CaptureIdentity] = [], command: String = "", wallSeconds: Double = 0
  ) {
    precondition(isFileStem(analysis), "'\(analysis)' cannot be an analysis's name")
    self.analysis = analysis
    self.title = title
    self.headline = headline
    self.numbers = numbers
    self.warnings = warnings
    self.figures = figures
    self.tables = tables
    self.attachments = attachments
    self.options = options
    self.seeds = seeds
    self.versions = versions
    self.model = model
    self.captures = captures
    self.command = command
    self.wallSeconds = wallSeconds
  }
}
