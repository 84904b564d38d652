import Foundation

/// Programs that some tests need and the package does not.
enum OtherPrograms {
  /// The Pythons to try: `RNNPROBE_PYTHON`, or every `python3` of the search path.
  private static var pythons: [String] {
    ProcessInfo.processInfo.environment["RNNPROBE_PYTHON"].map { [$0] } ?? found("python3")
  }

  /// A Python for which some imports succeed, or nil.
  static func python(_ imports: String) -> String? {
    pythons.first { (try? EndedProcess($0, ["-c", imports]))?.status == 0 }
  }

  /// The words that start Snakemake: the search path's `snakemake`, or the module of a Python; nil where it is absent.
  static let snakemake: [String]? = {
    if let program = found("snakemake").first { return [program] }
    return python("import snakemake").map { [$0, "-m", "snakemake"] }
  }()

  /// The executables of a name in the search path.
  private static func found(_ name: String) -> [String] {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
      .filter { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

/// A child process that has ended.
struct EndedProcess {
  let status: Int32
  /// Standard output and standard error together.
  let output: String

  /// Runs a program to its end; `environment` is laid over this process's own.
  init(
    _ program: String, _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]
  ) throws {
    // A file, not a pipe: a child never waits for its reader.
    let log = FileManager.default.temporaryDirectory.appendingPathComponent("rnnprobe-child-\(UUID())")
    try Data().write(to: log)
    defer { try? FileManager.default.removeItem(at: log) }
    let handle = try FileHandle(forWritingTo: log)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder.map { URL(fileURLWithPath: $0) } ?? log.deletingLastPathComponent()
    var variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // A notebook's kernel chooses how figures are drawn.
    variables["MPLBACKEND"] = nil
    // A child holds copies of what other tests have open, and with them HDF5's locks.
    variables["HDF5_USE_FILE_LOCKING"] = "FALSE"
    process.environment = variables
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    process.waitUntilExit()
    try handle.close()
    status = process.terminationStatus
    output = String(decoding: try Data(contentsOf: log), as: UTF8.self)
  }
}
