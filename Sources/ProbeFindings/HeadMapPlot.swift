/// Scores of a model's attention heads, by layer and head, and what chosen heads attend to.
public struct HeadMapPlot: Sendable, Equatable {
  /// One score of every head.
  public struct Score: Sendable, Equatable {
    /// Its name in tables and links: `induction`.
    public var name: String
    /// What it measures, with its unit: the colour scale's label.
    public var amount: Axis
    /// The scores, `[layer, head]`, row-major; NaN where the score does not apply.
    public var values: [Double]
    /// The lower ends of the intervals, laid out as `values`; empty for none.
    public var low: [Double]
    /// The upper ends of the intervals; empty for none.
    public var high: [Double]
    /// What a head without the property scores, laid out as `values`; empty for none.
    public var null: [Double]
    /// How scores become colours.
    public var scale: HeatmapPlot.Scale
    /// The ends of the colour scale, such as 0 to 1; the ends of the scores where there is none.
    public var range: ClosedRange<Double>?
    /// What the score says, in which convention, and how sure it is; shown with the map.
    public var note: String
    /// What the intervals are, or why there is none: "95 % bootstrap interval over 40 prompts".
    public var intervalMeaning: String
    /// What the null is: "on random tokens".
    public var nullMeaning: String
    /// Why the score does not apply where it is NaN: "layer 0 has no MLP before it".
    public var notApplicable: String

    /// One score of every head.
    ///
    /// - Precondition: `low` and `high` are as long as `values`, or both empty; so is `null`.
    public init(
      name: String, amount: Axis, values: [Double], low: [Double] = [], high: [Double] = [],
      null: [Double] = [], scale: HeatmapPlot.Scale = .sequential, range: ClosedRange<Double>? = nil,
      note: String = "", intervalMeaning: String = "", nullMeaning: String = "", notApplicable: String = ""
    ) {
      precondition(low.count == high.count, "score \(name): an interval needs both ends")
      precondition(
        low.isEmpty || low.count == values.count,
        "score \(name): \(low.count) intervals, \(values.count) heads")
      precondition(
        null.isEmpty || null.count == values.count,
        "score \(name): \(null.count) nulls, \(values.count) heads")
      self.name = name
      self.amount = amount
      self.values = values
      self.low = low
      self.high = high
      self.null = null
      self.scale = scale
      self.range = range
      self.note = note
      self.intervalMeaning = intervalMeaning
      self.nullMeaning = nullMeaning
      self.notApplicable = notApplicable
    }
  }

  /// The number of layers.
  public let layers: Int
  /// The number of heads in a layer.
  public let heads: Int
  /// The scores, of which the reader sees one at a time; the first at first.
  public let scores: [Score]
  /// What chosen heads attend to.
  public let patterns: AttentionPatterns

  /// Scores by layer and head.
  ///
  /// - Precondition: every score has `layers * heads` values; every pattern is of one of the heads.
  public init(layers: Int, heads: Int, scores: [Score], patterns: AttentionPatterns = AttentionPatterns()) {
    for score in scores {
      precondition(
        score.values.count == layers * heads,
        "score \(score.name): \(score.values.count) values for \(layers) layers of \(heads) heads")
    }
    for pattern in patterns.patterns {
      precondition(
        (0..<layers).contains(pattern.layer) && (0..<heads).contains(pattern.head),
        "a pattern of head \(pattern.layer).\(pattern.head) of \(layers) layers of \(heads) heads")
    }
    self.layers = layers
    self.heads = heads
    self.scores = scores
    self.patterns = patterns
  }
}
