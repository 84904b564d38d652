import Foundation
import Glibc
import Testing

/// The built `rnnprobe`, run as a child process.
enum CommandLineProgram {
  /// How a run ended and what it wrote.
  struct Result: CustomStringConvertible {
    /// The exit code; nil where a signal ended the process.
    let status: Int32?
    /// The signal that ended the process.
    let signal: Int32?
    /// Whether it was ended because its time was up.
    let isOutOfTime: Bool
    let output: String
    let error: String

    var description: String {
      "status \(status.map { "\($0)" } ?? "none"), signal \(signal.map { "\($0)" } ?? "none")\n\(output)\n\(error)"
    }
  }

  /// A child that runs.
  struct Child {
    let identifier: pid_t
    let arguments: [String]
    fileprivate let folder: TemporaryFolder

    /// Waits for the end; SIGKILL after the given time.
    func wait(timeLimit: Double = 240) throws -> Result {
      let begin = ContinuousClock.now
      var status: Int32 = 0
      var isOutOfTime = false
      while waitpid(identifier, &status, WNOHANG) == 0 {
        if ContinuousClock.now - begin > .seconds(timeLimit), !isOutOfTime {
          isOutOfTime = true
          kill(identifier, SIGKILL)
        }
        usleep(2000)
      }
      let signal = status & 0x7f
      return Result(
        status: signal == 0 ? (status >> 8) & 0xff : nil, signal: signal == 0 ? nil : signal,
        isOutOfTime: isOutOfTime,
        output: try folder.text("output"), error: try folder.text("error"))
    }
  }

  /// The executable beside the test bundle, or in the package's build folder.
  static let path: String? = {
    let package = packageFolder
    let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path()
    let candidates = [
      beside + "rnnprobe", package + "/.build/debug/rnnprobe", package + "/.build/release/rnnprobe",
    ]
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// The package's root.
  static let packageFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path().trimmingSuffix("/")

  /// A shipped model.
  static func model(_ name: String) -> String { "\(packageFolder)/notebooks-data/models/\(name).safetensors" }

  /// Starts the program in a folder, by default one of its own; writes to files fail beyond a limit of bytes.
  static func start(
    _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:],
    fileSizeLimit: Int? = nil
  ) throws -> Child {
    let program = try #require(path, "there is no rnnprobe beside the tests")
    let own = try TemporaryFolder()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, own.path + "/output", O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, own.path + "/error", O_WRONLY | O_CREAT, 0o600)
    var variables = ProcessInfo.processInfo.environment
    // A child holds copies of what other tests have open, and with them HDF5's locks.
    variables["HDF5_USE_FILE_LOCKING"] = "FALSE"
    for (name, value) in environment { variables[name] = value }
    // The shell only changes folder and limit, and becomes the program. The limit is in blocks of 512 bytes; with its
    // signal ignored a write beyond it fails, as on a full disk.
    let limit = fileSizeLimit.map { "trap '' XFSZ && ulimit -f \($0 / 512) && " } ?? ""
    let shell = [
      "/bin/sh", "-c", limit + "cd \"$1\" && shift && exec \"$@\"", "sh", folder ?? own.path, program,
    ]
    let words = (shell + arguments).map { strdup($0) } + [nil]
    let settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + settings { free(word) } }
    var identifier: pid_t = 0
    let code = posix_spawn(&identifier, shell[0], &actions, nil, words, settings)
    try #require(code == 0, "cannot start \(program): \(String(cString: strerror(code)))")
    return Child(identifier: identifier, arguments: arguments, folder: own)
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:],
    fileSizeLimit: Int? = nil,
    timeLimit: Double = 240
  ) throws -> Result {
    try start(arguments, in: folder, environment: environment, fileSizeLimit: fileSizeLimit)
      .wait(timeLimit: timeLimit)
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
