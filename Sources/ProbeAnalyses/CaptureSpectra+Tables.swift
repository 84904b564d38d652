import ComplexModule
import ProbeDynamics
import ProbeFindings
import RealModule

extension CaptureSpectra {
  /// `spectra.csv`.
  static func weightTable(_ parts: [CaptureSpectra]) -> Table {
    var (captures, matrices, ranks): ([String?], [String?], [Int?]) = ([], [], [])
    var (real, imaginary, modulus, singular): ([Double?], [Double?], [Double?], [Double?]) = ([], [], [], [])
    for part in parts {
      for spectrum in part.weights {
        for rank in 0..<max(spectrum.eigenvalues.count, spectrum.singularValues.count) {
          captures.append(part.capture)
          matrices.append(spectrum.matrix)
          ranks.append(rank)
          let value = rank < spectrum.eigenvalues.count ? spectrum.eigenvalues[rank] : nil
          real.append(value?.real)
          imaginary.append(value?.imaginary)
          modulus.append(value?.length)
          singular.append(rank < spectrum.singularValues.count ? spectrum.singularValues[rank] : nil)
        }
      }
    }
    let columns: [Column] = [
      .string("capture", captures, description: "the capture's name"),
      .string("matrix", matrices, description: "the tensor"),
      .integer("rank", ranks, description: "0 for the largest"),
      .real("re", real, description: "real part of the eigenvalue"),
      .real("im", imaginary, description: "imaginary part"),
      .real("modulus", modulus, description: "modulus of the eigenvalue"),
      .real("singular_value", singular, description: "singular value of the same rank"),
    ]
    return Table(
      name: "spectra", title: "Spectra of the weight matrices",
      caption: "Eigenvalues of square matrices and singular values of all, each by decreasing size.",
      columns: columns)
  }

  /// `trajectory_jacobians.csv`.
  static func jacobianTable(_ parts: [CaptureSpectra]) -> Table {
    let rows: [(name: String, spectrum: JacobianSpectrum)] = parts.flatMap { part in
      part.jacobians.map { (part.capture, $0) }
    }
    func real(_ value: (JacobianSpectrum) -> Double?) -> [Double?] { rows.map { value($0.spectrum) } }
    func integer(_ value: (JacobianSpectrum) -> Int?) -> [Int?] { rows.map { value($0.spectrum) } }
    let origin = parts.first?.stateOrigin ?? .recorded
    let isRecorded = origin == .recorded
    let columns: [Column] = [
      .string("capture", rows.map { $0.name }, description: "the capture's name"),
      .integer("trial", integer { $0.trial }, description: "the trial"),
      .integer("time", integer { $0.step }, unit: "steps", description: "the step whose state it is"),
      .real(
        "spectral_radius", real { $0.eigenvalues.first?.length },
        description: "largest modulus of an eigenvalue"),
      .integer(
        "n_unstable", integer { $0.eigenvalues.count { $0.length > 1 } },
        description: "eigenvalues with modulus above 1"),
      .real("sigma_max", real { $0.largestSingularValue }, description: "largest singular value"),
      .real(
        "non_normality", real { $0.nonNormality }, description: "Henrici's departure from normality"),
    ]
    return Table(
      name: "trajectory_jacobians",
      title: isRecorded
        ? "The Jacobian along recorded trajectories" : "The Jacobian at \(origin.adjective) states",
      caption: "dF/dstate at \(origin.adjective) states, "
        + (isRecorded ? "each with the input of its next step." : "at \(parts.first?.drive ?? "")."),
      columns: columns)
  }

  /// `lyapunov.csv`.
  static func lyapunovTable(_ parts: [CaptureSpectra]) -> Table {
    let rows: [(part: CaptureSpectra, rank: Int)] = parts.flatMap { part in
      part.lyapunov.exponents.indices.map { (part, $0) }
    }
    let columns: [Column] = [
      .string("capture", rows.map { $0.part.capture }, description: "the capture's name"),
      .integer("rank", rows.map { $0.rank }, description: "0 for the largest"),
      .real(
        "exponent", rows.map { $0.part.lyapunov.exponents[$0.rank] }, unit: "nats/step",
        description: "the exponent"),
      .real(
        "standard_error", rows.map { $0.part.lyapunov.standardErrors[$0.rank] }, unit: "nats/step",
        description: "its standard error"),
      .integer(
        "steps", rows.map { $0.part.lyapunov.steps }, unit: "steps", description: "steps averaged over"),
    ]
    return Table(
      name: "lyapunov", title: "Lyapunov exponents",
      caption: "Standard errors by batch means over 20 blocks of steps.", columns: columns)
  }
}
