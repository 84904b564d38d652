import ArgumentParser
import Foundation
import ProbeLinearAlgebra

/// The program: parses, runs, prints errors and ends with the exit codes that the documentation promises.
@main
enum Entry {
  static func main() {
    // Blocks of trials take and give back the same large buffers.
    ProcessMemory.keepLargeBuffers()
    // Parallelism is over trials and starts; two BLAS threads beside another busy process fall to a tenth of one.
    BLASLibrary.useOneThread()
    do {
      var command = try RNNProbe.parseAsRoot()
      try command.run()
    } catch {
      let code = ExitStatus(error)
      if case .done = code {
        // --help and --version are "errors" that carry the text to print.
        print(RNNProbe.fullMessage(for: error))
      } else if error is ExitCode {
        end(code)
      } else if RNNProbe.exitCode(for: error) == .validationFailure {
        Console.error(RNNProbe.fullMessage(for: error))
      } else {
        Console.error("rnnprobe: \(error)")
      }
      end(code)
    }
  }

  /// Ends without the handlers that run at exit: after a failed write libhdf5's own would write again, and crash.
  private static func end(_ code: ExitStatus) -> Never {
    fflush(nil)
    _exit(code.rawValue)
  }
}

/// The whole command.
struct RNNProbe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rnnprobe",
    abstract: "Look inside sequence models: record hidden states, find what computes in them.",
    discussion: """
      Example: from a trained network to a page.
        rnnprobe capture notebooks-data/models/flipflop-gru.safetensors \\
          --task flipflop -o flipflop.h5
        rnnprobe analyze fixed-points flipflop.h5 -o report
      Then open report/index.html. `rnnprobe help SUBCOMMAND` ends in examples that work as typed.
      """,
    version: Program.version,
    subcommands: [
      CaptureCommand.self, AnalyzeCommand.self, MergeCommand.self, InspectCommand.self, ListCommand.self,
    ])
}

/// What the program calls itself.
enum Program {
  static let version = "0.1.0"
  /// The command line as typed, for provenance.
  static var command: String {
    (["rnnprobe"] + CommandLine.arguments.dropFirst()).map { argument in
      argument.contains(where: { " \"'\\$*?".contains($0) }) ? "'\(argument)'" : argument
    }.joined(separator: " ")
  }
}
