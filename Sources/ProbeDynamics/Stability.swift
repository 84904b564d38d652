import ComplexModule
public import ProbeLinearAlgebra
import RealModule

/// How a map behaves near a fixed point, to first order, and how sure that is.
public struct Stability: Sendable {
  /// The answer.
  public enum Verdict: String, Sendable {
    /// Every eigenvalue lies inside the unit circle by more than its error bound.
    case stable
    /// Some eigenvalue lies outside by more than its error bound.
    case unstable
    /// Neither can be said.
    case undecided
  }

  /// The answer.
  public let verdict: Verdict
  /// Some eigenvalue satisfies |ln|lambda|| < 1 / trial length: a mode that lasts as long as the task looks.
  public let isMarginal: Bool
  /// How many eigenvalues have a modulus above 1.
  public let unstableCount: Int
  /// Eigenvalues and eigenvectors of J, by decreasing modulus.
  public let eigen: EigenDecomposition
  /// A first-order bound on the error of each eigenvalue.
  public let errors: [Double]
  /// Henrici's departure from normality, (||J||_F² - sum |lambda|²)^0.5.
  public let nonNormality: Double

  /// The largest modulus.
  public var spectralRadius: Double { eigen.values.first?.length ?? 0 }

  /// Decomposes a Jacobian and judges it.
  ///
  /// The error of lambda_k is at most |dJ| / |w_k^H v_k| to first order (Golub & Van Loan, Matrix Computations, 4th
  /// ed. 2013, section 7.2.2), where dJ gathers LAPACK's backward error, the enclosure's rounding and position
  /// errors, and half an ulp of the stored weights' type.
  ///
  /// - Parameters:
  ///   - jacobian: `[n, n]`.
  ///   - jacobianError: a bound on its error in the 2-norm.
  ///   - weightRounding: half an ulp of the weights' type, relative: 2^-24 for f32.
  ///   - trialLength: steps; what lasts longer is marginal.
  ///   - isDifferentiable: false on a kink, where nothing is decided.
  /// - Throws: ``LinearAlgebraError``.
  public init(
    jacobian: Matrix<Double>, jacobianError: Double, weightRounding: Double, trialLength: Double,
    isDifferentiable: Bool
  ) throws(LinearAlgebraError) {
    let eigen = try EigenDecomposition(jacobian)
    let norm = jacobian.frobeniusNorm
    let n = Double(jacobian.rows)
    let perturbation = n.squareRoot() * 0x1p-52 * norm + jacobianError + weightRounding * norm
    errors = eigen.values.indices.map { k in
      var overlap = Complex<Double>.zero
      for index in eigen.left[k].indices { overlap += eigen.left[k][index].conjugate * eigen.right[k][index] }
      return overlap.length > 0 ? perturbation / overlap.length : .infinity
    }
    self.eigen = eigen
    let moduli = eigen.values.map(\.length)
    unstableCount = moduli.count { $0 > 1 }
    isMarginal = moduli.contains { abs(Double.log($0)) < 1 / trialLength }
    var squares = 0.0
    for modulus in moduli { squares += modulus * modulus }
    nonNormality = max(0, norm * norm - squares).squareRoot()
    if !isDifferentiable {
      verdict = .undecided
    } else if zip(moduli, errors).contains(where: { $0 - $1 > 1 }) {
      verdict = .unstable
    } else if zip(moduli, errors).allSatisfy({ $0 + $1 < 1 }) {
      verdict = .stable
    } else {
      verdict = .undecided
    }
  }

  /// -1 / ln|lambda| in steps: infinite on the circle, negative for growth, 0 for lambda = 0.
  public static func timeConstant(_ modulus: Double) -> Double {
    modulus == 0 ? 0 : (modulus == 1 ? .infinity : -1 / Double.log(modulus))
  }
}
