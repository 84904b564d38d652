import CVectorMath
import Foundation
import ProbeLinearAlgebra
import Testing

#if arch(x86_64)
  /// What f64 results are held against: 64 bits of mantissa.
  private typealias Wide = Float80
  private let slack = 0.01
#else
  private typealias Wide = Double
  /// The reference itself errs by up to an ulp.
  private let slack = 1.0
#endif

private typealias SingleKernel = @Sendable (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void
private typealias DoubleKernel =
  @Sendable (UnsafePointer<Double>?, UnsafeMutablePointer<Double>?, Int) -> Void

private func evaluate(_ kernel: SingleKernel, _ values: [Float]) -> [Float] {
  var result = values
  kernel(values, &result, values.count)
  return result
}

private func evaluate(_ kernel: DoubleKernel, _ values: [Double]) -> [Double] {
  var result = values
  kernel(values, &result, values.count)
  return result
}

/// |got - exact| in units in the last place of the exact value's binade.
private func ulps(_ got: Float, _ exact: Double) -> Double {
  abs(Double(got) - exact) / Double(Float(exact).ulp)
}

private func ulps(_ got: Double, _ exact: Wide) -> Double {
  Double(abs(Wide(got) - exact) / Wide(Double(exact).ulp))
}

/// The limits are those that the header promises.
@Suite struct VectorMathTests {
  /// Uniform samples of an interval and samples whose magnitudes are spread over binades.
  private func samples(_ low: Double, _ high: Double, seed: UInt64) -> [Double] {
    var random = RandomGenerator(seed: seed)
    let even = (0..<50_000).map { _ in random.uniform(low, high) }
    let small = (0..<50_000).map { _ in
      (random.bernoulli(0.5) ? 1 : -1) * exp2(random.uniform(-60, 3))
    }
    return even + small.filter { $0 >= low && $0 <= high }
  }

  @Test("f64 exp errs by at most 2 ulp, subnormal results included")
  func doubleExp() {
    let inputs = samples(-745, 709.78, seed: 1)
    let worst = zip(inputs, evaluate(rp_exp_f64, inputs)).map { ulps($1, exp(Wide($0))) }.max()
    #expect((worst ?? .infinity) <= 2 + slack)
  }

  @Test("f64 tanh errs by at most 2 ulp")
  func doubleTanh() {
    let inputs = samples(-22, 22, seed: 2)
    let worst = zip(inputs, evaluate(rp_tanh_f64, inputs)).map { ulps($1, tanh(Wide($0))) }.max()
    #expect((worst ?? .infinity) <= 2 + slack)
  }

  @Test("f64 sigmoid errs by at most 3 ulp where its value is normal")
  func doubleSigmoid() {
    let inputs = samples(-708, 40, seed: 3)
    let worst = zip(inputs, evaluate(rp_sigmoid_f64, inputs)).map { ulps($1, 1 / (1 + exp(-Wide($0)))) }.max()
    #expect((worst ?? .infinity) <= 3 + slack)
  }

  @Test("f32 exp errs by at most 2 ulp, subnormal results included")
  func singleExp() {
    let inputs = samples(-103.9, 88.72, seed: 4).map { Float($0) }
    let worst = zip(inputs, evaluate(rp_exp_f32, inputs)).map { ulps($1, exp(Double($0))) }.max()
    #expect((worst ?? .infinity) <= 2.01)
  }

  @Test("f32 tanh errs by at most 2 ulp")
  func singleTanh() {
    let inputs = samples(-10, 10, seed: 5).map { Float($0) }
    let worst = zip(inputs, evaluate(rp_tanh_f32, inputs)).map { ulps($1, tanh(Double($0))) }.max()
    #expect((worst ?? .infinity) <= 2.01)
  }

  @Test("f32 sigmoid errs by at most 3 ulp where its value is normal")
  func singleSigmoid() {
    let inputs = samples(-87.3, 20, seed: 6).map { Float($0) }
    let worst = zip(inputs, evaluate(rp_sigmoid_f32, inputs)).map { ulps($1, 1 / (1 + exp(-Double($0)))) }
      .max()
    #expect((worst ?? .infinity) <= 3.01)
  }

  @Test("exp saturates to 0 and infinity, and keeps NaN")
  func expSpecials() {
    let doubles: [Double] = [
      0, -0.0, 709.782712893384, 709.7827128933841, 1e300, .infinity, -745.2, -1e300, -.infinity, .nan,
    ]
    let double = evaluate(rp_exp_f64, doubles)
    #expect(double[0] == 1 && double[1] == 1)
    #expect(double[2].isFinite && double[2] > 1.79e308)
    #expect(double[3...5].allSatisfy { $0 == .infinity })
    #expect(double[6...8].allSatisfy { $0 == 0 })
    #expect(double[9].isNaN)
    let single = evaluate(
      rp_exp_f32, [0, 88.72283, 88.72284, 1e30, .infinity, -104, -1e30, -.infinity, .nan])
    #expect(single[0] == 1 && single[1].isFinite && single[1] > 3.4e38)
    #expect(single[2...4].allSatisfy { $0 == .infinity })
    #expect(single[5...7].allSatisfy { $0 == 0 })
    #expect(single[8].isNaN)
  }

  @Test("tanh keeps the sign of zero, NaN, subnormal numbers, and saturates at one")
  func tanhSpecials() {
    let tiny = Double.leastNonzeroMagnitude
    let double = evaluate(rp_tanh_f64, [-0.0, 0, tiny, -3 * tiny, 22, -1e300, .infinity, -.infinity, .nan])
    #expect(double[0] == 0 && double[0].sign == .minus && double[1].sign == .plus)
    #expect(double[2] == tiny && double[3] == -3 * tiny)
    #expect(double[4] == 1 && double[5] == -1 && double[6] == 1 && double[7] == -1)
    #expect(double[8].isNaN)
    let small = Float.leastNonzeroMagnitude
    let single = evaluate(rp_tanh_f32, [-0.0, 0, small, -3 * small, 10, -1e30, .infinity, -.infinity, .nan])
    #expect(single[0] == 0 && single[0].sign == .minus && single[1].sign == .plus)
    #expect(single[2] == small && single[3] == -3 * small)
    #expect(single[4] == 1 && single[5] == -1 && single[6] == 1 && single[7] == -1)
    #expect(single[8].isNaN)
  }

  @Test("sigmoid is 1/2 at zero, 0 and 1 at the ends, and keeps NaN")
  func sigmoidSpecials() {
    let double = evaluate(rp_sigmoid_f64, [0, -0.0, .infinity, -.infinity, 1e300, -1e300, .nan])
    #expect(Array(double.prefix(6)) == [0.5, 0.5, 1, 0, 1, 0] && double[6].isNaN)
    let single = evaluate(rp_sigmoid_f32, [0, -0.0, .infinity, -.infinity, 1e30, -1e30, .nan])
    #expect(Array(single.prefix(6)) == [0.5, 0.5, 1, 0, 1, 0] && single[6].isNaN)
  }

  @Test("tanh never leaves [-1, 1], is odd, and never falls across the seam of its two branches")
  func tanhShape() {
    let seam: [Double] = (0..<20_000).map { 0.6 + Double($0) * 2.5e-6 }
    let flat: [Double] = (0..<1000).map { 15 + Double($0) * 0.01 }
    let inputs = seam + flat
    let values = evaluate(rp_tanh_f64, inputs)
    #expect(evaluate(rp_tanh_f64, inputs.map { -$0 }) == values.map { -$0 })
    #expect(values.allSatisfy { $0 <= 1 })
    // Neighbours are 2.5e-6 apart and the slope exceeds 0.6 near the seam, thousands of ulp.
    #expect((1..<seam.count).allSatisfy { values[$0 - 1] < values[$0] })
  }

  @Test("relu keeps NaN and maps negative numbers to zero; sums add in place")
  func simpleKernels() {
    let relu = evaluate(rp_relu_f64, [-1, 0, 2, -.infinity, .infinity, .nan])
    #expect(Array(relu.prefix(5)) == [0, 0, 2, 0, .infinity] && relu[5].isNaN)
    var sum: [Float] = [1, 2, 3]
    rp_add_f32([10, 20, 30], &sum, 3)
    #expect(sum == [11, 22, 33])
  }

  @Test("a value does not depend on its place in the array, nor on working in place")
  func position() {
    let inputs = samples(-5, 5, seed: 7).prefix(1000)
    let together = evaluate(rp_tanh_f64, Array(inputs))
    for (offset, value) in inputs.enumerated() {
      var one = [value]
      one.withUnsafeMutableBufferPointer { rp_tanh_f64($0.baseAddress, $0.baseAddress, 1) }
      #expect(one[0] == together[offset])
    }
    rp_tanh_f64(nil, nil, 0)
  }
}
