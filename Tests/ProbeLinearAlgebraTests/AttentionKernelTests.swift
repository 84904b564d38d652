import CVectorMath
import Foundation
import ProbeLinearAlgebra
import Testing

/// The array kernels of attention models, against their definitions in double precision.
@Suite("The kernels of attention")
struct AttentionKernelTests {
  private static let sizes = [1, 2, 15, 16, 17, 100, 1000]

  private func normals(_ count: Int, scale: Double = 1, seed: UInt64) -> [Float] {
    var random = RandomGenerator(seed: seed)
    return (0..<count).map { _ in Float(random.normal() * scale) }
  }

  @Test("softmax sums to one, keeps ratios, and gives the entropy", arguments: sizes)
  func softmax(_ count: Int) {
    let scores = normals(count, scale: 3, seed: UInt64(count))
    var weights = scores
    let entropy = rp_softmax_f32(&weights, count)
    let top = Double(scores.max() ?? 0)
    let exact = scores.map { exp(Double($0) - top) }
    let total = exact.reduce(0, +)
    // An exponential's two ulps, a division, and a sum of as many terms in sixteen parts.
    let bound = (8 + Double(count) / 16) * 0x1p-23
    for (weight, value) in zip(weights, exact) {
      #expect(abs(Double(weight) - value / total) <= bound * value / total + 0x1p-126)
    }
    let wanted = exact.reduce(0.0) { $0 - $1 / total * log($1 / total) }
    #expect(abs(Double(entropy) - wanted) <= bound * (wanted + 20))
  }

  @Test("softmax takes minus infinity for weight zero, and passes NaN on")
  func softmaxSpecials() {
    var weights: [Double] = [1, -.infinity, 1]
    #expect(rp_softmax_f64(&weights, 3) == log(2))
    #expect(weights == [0.5, 0, 0.5])
    weights = [0, .nan, 0]
    _ = rp_softmax_f64(&weights, 3)
    #expect(weights.allSatisfy { $0.isNaN })
    weights = [700]
    #expect(rp_softmax_f64(&weights, 1) == 0)
    #expect(weights == [1])
  }

  @Test("k90 has its closed forms: 116 of 128 equal ones, 1, 4 of 2^-i, 22 of 0.9^i")
  func shareClosedForms() {
    func count(_ weights: [Double]) -> Int {
      let total = weights.reduce(0, +)
      let normalised = weights.map { $0 / total }
      var work = [Double](repeating: 0, count: weights.count + 1)
      var single = [Float](repeating: 0, count: weights.count + 1)
      let wide = rp_share_count_f64(normalised, weights.count, 0.9, &work)
      #expect(rp_share_count_f32(normalised.map { Float($0) }, weights.count, 0.9, &single) == wide)
      return wide
    }
    #expect(count([Double](repeating: 1, count: 128)) == 116)
    #expect(count([Double](repeating: 1, count: 10)) == 9)
    #expect(count((0..<128).map { $0 == 77 ? 1 : 0 }) == 1)
    #expect(count((0..<128).map { pow(2, -Double($0)) }) == 4)
    #expect(count((0..<128).map { pow(0.9, Double($0)) }) == 22)
    #expect(count([1]) == 1)
  }

  @Test("k90 agrees with sorting, for weights of every kind of spread and many ties", arguments: sizes)
  func shareAgainstSorting(_ count: Int) {
    for (number, scale) in [0, 0.3, 2, 8].enumerated() {
      var weights = normals(count, scale: scale, seed: UInt64(100 * count + number)).map { Double($0) }
      if number == 2 { weights = weights.map { ($0 * 2).rounded() } }
      _ = rp_softmax_f64(&weights, count)
      var sum = 0.0
      var wanted = 0
      for weight in weights.sorted(by: >) where sum < 0.9 - 1e-9 {
        sum += weight
        wanted += 1
      }
      var work = [Double](repeating: 0, count: count + 1)
      #expect(rp_share_count_f64(weights, count, 0.9, &work) == wanted)
    }
    var work = [Float](repeating: 0, count: count + 1)
    let undefined = [Float](repeating: .nan, count: count)
    #expect(rp_share_count_f32(undefined, count, 0.9, &work) == count, "it comes to an end on NaN")
  }

  @Test("the largest element is the first of equals, and none among NaN")
  func largest() {
    var value: Float = 0
    #expect(rp_largest_f32([1, 3, 3, 2], 4, &value) == 1 && value == 3)
    #expect(rp_largest_f32([Float](repeating: -.infinity, count: 20), 20, &value) == 0)
    #expect(rp_largest_f32([.nan, 2, .nan], 3, &value) == 1 && value == 2)
    #expect(rp_largest_f32([.nan, .nan], 2, &value) == 2)
    var long = [Float](repeating: 0, count: 100)
    long[63] = 5
    #expect(rp_largest_f32(long, 100, &value) == 63 && value == 5)
  }

  @Test("norms agree with their definitions, in place too", arguments: sizes)
  func norms(_ count: Int) {
    let values = normals(count, scale: 2, seed: 1)
    let weight = normals(count, seed: 2)
    let bias = normals(count, seed: 3)
    let wide = values.map { Double($0) }
    let mean = wide.reduce(0, +) / Double(count)
    let variance = wide.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    let square = wide.reduce(0) { $0 + $1 * $1 } / Double(count)
    var layer = values
    rp_layer_norm_f32(values, weight, bias, 1e-5, &layer, count)
    var root = values
    rp_rms_norm_f32(values, weight, 1e-5, &root, count)
    let bound = (12 + Double(count) / 16) * 0x1p-23
    for index in 0..<count {
      let centred = (wide[index] - mean) / (variance + 1e-5).squareRoot() * Double(weight[index])
      // With one element the mean is the element: what is left is rounding over the root of epsilon.
      let slack =
        bound * (abs(wide[index]) + abs(mean)) / (variance + 1e-5).squareRoot() * abs(Double(weight[index]))
      #expect(
        abs(Double(layer[index]) - (centred + Double(bias[index]))) <= slack + bound
          * (1 + abs(Double(bias[index]))))
      let scaled = wide[index] / (square + 1e-5).squareRoot() * Double(weight[index])
      #expect(abs(Double(root[index]) - scaled) <= bound * abs(scaled) + 0x1p-126)
    }
  }

  @Test("activations agree with their definitions")
  func activations() {
    let values = normals(1000, scale: 3, seed: 4) + [0, -0.0, 20, -20]
    func check(
      _ kernel: (UnsafeMutablePointer<Float>?, Int) -> Void, within bound: Double,
      _ definition: (Double) -> Double
    ) {
      var result = values
      kernel(&result, result.count)
      for (value, found) in zip(values, result) {
        let x = Double(value)
        #expect(abs(Double(found) - definition(x)) <= bound * (abs(x) + 0x1p-100), "at \(x)")
      }
    }
    check(rp_gelu_f32, within: 4e-7) { $0 * 0.5 * erfc(-$0 / 2.0.squareRoot()) }
    check(rp_gelu_tanh_f32, within: 4e-7) {
      0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
    }
    check(rp_silu_f32, within: 4e-7) { $0 / (1 + exp(-$0)) }
    check(rp_quick_gelu_f32, within: 4e-7) { $0 / (1 + exp(-1.702 * $0)) }
    var wide: [Double] = [1.5]
    rp_gelu_f64(&wide, 1)
    #expect(abs(wide[0] - 1.5 * 0.5 * erfc(-1.5 / 2.0.squareRoot())) < 1e-15)
  }

  @Test("16-bit floats widen exactly at any alignment, and multiply as they would widened")
  func widening() {
    // 1, -2.5, the largest bfloat16 below 1, the smallest subnormal, infinity.
    let brain: [UInt16] = [0x3F80, 0xC020, 0x3F7F, 0x0001, 0x7F80]
    let half: [UInt16] = [0x3C00, 0xC100, 0x3BFF, 0x0001, 0x7C00]
    for offset in [0, 1] {
      var bytes = [UInt8](repeating: 0, count: offset)
      for bits in brain { bytes += [UInt8(bits & 255), UInt8(bits >> 8)] }
      var result = [Float](repeating: 0, count: 5)
      bytes.withUnsafeBytes { rp_widen_bf16($0.baseAddress.map { $0 + offset }, &result, 5) }
      #expect(result == brain.map { Float(bitPattern: UInt32($0) << 16) })
      bytes = [UInt8](repeating: 0, count: offset)
      for bits in half { bytes += [UInt8(bits & 255), UInt8(bits >> 8)] }
      bytes.withUnsafeBytes { rp_widen_f16($0.baseAddress.map { $0 + offset }, &result, 5) }
      #expect(result == half.map { Float(Float16(bitPattern: $0)) })
    }
    let (rows, count) = (7, 37)
    let weights = normals(rows * count, seed: 5).map { Float(bitPattern: $0.bitPattern & 0xFFFF_0000) }
    let vector = normals(count, seed: 6)
    let stored = weights.map { UInt16($0.bitPattern >> 16) }
    var (first, second) = ([Float](repeating: 0, count: rows), [Float](repeating: 0, count: rows))
    rp_rows_times_bf16(stored, vector, &first, rows, count)
    rp_rows_times_f32(weights, vector, &second, rows, count)
    #expect(first == second)
    for row in 0..<rows {
      let exact = (0..<count).reduce(0.0) { $0 + Double(weights[row * count + $1]) * Double(vector[$1]) }
      let size = (0..<count).reduce(0.0) { $0 + abs(Double(weights[row * count + $1]) * Double(vector[$1])) }
      #expect(abs(Double(first[row]) - exact) <= Double(count) * 0x1p-24 * size)
    }
  }
}
