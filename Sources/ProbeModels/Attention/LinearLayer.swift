internal import ProbeLinearAlgebra

/// An affine map of rows: W x + b.
public struct LinearLayer: Sendable {
  /// W.
  public let weight: WeightMatrix
  /// b, `[outputs]`, or nil.
  public let bias: [Float]?

  /// An affine map.
  public init(weight: WeightMatrix, bias: [Float]? = nil) {
    precondition(bias == nil || bias?.count == weight.outputs, "one bias an output")
    self.weight = weight
    self.bias = bias
  }

  /// Applies the map to `rows` contiguous rows of `input`.
  func apply<Scalar: AttentionScalar>(
    _ input: UnsafePointer<Scalar>, stride: Int? = nil, rows: Int,
    into output: UnsafeMutablePointer<Scalar>, threads: Int
  ) {
    weight.multiply(input, stride: stride ?? weight.inputs, rows: rows, into: output, threads: threads)
    guard let bias else { return }
    let converted = bias.map { Scalar($0) }
    for row in 0..<rows { Scalar.add(converted, into: output + row * weight.outputs, count: weight.outputs) }
  }
}
