import ComplexModule
public import ProbeCapture
import ProbeDynamics
public import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels
public import ProbeOutside
import RealModule

/// Spectra of weight matrices and of the Jacobian along recorded trajectories, and Lyapunov exponents.
public enum SpectraAnalysis: Analysis {
  /// `spectra`.
  public static let name = "spectra"
  /// What it answers.
  public static let summary = "eigenvalues and singular values of weights and Jacobians; Lyapunov exponents"
  /// An example.
  public static let example = "rnnprobe analyze spectra flipflop.h5 -o report"

  /// Needs what fixed points need.
  public static func obstacle(_ capture: CaptureReader, modelPath: String?) -> String? {
    FixedPointsAnalysis.obstacle(capture, modelPath: modelPath)
  }

  /// Decomposes the weights and Jacobians of every capture.
  public static func run(
    _ captures: [NamedCapture], options: SpectraOptions, context: AnalysisContext
  ) throws -> Findings {
    let begin = ContinuousClock.now
    var parts: [CaptureSpectra] = []
    for capture in captures {
      if let fault = obstacle(capture.reader, modelPath: context.modelPath) {
        throw AnalysisError.unsuitable(capture: capture.reader.path, analysis: name, fault: fault)
      }
      context.progress("\(capture.name): decomposing weights and Jacobians", nil)
      do {
        parts.append(try CaptureSpectra(capture, options: options, context: context))
      } catch let error as LinearAlgebraError {
        // States or weights that overflowed: the message must say whose.
        throw AnalysisError.unsuitable(capture: capture.reader.path, analysis: name, fault: "\(error)")
      }
    }
    return findings(
      parts, title: captures.count == 1 ? captures[0].name : "\(captures.count) networks",
      model: captures.count == 1 ? captures[0].reader.foundModel : nil,
      captures: captures.map {
        CaptureIdentity(
          name: $0.name, path: $0.reader.path, sha256: (try? $0.reader.contentHash()) ?? "",
          model: $0.reader.foundModel)
      }, options: options, context: context, begin: begin)
  }

  /// Needs a map.
  public static func obstacle(_ program: OutsideProgram) -> String? { program.mapObstacle }

  /// Decomposes the Jacobian of an outside program's map.
  ///
  /// - Throws: ``AnalysisError`` and `OutsideError`.
  public static func run(
    _ program: OutsideProgram, options: SpectraOptions, context: AnalysisContext
  ) throws -> Findings {
    let begin = ContinuousClock.now
    context.progress("\(program.offer.name): asking for Jacobians", nil)
    let part = try CaptureSpectra(program, options: options, context: context)
    return findings(
      [part], title: program.offer.name, model: program.foundModel, captures: [], options: options,
      context: context, begin: begin)
  }

  private static func findings(
    _ parts: [CaptureSpectra], title: String, model: ProbeFindings.ModelIdentity?,
    captures: [CaptureIdentity], options: SpectraOptions, context: AnalysisContext,
    begin: ContinuousClock.Instant
  ) -> Findings {
    let elapsed = ContinuousClock.now - begin
    return Findings(
      analysis: name,
      title: "Spectra of " + title,
      headline: parts.first?.headline ?? "No capture was analysed.",
      numbers: parts.first?.numbers ?? [],
      warnings: parts.flatMap(\.warnings), figures: parts.first?.figures() ?? [],
      tables: [
        CaptureSpectra.weightTable(parts), CaptureSpectra.jacobianTable(parts),
        CaptureSpectra.lyapunovTable(parts),
      ],
      options: [
        UsedOption(
          "states", .integer(options.states),
          meaning: "\(parts.first?.stateOrigin.adjective ?? "recorded") states with a Jacobian"),
        UsedOption(
          "exponents", .integer(parts.first?.lyapunov.exponents.count ?? 0), meaning: "Lyapunov exponents"),
        UsedOption("lyapunov-steps", .integer(options.lyapunovSteps), meaning: "steps that count"),
        UsedOption(
          "lyapunov-discard", .integer(options.lyapunovDiscard), meaning: "steps that align the directions"),
        UsedOption(
          "lyapunov-input", .string(parts.first?.drive ?? ""), meaning: "what drives the network meanwhile"),
      ],
      seeds: [UsedSeed("seed", context.seed)],
      versions: [
        UsedVersion("rnnprobe", context.programVersion), UsedVersion("OpenBLAS kernels", BLASLibrary.core),
      ],
      model: model, captures: captures,
      command: context.command,
      wallSeconds: elapsed.seconds)
  }
}
