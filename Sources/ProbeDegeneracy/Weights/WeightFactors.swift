internal import ProbeLinearAlgebra

/// One network's weights with what aligning it needs of it alone.
public struct WeightFactors: Sendable {
  /// The weights; balanced where units may be scaled.
  public let weights: RecurrentWeights
  /// The cell's symmetry.
  public let symmetry: CellSymmetry
  /// The norm of all weights.
  public let norm: Double
  /// Every recurrent block's rows without the diagonal, each sorted (absolute values where signs are free),
  /// `[n, n - 1]`.
  let sortedRows: [Matrix<Double>]
  /// The same of columns.
  let sortedColumns: [Matrix<Double>]

  /// Prepares a network's weights.
  ///
  /// - Complexity: O(n² log n) a block.
  public init(_ weights: RecurrentWeights, symmetry: CellSymmetry) {
    let weights = symmetry == .scaledPermutations ? weights.balanced() : weights
    self.weights = weights
    self.symmetry = symmetry
    norm = weights.norm
    let recurrent = weights.blocks.filter { $0.role == .recurrent }.map(\.matrix)
    let isSigned = symmetry == .signedPermutations
    sortedRows = recurrent.map { sortedOffDiagonal($0, absolute: isSigned) }
    sortedColumns = recurrent.map { sortedOffDiagonal($0.transposed, absolute: isSigned) }
  }

  /// Refuses networks whose units cannot be exchanged for one another's.
  func requireComparable(with other: WeightFactors) throws(DegeneracyError) {
    let shapes = [self, other].map { factors in
      factors.weights.blocks.map { "\($0.role.rawValue) \($0.matrix.rows) x \($0.matrix.columns)" }
        .joined(separator: ", ")
    }
    let flags = [self, other].map { $0.weights.blocks.map(\.rowsAreSigned) }
    guard shapes[0] == shapes[1], flags[0] == flags[1], symmetry == other.symmetry else {
      throw .shapeMismatch(
        object: "the weights of \(other.weights.name), to be aligned with \(weights.name),",
        expected: "\(symmetry.rawValue) of \(shapes[0])", found: "\(other.symmetry.rawValue) of \(shapes[1])")
    }
  }

  /// For units i of this and j of another network, what the distance's square is at least when j takes the
  /// place of i; summed over a matching, a lower bound.
  ///
  /// Half of a recurrent entry counts for its row, half for its column: whatever the others' matching, the
  /// entries of two rows are at least as far apart as the sorted ones (rearrangement inequality). Diagonals,
  /// inputs and readouts count as they are.
  ///
  /// - Complexity: O(n³) a recurrent block.
  func unitCosts(with other: WeightFactors) -> Matrix<Double> {
    let n = weights.units
    var costs = Matrix<Double>(rows: n, columns: n)
    for (mine, theirs) in zip(sortedRows + sortedColumns, other.sortedRows + other.sortedColumns) {
      addSquaredDistances(mine, theirs, factor: 0.5, signed: false, to: &costs)
    }
    let isSigned = symmetry == .signedPermutations
    for (x, y) in zip(weights.blocks, other.weights.blocks) {
      switch x.role {
      case .recurrent:
        for i in 0..<n {
          for j in 0..<n {
            let (a, b) = (x.matrix[i, i], y.matrix[j, j])
            let difference = isSigned && !x.rowsAreSigned ? abs(a) - abs(b) : a - b
            costs[i, j] += difference * difference
          }
        }
      case .incoming:
        addSquaredDistances(
          x.matrix, y.matrix, factor: 1, signed: isSigned && x.rowsAreSigned, to: &costs)
      case .outgoing:
        addSquaredDistances(
          x.matrix.transposed, y.matrix.transposed, factor: 1, signed: isSigned, to: &costs)
      }
    }
    return costs
  }
}

/// Adds the squared distances between rows, with the better sign where signs are free.
private func addSquaredDistances(
  _ a: Matrix<Double>, _ b: Matrix<Double>, factor: Double, signed: Bool, to costs: inout Matrix<Double>
) {
  let (n, width) = (a.rows, a.columns)
  guard width > 0 else { return }
  // The sum of squares of differences itself: by way of |a|² + |b|² - 2ab, equals would not give exactly 0.
  a.elements.withUnsafeBufferPointer { x in
    b.elements.withUnsafeBufferPointer { y in
      for i in 0..<n {
        for j in 0..<b.rows {
          var same = SIMD8<Double>(repeating: 0)
          var opposite = same
          var k = 0
          let (p, q) = (i * width, j * width)
          while k + 8 <= width {
            var (u, v) = (SIMD8<Double>(repeating: 0), SIMD8<Double>(repeating: 0))
            for lane in 0..<8 {
              u[lane] = x[p + k + lane]
              v[lane] = y[q + k + lane]
            }
            same += (u - v) * (u - v)
            if signed { opposite += (u + v) * (u + v) }
            k += 8
          }
          var (total, turned) = (same.sum(), opposite.sum())
          while k < width {
            let (u, v) = (x[p + k], y[q + k])
            total += (u - v) * (u - v)
            if signed { turned += (u + v) * (u + v) }
            k += 1
          }
          costs.elements[i * costs.columns + j] += factor * (signed ? min(total, turned) : total)
        }
      }
    }
  }
}

/// The rows without their diagonal entries, each sorted.
private func sortedOffDiagonal(_ matrix: Matrix<Double>, absolute: Bool) -> Matrix<Double> {
  let n = matrix.rows
  var result: [Double] = []
  result.reserveCapacity(n * max(0, n - 1))
  for i in 0..<n {
    var row = Array(matrix.row(i))
    row.remove(at: i)
    if absolute { for k in row.indices { row[k] = abs(row[k]) } }
    result.append(contentsOf: row.sorted())
  }
  return Matrix(rows: n, columns: max(0, n - 1), elements: result)
}
