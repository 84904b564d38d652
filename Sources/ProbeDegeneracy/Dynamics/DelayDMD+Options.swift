extension DelayDMD {
  /// How many singular vectors of the delay vectors carry the model.
  public enum Rank: Sendable, Hashable {
    /// So many.
    case fixed(Int)
    /// The fewest with this share of the sum of squared singular values, between 0 and 1.
    case explainedVariance(Double)
    /// Those with singular values above this; at least one.
    case threshold(Double)
    /// All that differ from rounding.
    case all

    /// How many of these singular values; `total` is the sum of the squares of all.
    func count(of values: [Double], total: Double) -> Int {
      switch self {
      case .fixed(let count): return min(count, values.count)
      case .all: return values.count
      case .threshold(let threshold): return min(values.count, max(1, values.prefix { $0 > threshold }.count))
      case .explainedVariance(let share):
        var sum = 0.0
        for (index, value) in values.enumerated() {
          sum += value * value
          if sum >= share * total { return index + 1 }
        }
        return values.count
      }
    }
  }

  /// What is fitted.
  public struct Options: Sendable, Hashable {
    /// The delay vectors.
    public var embedding = DelayEmbedding()
    /// How many of their singular vectors are kept.
    public var rank = Rank.all
    /// Steps ahead that the operator predicts, at least 1.
    public var steps = 1
    /// The weight of the squared norm of the operator in the regression, on coordinates of unit singular values; 0 is none.
    public var ridge = 0.0
    /// The operator's rank by reduced-rank regression, after the truncation above; nil leaves it full.
    public var reducedRank: Int?
    /// A channel is called near-constant when its spread within trials is below this share of its root mean square.
    public var nearConstant = 1e-2

    /// One delay, full rank, one step ahead, no ridge.
    public init() {}
  }
}
