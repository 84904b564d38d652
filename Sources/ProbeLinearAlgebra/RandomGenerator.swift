/// The xoshiro256** generator, seeded through SplitMix64.
///
/// Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021), 36,
/// doi:10.1145/3460772. The sequence, and the conversions below, are part of the package's contract: the same
/// seed gives the same numbers on every machine and in every release. The standard library promises neither.
public struct RandomGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spareNormal: Double?

  /// The generator of the given seed.
  public init(seed: UInt64) {
    var splitMix = SplitMix64(state: seed)
    state = (splitMix.next(), splitMix.next(), splitMix.next(), splitMix.next())
  }

  /// The generator of stream `stream` under `seed`: one independent sequence a trial, a start, a replicate.
  ///
  /// The seed is hashed before the stream's number is mixed in, so that (seed 1, stream 2) and (seed 2,
  /// stream 1) differ.
  public init(seed: UInt64, stream: UInt64) {
    var outer = SplitMix64(state: seed)
    var inner = SplitMix64(state: outer.next() ^ (stream &* 0x9E37_79B9_7F4A_7C15))
    state = (inner.next(), inner.next(), inner.next(), inner.next())
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = rotate(state.1 &* 5, by: 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotate(state.3, by: 45)
    return result
  }

  /// A number in [0, 1): the top 53 bits times 2^-53.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A number in [lower, upper).
  public mutating func uniform(_ lower: Double, _ upper: Double) -> Double {
    lower + (upper - lower) * uniform()
  }

  /// An integer in `0..<bound`, without modulo bias (Lemire 2019, doi:10.1145/3230636).
  ///
  /// - Precondition: `bound > 0`.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "bound must be positive")
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// Whether an event of the given probability happens.
  public mutating func bernoulli(_ probability: Double) -> Bool {
    uniform() < probability
  }

  /// A standard normal number (Marsaglia's polar method).
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let u = 2 * uniform() - 1
      let v = 2 * uniform() - 1
      let squared = u * u + v * v
      if squared > 0 && squared < 1 {
        let factor = (-2 * naturalLogarithm(squared) / squared).squareRoot()
        spareNormal = v * factor
        return u * factor
      }
    }
  }

  /// `count` distinct integers of `0..<population`, in random order (a partial Fisher-Yates shuffle).
  public mutating func sample(_ count: Int, of population: Int) -> [Int] {
    precondition(count <= population, "cannot draw \(count) distinct items out of \(population)")
    var items = Array(0..<population)
    for position in 0..<count {
      items.swapAt(position, position + integer(below: population - position))
    }
    return Array(items.prefix(count))
  }
}

/// Steele, Lea and Flood's SplitMix64: turns any seed, even 0, into well-mixed state.
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

private func rotate(_ value: UInt64, by bits: UInt64) -> UInt64 {
  (value << bits) | (value >> (64 - bits))
}
