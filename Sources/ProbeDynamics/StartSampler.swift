public import ProbeLinearAlgebra

/// Draws starts from recorded states with Gaussian noise of several widths.
///
/// Narrow noise stays in the basins that training visits and misses saddles that matter; the widths are therefore
/// cycled through, start by start. A width is in units of the states' root-mean-square spread over units.
public struct StartSampler: Sendable {
  /// The widths, cycled through.
  public var widths: [Double] = [0, 0.25, 1, 2]
  /// The seed.
  public var seed: UInt64

  /// A sampler with the default widths.
  public init(seed: UInt64) {
    self.seed = seed
  }

  /// The default distribution in words.
  public var summary: String {
    "recorded states drawn uniformly over trials and steps, plus Gaussian noise of widths "
      + widths.map { "\($0)" }.joined(separator: ", ") + " times the states' spread a unit, in turn"
  }

  /// Draws starts.
  ///
  /// - Parameters:
  ///   - states: recorded states, `[count, dimension]`; at least one.
  ///   - count: how many starts.
  ///   - stream: keeps the draws of one purpose apart from another's.
  ///   - origin: replaces the origin that the starts would carry.
  /// - Returns: the starts, each a function of the seed, the stream and its number alone.
  public func draw(
    from states: Matrix<Double>, count: Int, stream: UInt64 = 0, origin: Start.Origin? = nil
  ) -> [Start] {
    precondition(states.rows > 0 || count == 0, "there is no recorded state to draw from")
    let spread = Self.spread(of: states)
    return (0..<count).map { index in
      var random = RandomGenerator(seed: seed, stream: stream << 32 | UInt64(index))
      let width = widths[index % widths.count]
      let row = states.row(random.integer(below: states.rows))
      let state = width == 0 ? Array(row) : row.map { $0 + width * spread * random.normal() }
      return Start(state: state, origin: origin ?? .recorded(noise: width))
    }
  }

  /// The root mean square, over units, of the states' standard deviations; 1 where all states are equal.
  public static func spread(of states: Matrix<Double>) -> Double {
    guard states.rows > 0 && states.columns > 0 else { return 1 }
    var variance = 0.0
    for column in 0..<states.columns {
      var sum = 0.0
      for row in 0..<states.rows { sum += states[row, column] }
      let mean = sum / Double(states.rows)
      for row in 0..<states.rows {
        let difference = states[row, column] - mean
        variance += difference * difference
      }
    }
    let spread = (variance / Double(states.rows * states.columns)).squareRoot()
    return spread > 0 ? spread : 1
  }
}
