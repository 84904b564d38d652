import ProbeLinearAlgebra

/// `x W^T + b` over rows, in one arithmetic.
struct AffineLayer<Scalar: CellScalar>: Sendable {
  /// `[outputs, inputs]`.
  let weight: [Scalar]
  /// `[outputs]`, or nil.
  let bias: [Scalar]?
  let inputs: Int
  let outputs: Int

  init(weight: Matrix<Double>, bias: [Double]?) {
    self.weight = weight.elements.map { Scalar($0) }
    self.bias = bias.map { $0.map { Scalar($0) } }
    inputs = weight.columns
    outputs = weight.rows
  }

  /// Multiplies `rows` rows of `inputs`, `stride` apart, into rows of `outputs`, `outputStride` apart (default: dense).
  func apply(
    _ x: UnsafePointer<Scalar>, stride: Int, rows: Int, into y: UnsafeMutablePointer<Scalar>,
    outputStride: Int? = nil
  ) {
    let outputStride = outputStride ?? outputs
    if let bias {
      for row in 0..<rows {
        bias.withUnsafeBufferPointer { source in
          guard let base = source.baseAddress else { return }
          (y + row * outputStride).update(from: base, count: outputs)
        }
      }
    }
    guard inputs > 0 else {
      if bias == nil { for row in 0..<rows { (y + row * outputStride).update(repeating: 0, count: outputs) } }
      return
    }
    Scalar.multiply(
      rows: rows, columns: outputs, inner: inputs, alpha: 1, x, stride: max(stride, inputs),
      transposed: false,
      weight, stride: inputs, transposed: true, beta: bias == nil ? 0 : 1, into: y, stride: outputStride)
  }
}
