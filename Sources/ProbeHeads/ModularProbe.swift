public import ProbeLinearAlgebra
import RealModule

/// Whether a representation of ordered words holds their place modulo k, in a way that lists share.
///
/// For each list, a ridge map from representation to one-hot (place mod k) is fitted on all other lists and
/// read off on this one. Needs no sparse autoencoder; that of Gould et al. 2024 (arXiv 2312.09230) found
/// features modulo 10.
public struct ModularProbe: Sendable {
  /// How a domain was read by a map fitted on the others.
  public struct Domain: Sendable, Equatable {
    /// The domain's number.
    public let domain: Int
    /// Its samples.
    public let samples: Int
    /// Those whose residue was read rightly.
    public let correct: Int
  }

  /// What one modulus gives.
  public struct Result: Sendable, Equatable {
    /// k.
    public let modulus: Int
    /// The share of samples whose residue is read rightly with their own domain left out.
    public let accuracy: Double
    /// The domains, by number.
    public let domains: [Domain]
    /// What guessing a residue at random gets: 1 / k.
    public let chance: Double
    /// What always answering with the most frequent residue of the fitted domains gets.
    public let majority: Double
    /// The share of all variance that the residues' means hold at frequency 1 / k.
    public let fundamentalShare: Double
  }

  /// The ridge penalty, in units of the mean squared length of a centred sample.
  public var penalty: Double

  /// A probe.
  public init(penalty: Double = 0.1) {
    self.penalty = penalty
  }

  /// Probes all moduli.
  ///
  /// - Parameters:
  ///   - representation: `[sample, width]`.
  ///   - index: each sample's place in its list.
  ///   - domains: each sample's list.
  ///   - moduli: k, each at least 2.
  /// - Returns: one result a modulus; empty for fewer than two domains.
  /// - Throws: ``LinearAlgebraError`` if a number is not finite.
  /// - Complexity: O(domains samples² min(samples, width)).
  public func callAsFunction(
    _ representation: Matrix<Double>, index: [Int], domains: [Int], moduli: ClosedRange<Int> = 2...20
  ) throws(LinearAlgebraError) -> [Result] {
    precondition(
      representation.rows == index.count && index.count == domains.count,
      "each sample has a representation, a place and a domain")
    precondition(moduli.lowerBound >= 2, "a modulus is at least 2")
    let names = Set(domains).sorted()
    guard names.count > 1 else { return [] }
    var correct = [Int: [Int]]()
    var majority = [Int: Int]()
    let offsets = moduli.map { k in moduli.prefix { $0 < k }.reduce(0, +) }
    let columns = moduli.reduce(0, +)
    for name in names {
      let fitted = domains.indices.filter { domains[$0] != name }
      let tested = domains.indices.filter { domains[$0] == name }
      // All moduli are targets of one fit.
      var targets = Matrix<Double>(rows: fitted.count, columns: columns)
      for (row, sample) in fitted.enumerated() {
        for (k, offset) in zip(moduli, offsets) { targets[row, offset + residue(index[sample], k)] = 1 }
      }
      let inputs = rows(representation, fitted)
      let scores = try RidgeMap(inputs: inputs, targets: targets, penalty: absolutePenalty(inputs))(
        rows(representation, tested))
      for (k, offset) in zip(moduli, offsets) {
        let right = tested.enumerated().count { row, sample in
          let best = (0..<k).reduce(0) { scores[row, offset + $1] > scores[row, offset + $0] ? $1 : $0 }
          return best == residue(index[sample], k)
        }
        correct[k, default: []].append(right)
        let counts = (0..<k).map { c in fitted.count { residue(index[$0], k) == c } }
        let mode = (0..<k).reduce(0) { counts[$1] > counts[$0] ? $1 : $0 }
        majority[k, default: 0] += tested.count { residue(index[$0], k) == mode }
      }
    }
    let sizes = names.map { name in domains.count { $0 == name } }
    return moduli.map { k in
      let right = correct[k] ?? []
      return Result(
        modulus: k, accuracy: Double(right.reduce(0, +)) / Double(index.count),
        domains: zip(names, zip(sizes, right)).map { Domain(domain: $0, samples: $1.0, correct: $1.1) },
        chance: 1 / Double(k),
        majority: Double(majority[k] ?? 0) / Double(index.count),
        fundamentalShare: fundamentalShare(representation, index: index, modulus: k))
    }
  }

  /// The directions that read each residue off: the columns of a map fitted on all samples, of length 1.
  ///
  /// - Returns: `[modulus, width]`; a row of zeros for a residue that no sample has.
  /// - Throws: ``LinearAlgebraError`` if a number is not finite.
  public func directions(
    _ representation: Matrix<Double>, index: [Int], modulus: Int
  ) throws(LinearAlgebraError) -> Matrix<Double> {
    var targets = Matrix<Double>(rows: index.count, columns: modulus)
    for (row, place) in index.enumerated() { targets[row, residue(place, modulus)] = 1 }
    let map = try RidgeMap(
      inputs: representation, targets: targets, penalty: absolutePenalty(representation))
    var directions = map.map.transposed
    for row in 0..<modulus {
      let length = euclideanNorm(directions.row(row))
      guard length > 0 else { continue }
      for column in 0..<directions.columns { directions[row, column] /= length }
    }
    return directions
  }

  private func absolutePenalty(_ inputs: Matrix<Double>) -> Double {
    let squares = RidgeMap.centred(inputs).0.elements.reduce(0) { $0 + $1 * $1 }
    let scale = squares / Double(max(1, inputs.rows))
    return scale > 0 && scale.isFinite ? penalty * scale : penalty
  }
}

/// The share of a representation's variance that the means of residue classes hold at frequency 1 / modulus.
///
/// With m_c the mean of class c less the mean of all classes, and M = Σ m_c exp(-2πi c / k), the variance of
/// the class means at that frequency (and its conjugate) is 2 ‖M‖² / k², or ‖M‖² / k² for k = 2. Divided by
/// the mean squared distance of samples from their mean: 1 for a circle traversed once every k places, with
/// all classes alike in size.
///
/// - Returns: 0 where nothing varies or a class has no sample.
public func fundamentalShare(_ representation: Matrix<Double>, index: [Int], modulus: Int) -> Double {
  let width = representation.columns
  var sums = Matrix<Double>(rows: modulus, columns: width)
  var counts = [Double](repeating: 0, count: modulus)
  let centred = RidgeMap.centred(representation).0
  for (row, place) in index.enumerated() {
    let c = residue(place, modulus)
    counts[c] += 1
    for column in 0..<width { sums[c, column] += centred[row, column] }
  }
  let total = centred.elements.reduce(0) { $0 + $1 * $1 } / Double(max(1, index.count))
  guard total > 0 && counts.allSatisfy({ $0 > 0 }) else { return 0 }
  var power = 0.0
  for column in 0..<width {
    var (real, imaginary) = (0.0, 0.0)
    for c in 0..<modulus {
      let angle = 2 * Double.pi * Double(c) / Double(modulus)
      let mean = sums[c, column] / counts[c]
      real += mean * .cos(angle)
      imaginary -= mean * .sin(angle)
    }
    power += real * real + imaginary * imaginary
  }
  return (modulus == 2 ? 1 : 2) * power / Double(modulus * modulus) / total
}

/// The residue in 0..<modulus.
func residue(_ place: Int, _ modulus: Int) -> Int {
  let remainder = place % modulus
  return remainder < 0 ? remainder + modulus : remainder
}

private func rows(_ matrix: Matrix<Double>, _ indices: [Int]) -> Matrix<Double> {
  Matrix(rows: indices.count, columns: matrix.columns, elements: indices.flatMap { matrix.row($0) })
}
