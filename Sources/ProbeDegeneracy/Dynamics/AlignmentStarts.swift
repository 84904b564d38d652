internal import ProbeLinearAlgebra

/// An orthogonal matrix to begin a descent from.
struct AlignmentStart {
  /// Where it comes from.
  let name: String
  /// C, `[n, n]`.
  let rotation: Matrix<Double>

  /// Starts for both signs of the determinant.
  ///
  /// Bases that a change of coordinates carries along (of the symmetric part, the Schur form, the singular vectors) determine C up
  /// to the signs of their vectors: C = Q_A diag(s) Q_B'. The signs are improved one at a time; the other determinant takes the
  /// cheapest further change of one. Random bases follow, improved alike.
  static func all(
    _ a: OperatorProfile, _ b: OperatorProfile, random count: Int, seed: UInt64
  ) -> [AlignmentStart] {
    var starts: [AlignmentStart] = []
    for (first, second) in zip(a.frames, b.frames) {
      for rotation in signed(a.matrix, first.vectors, b.matrix, second.vectors) {
        starts.append(AlignmentStart(name: first.name, rotation: rotation))
      }
    }
    let identity = Matrix<Double>.identity(a.size)
    for rotation in signed(a.matrix, identity, b.matrix, identity) {
      starts.append(AlignmentStart(name: "given coordinates", rotation: rotation))
    }
    for number in 0..<count {
      var generator = RandomGenerator(seed: seed, stream: UInt64(number))
      var frame = Matrix<Double>(rows: a.size, columns: a.size)
      for index in frame.elements.indices { frame.elements[index] = generator.normal() }
      guard (try? frame.orthonormalize()) != nil else { continue }
      for rotation in signed(a.matrix, identity, b.matrix, frame) {
        starts.append(AlignmentStart(name: "random \(number)", rotation: rotation))
      }
    }
    return starts
  }

  /// The best found Q_A diag(s) Q_B', and the best found neighbour of other determinant.
  private static func signed(
    _ a: Matrix<Double>, _ aFrame: Matrix<Double>, _ b: Matrix<Double>, _ bFrame: Matrix<Double>
  ) -> [Matrix<Double>] {
    let n = a.rows
    let aInside = aFrame.transposed * (a * aFrame)
    let bInside = bFrame.transposed * (b * bFrame)
    // The trace to be maximised is Σ_ij s_i s_j w_ij; turning s_i round changes it by -4 s_i Σ_j≠i s_j w_ij.
    var weights = Matrix<Double>(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<n where i != j {
        weights[i, j] = (aInside[i, j] * bInside[i, j] + aInside[j, i] * bInside[j, i]) / 2
      }
    }
    var signs = [Double](repeating: 1, count: n)
    func gains() -> [Double] { zip(signs, weights.times(signs)).map { -4 * $0 * $1 } }
    var gain = gains()
    // Each turn raises a bounded sum; the limit only guards against rounding.
    for _ in 0..<4 * n {
      guard let best = gain.indices.max(by: { gain[$0] < gain[$1] }), gain[best] > 1e-14 else { break }
      signs[best] = -signs[best]
      gain = gains()
    }
    func rotation() -> Matrix<Double> {
      var scaled = aFrame
      for i in 0..<n {
        for j in 0..<n { scaled[i, j] *= signs[j] }
      }
      return scaled * bFrame.transposed
    }
    let first = rotation()
    if let cheapest = gain.indices.max(by: { gain[$0] < gain[$1] }) { signs[cheapest] = -signs[cheapest] }
    return [first, rotation()]
  }
}
