import ProbeLinearAlgebra

/// Upper bounds on the norms of a model's weight matrices, each computed once.
///
/// Cells take slices of their weights anew at every evaluation, so a matrix is recognised by its place in the fixed
/// sequence of products that the equations go through.
public final class WeightNorms {
  /// Norms of one matrix.
  public struct Bounds: Sendable {
    /// At least the largest singular value.
    public let spectral: Double
    /// At least the Euclidean norm of each row.
    public let rows: [Double]
  }

  private var known: [Bounds] = []
  private var position = 0

  /// No norms yet.
  public init() {}

  /// Begins a new pass through the equations.
  public func restart() { position = 0 }

  /// The norms of the next matrix in the sequence.
  func bounds(of weight: Matrix<Double>) -> Bounds {
    defer { position += 1 }
    if position == known.count { known.append(Self.compute(weight)) }
    return known[position]
  }

  /// The smallest of three upper bounds on the 2-norm: Frobenius; (||W||_1 ||W||_inf)^0.5; and, for matrices up to
  /// 256, ||(W^T W)^4||_F^(1/8), which is within n^(1/16) of the truth.
  static func compute(_ weight: Matrix<Double>) -> Bounds {
    let widening = 1 + 0x1p-20
    let rows = (0..<weight.rows).map { euclideanNorm(weight.row($0)) * widening }
    var columnSums = [Double](repeating: 0, count: weight.columns)
    var largestRow = 0.0
    for row in 0..<weight.rows {
      var sum = 0.0
      for column in 0..<weight.columns {
        let magnitude = abs(weight[row, column])
        sum += magnitude
        columnSums[column] += magnitude
      }
      largestRow = max(largestRow, sum)
    }
    let frobenius = euclideanNorm(rows)
    var spectral = min(frobenius, ((columnSums.max() ?? 0) * largestRow).squareRoot())
    if frobenius > 0 && max(weight.rows, weight.columns) <= 256 {
      let scaled = Matrix(
        rows: weight.rows, columns: weight.columns, elements: weight.elements.map { $0 / frobenius })
      var power = scaled.transposed * scaled
      power = power * power
      power = power * power
      // Each product errs by less than n u in the Frobenius norm of unit-norm factors: add what is left of the bound.
      let rounding = Double(4 * 256) * 0x1p-53
      var root = power.frobeniusNorm + rounding
      for _ in 0..<3 { root = root.squareRoot() }
      spectral = min(spectral, frobenius * root)
    }
    return Bounds(spectral: spectral * widening, rows: rows)
  }
}
