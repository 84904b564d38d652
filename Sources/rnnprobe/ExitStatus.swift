import ArgumentParser
import ProbeAnalyses
import ProbeCapture
import ProbeCheckpoints
import ProbeHDF5
import ProbeModels
import ProbeOutside
import ProbeReports
import ProbeTasks
import ProbeTokenizers

/// How the program ends.
enum ExitStatus: Int32 {
  /// All is done.
  case done = 0
  /// The run failed: no space, a write refused, stopped.
  case failed = 1
  /// The command was wrong: an option, a name, a combination.
  case wrongCommand = 2
  /// The input is damaged.
  case damaged = 3

  init(_ error: any Error) {
    switch error {
    case let error as ExitCode: self = ExitStatus(rawValue: error.rawValue) ?? .failed
    case let error as CheckpointError: self = Self.status(error)
    case let error as CaptureError: self = Self.status(error)
    case let error as ModelError:
      if case .weights = error { self = .damaged } else { self = .wrongCommand }
    case let error as CommandError:
      if case .damaged = error { self = .damaged } else { self = .wrongCommand }
    case let error as TaskError:
      if case .file = error { self = .damaged } else { self = .wrongCommand }
    case let error as TokenizerError:
      if case .unreadable = error { self = .wrongCommand } else { self = .damaged }
    case let error as FolderCaptureError: self = error.status
    case let error as OutsideError: self = Self.status(error)
    case is AnalysisError: self = .wrongCommand
    case is HDF5Error: self = .damaged
    case let error as ReportError:
      if case .foreignFiles = error { self = .wrongCommand } else { self = .failed }
    default:
      switch RNNProbe.exitCode(for: error) {
      case .success: self = .done
      case .validationFailure: self = .wrongCommand
      default: self = .failed
      }
    }
  }

  private static func status(_ error: CheckpointError) -> ExitStatus {
    switch error {
    case .damaged, .notFinite, .unrecognised, .unsupported: .damaged
    case .unwritable: .failed
    case .unreadable, .missingTensor, .mismatched: .wrongCommand
    }
  }

  private static func status(_ error: OutsideError) -> ExitStatus {
    switch error {
    case .start, .version, .offer: .wrongCommand
    case .ended, .silent, .refused: .failed
    case .framing, .answer: .damaged
    }
  }

  private static func status(_ error: CaptureError) -> ExitStatus {
    switch error {
    case .unreadable, .format, .version, .damaged: .damaged
    case .site, .range, .exists, .unfinished, .resume, .trials: .wrongCommand
    case .write, .noSpace, .system, .cancelled: .failed
    }
  }
}

/// A command that parses but cannot be meant, or that was given unusable inputs.
enum CommandError: Error, CustomStringConvertible {
  /// What was attempted, what was seen, what would be right.
  case wrong(String)
  /// A file of inputs does not hold what it should.
  case damaged(String)

  var description: String {
    switch self {
    case .wrong(let text), .damaged(let text): text
    }
  }
}
