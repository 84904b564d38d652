/// What a model would say at each position and depth: the logit lens.
public struct TokenTablePlot: Sendable, Equatable {
  /// A token and how likely it is.
  public struct Candidate: Sendable, Equatable {
    /// The token's text, as it is.
    public var token: String
    /// Its probability.
    public var probability: Double

    /// A token and how likely it is.
    public init(_ token: String, _ probability: Double) {
      self.token = token
      self.probability = probability
    }
  }

  /// What the rows are: "layer".
  public let rowAxis: Axis
  /// The rows' labels from the bottom up: "embedding", "0", "1", ...
  public let rows: [String]
  /// The prompt's tokens, a column each.
  public let tokens: [String]
  /// The position of the first column in the prompt.
  public let firstPosition: Int
  /// The token that follows each column's in truth, or should; empty where none is known.
  ///
  /// Cells that predict it are marked.
  public let targets: [String]
  /// The likeliest tokens of each cell, likeliest first, row-major from the bottom up; empty where the lens does not apply.
  public let cells: [[Candidate]]
  /// What the colour measures.
  public let amount: Axis

  /// What a model would say at each position and depth.
  ///
  /// - Precondition: `cells` has `rows.count * tokens.count` elements; `targets` is as long as `tokens`, or empty.
  public init(
    rowAxis: Axis = Axis("layer"), rows: [String], tokens: [String], firstPosition: Int = 0,
    targets: [String] = [], cells: [[Candidate]], amount: Axis = Axis("probability of the likeliest token")
  ) {
    precondition(
      cells.count == rows.count * tokens.count,
      "\(cells.count) cells for \(rows.count) rows of \(tokens.count) tokens")
    precondition(
      targets.isEmpty || targets.count == tokens.count, "\(targets.count) targets, \(tokens.count) tokens")
    self.rowAxis = rowAxis
    self.rows = rows
    self.tokens = tokens
    self.firstPosition = firstPosition
    self.targets = targets
    self.cells = cells
    self.amount = amount
  }
}
