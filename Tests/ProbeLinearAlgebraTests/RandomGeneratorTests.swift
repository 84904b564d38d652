import ProbeLinearAlgebra
import Testing

/// Expected numbers come from a Python implementation of xoshiro256** and SplitMix64, written from the papers.
///
/// It gives the published 11520, 0, 1509978240, 1215971899390074240, ... from the state (1, 2, 3, 4) and the published
/// 6457827717110365317, 3203168211198807973, ... of SplitMix64 from 1234567.
@Suite struct RandomGeneratorTests {
  /// A seed, a stream where there is one, and the first words.
  struct Reference: Sendable {
    let seed: UInt64
    var stream: UInt64 = 0
    let words: [UInt64]
  }

  @Test(
    "a seed gives xoshiro256** seeded by SplitMix64",
    arguments: [
      Reference(
        seed: 0,
        words: [
          0x99ec_5f36_cb75_f2b4, 0xbf6e_1f78_4956_452a, 0x1a5f_849d_4933_e6e0, 0x6aa5_94f1_262d_2d2c,
          0xbba5_ad4a_1f84_2e59, 0xffef_8375_d9eb_caca,
        ]),
      Reference(
        seed: 1,
        words: [
          0xb3f2_af6d_0fc7_10c5, 0x853b_5596_4736_4cea, 0x92f8_9756_082a_4514, 0x642e_1c7b_c266_a3a7,
          0xb27a_48e2_9a23_3673, 0x24c1_2312_6ffd_a722,
        ]),
      Reference(
        seed: 1_234_567,
        words: [
          0x30a3_a1c3_6360_0467, 0x1940_5f0f_5799_29ca, 0x115b_eaac_046d_dbd9, 0xeb17_caf4_8f27_d7f6,
          0xa0c9_4fe1_cce9_d136, 0x70e3_3265_7880_2da2,
        ]),
      Reference(
        seed: .max,
        words: [
          0x8f55_20d5_2a7e_ad08, 0xc476_a018_caa1_802d, 0x81de_31c0_d260_469e, 0xbf65_8d7e_065f_3c2f,
          0x9135_93fd_a1bc_a32a, 0xbb53_5e93_941b_a525,
        ]),
    ])
  func reference(expected: Reference) {
    var random = RandomGenerator(seed: expected.seed)
    #expect(expected.words.map { _ in random.next() } == expected.words)
  }

  @Test(
    "a stream is seeded by the hash of the seed and the stream's number",
    arguments: [
      Reference(
        seed: 1, stream: 2,
        words: [
          0x3ba0_b11c_56af_943c, 0x560d_9c5c_6df6_9d89, 0x11c8_ba5f_8243_2151, 0xf9de_8bc1_5964_f62e,
        ]),
      Reference(
        seed: 2, stream: 1,
        words: [
          0x56fe_7f14_5f51_c1a1, 0x13b7_b017_9938_6580, 0x4988_1ff7_27ff_593d, 0xc1a9_9f35_9f75_b3ee,
        ]),
      Reference(
        seed: 0, stream: 0,
        words: [
          0xfb54_05f7_bd79_c540, 0x780c_98e2_6cea_5883, 0x2a14_6e09_80fe_bc66, 0x4851_477d_b879_1fca,
        ]),
    ])
  func streams(expected: Reference) {
    var random = RandomGenerator(seed: expected.seed, stream: expected.stream)
    #expect(expected.words.map { _ in random.next() } == expected.words)
  }

  @Test("uniform numbers are the top 53 bits")
  func uniformReference() {
    var random = RandomGenerator(seed: 42)
    let expected = [0.08386297105988216, 0.3789802506626686, 0.6800434110281394, 0.9246929453253876]
    #expect(expected.map { _ in random.uniform() } == expected)
  }

  @Test("uniform numbers fill [0, 1) evenly")
  func uniformity() {
    var random = RandomGenerator(seed: 7)
    let count = 100_000
    let bins = 64
    var histogram = [Int](repeating: 0, count: bins)
    var sum = 0.0
    for _ in 0..<count {
      let value = random.uniform()
      #expect(value >= 0 && value < 1)
      histogram[Int(value * Double(bins))] += 1
      sum += value
    }
    let expected = Double(count) / Double(bins)
    let chiSquared = histogram.reduce(0.0) {
      $0 + (Double($1) - expected) * (Double($1) - expected) / expected
    }
    // A chi-squared variable of k degrees of freedom has mean k and variance 2k: five deviations either way.
    let freedom = Double(bins - 1)
    #expect(abs(chiSquared - freedom) < 5 * (2 * freedom).squareRoot())
    #expect(abs(sum / Double(count) - 0.5) < 5 / (12 * Double(count)).squareRoot())
  }

  @Test("numbers of an interval stay in it")
  func interval() {
    var random = RandomGenerator(seed: 8)
    let values = (0..<10_000).map { _ in random.uniform(-3, 5) }
    #expect(values.allSatisfy { $0 >= -3 && $0 < 5 })
    // The variance of a uniform number is 64 / 12.
    let mean = values.reduce(0, +) / 10_000
    let deviation = (64.0 / 12 / 10_000).squareRoot()
    #expect(abs(mean - 1) < 5 * deviation)
  }

  @Test("normal numbers have the moments 0, 1, 0, 3 and no serial correlation")
  func normalMoments() {
    var random = RandomGenerator(seed: 9)
    let count = 200_000
    let values = (0..<count).map { _ in random.normal() }
    func mean(_ function: (Double) -> Double) -> Double {
      values.reduce(0) { $0 + function($1) } / Double(count)
    }
    // The variances of x, x², x³ and x⁴ are 1, 2, 15 and 96.
    let deviation = 5 / Double(count).squareRoot()
    #expect(abs(mean { $0 }) < deviation)
    #expect(abs(mean { $0 * $0 } - 1) < deviation * 2.0.squareRoot())
    #expect(abs(mean { $0 * $0 * $0 }) < deviation * 15.0.squareRoot())
    #expect(abs(mean { $0 * $0 * $0 * $0 } - 3) < deviation * 96.0.squareRoot())
    let serial = (1..<count).reduce(0.0) { $0 + values[$1] * values[$1 - 1] } / Double(count)
    #expect(abs(serial) < deviation)
  }

  @Test("integers below a bound that no power of two divides are unbiased")
  func unbiased() {
    // Without rejection 3 * 2^61 would map the residues 0, 1, 2 to 3, 3 and 2 of eight words.
    let bound = 3 << 61
    var random = RandomGenerator(seed: 10)
    let count = 30_000
    var residues = [0, 0, 0]
    for _ in 0..<count {
      let value = random.integer(below: bound)
      #expect(value >= 0 && value < bound)
      residues[value % 3] += 1
    }
    let deviation = (Double(count) * 2 / 9).squareRoot()
    for residue in residues { #expect(abs(Double(residue) - Double(count) / 3) < 5 * deviation) }
  }

  @Test("every integer below a small bound occurs equally often")
  func smallIntegers() {
    var random = RandomGenerator(seed: 11)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[random.integer(below: 7)] += 1 }
    let deviation = (70_000.0 * 6 / 49).squareRoot()
    for count in counts { #expect(abs(Double(count) - 10_000) < 5 * deviation) }
    #expect((0..<100).allSatisfy { _ in random.integer(below: 1) == 0 })
  }

  @Test("an event of probability p happens in a share p of the draws")
  func bernoulli() {
    var random = RandomGenerator(seed: 12)
    let happened = (0..<40_000).count { _ in random.bernoulli(0.3) }
    #expect(abs(Double(happened) - 12_000) < 5 * (40_000.0 * 0.21).squareRoot())
    #expect((0..<1000).allSatisfy { _ in !random.bernoulli(0) && random.bernoulli(1) })
  }

  @Test("streams and seeds are uncorrelated")
  func independence() {
    let count = 20_000
    func draws(_ seed: UInt64, _ stream: UInt64) -> [Double] {
      var random = RandomGenerator(seed: seed, stream: stream)
      return (0..<count).map { _ in random.uniform() - 0.5 }
    }
    let sequences = [draws(1, 0), draws(1, 1), draws(1, 2), draws(2, 1), draws(2, 0)]
    for later in sequences.indices {
      for earlier in 0..<later {
        let correlation = zip(sequences[earlier], sequences[later]).reduce(0.0) { $0 + $1.0 * $1.1 } * 12
        #expect(abs(correlation) < 5 * Double(count).squareRoot())
      }
    }
  }

  @Test("a sample holds distinct items, and a whole sample is a permutation")
  func sampling() {
    var random = RandomGenerator(seed: 13)
    let all = random.sample(50, of: 50)
    #expect(all.sorted() == Array(0..<50))
    #expect(all != Array(0..<50))
    let some = random.sample(10, of: 1000)
    #expect(Set(some).count == 10 && some.allSatisfy { (0..<1000).contains($0) })
    #expect(random.sample(0, of: 5).isEmpty)
    #expect(random.sample(0, of: 0).isEmpty)
  }

  @Test("a smaller sample is the beginning of a larger one")
  func samplePrefix() {
    var (small, large) = (RandomGenerator(seed: 14), RandomGenerator(seed: 14))
    #expect(small.sample(5, of: 30) == Array(large.sample(30, of: 30).prefix(5)))
  }

  @Test("all orders of three items are equally likely")
  func permutations() {
    var random = RandomGenerator(seed: 15)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<12_000 { counts[random.sample(3, of: 3), default: 0] += 1 }
    #expect(counts.count == 6)
    let deviation = (12_000.0 * 5 / 36).squareRoot()
    for count in counts.values { #expect(abs(Double(count) - 2000) < 5 * deviation) }
  }
}
