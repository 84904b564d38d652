public import ArgumentParser
public import ProbeCapture
public import ProbeFindings
public import ProbeOutside

/// An analysis: its options, what it needs of a capture, and what it finds.
///
/// A new analysis is one file that conforms to this, and one line in ``AnalysisRegistry``; the command line wraps it
/// generically.
public protocol Analysis: SendableMetatype {
  /// The analysis's own options.
  associatedtype Options: ParsableArguments & Sendable
  /// The name on the command line.
  static var name: String { get }
  /// What it answers, in one sentence.
  static var summary: String { get }
  /// An example as it is typed.
  static var example: String { get }
  /// Why a capture cannot be analysed, or nil.
  static func obstacle(_ capture: CaptureReader, modelPath: String?) -> String?
  /// Why captures that have no obstacle each cannot be analysed together, or nil.
  static func obstacle(_ captures: [NamedCapture]) -> String?
  /// Analyses captures together.
  ///
  /// - Throws: ``AnalysisError`` and the errors of what it reads and computes.
  static func run(_ captures: [NamedCapture], options: Options, context: AnalysisContext) throws -> Findings
  /// Why a program given by `--map` cannot be analysed, or nil.
  static func obstacle(_ program: OutsideProgram) -> String?
  /// Analyses what a program given by `--map` answers.
  ///
  /// - Throws: ``AnalysisError``, `OutsideError` and the errors of what it computes.
  static func run(_ program: OutsideProgram, options: Options, context: AnalysisContext) throws -> Findings
}

extension Analysis {
  /// Most analyses take any number of captures.
  public static func obstacle(_ captures: [NamedCapture]) -> String? { nil }

  /// Most analyses read captures alone.
  public static func obstacle(_ program: OutsideProgram) -> String? {
    "\(name) reads captures and cannot ask a program"
  }

  /// Throws the obstacle.
  public static func run(
    _ program: OutsideProgram, options: Options, context: AnalysisContext
  ) throws -> Findings {
    throw AnalysisError.option(name: "--map", fault: obstacle(program) ?? "\(name) reads captures alone")
  }
}

/// An open capture and the name it has in tables.
public struct NamedCapture: Sendable {
  /// The file's stem; duplicates get their folder's name, and where that is not enough their whole path.
  public let name: String
  /// The open file.
  public let reader: CaptureReader

  /// Names captures by their files' stems; where two are equal, by folder and stem.
  public static func named(_ readers: [CaptureReader]) -> [NamedCapture] {
    let parts = readers.map { $0.path.split(separator: "/").map(String.init) }
    func stem(_ path: [String]) -> String {
      let last = path.last ?? "capture"
      return last.hasSuffix(".h5") ? String(last.dropLast(3)) : last
    }
    let stems = parts.map(stem)
    let inFolders = zip(parts, stems).map { $0.count > 1 ? $0[$0.count - 2] + "/" + $1 : $1 }
    let counts = [stems, inFolders].map { names in
      names.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    }
    return readers.indices.map { index in
      let (name, longer) = (stems[index], inFolders[index])
      let whole = (parts[index].dropLast() + [name]).joined(separator: "/")
      return NamedCapture(
        name: counts[0][name] == 1 ? name : (counts[1][longer] == 1 ? longer : whole), reader: readers[index])
    }
  }
}

/// What every analysis is given beside its options.
public struct AnalysisContext: Sendable {
  /// How many threads may run.
  public var threads: Int
  /// The seed of everything random.
  public var seed: UInt64
  /// A model to use where the capture carries none, as given by `--model`.
  public var modelPath: String?
  /// The command as typed.
  public var command: String
  /// This program's version.
  public var programVersion: String
  /// Whether someone wants the analysis to end with what it has.
  public var isCancelled: @Sendable () -> Bool
  /// Called with what is being done and, where known, how far it is, between 0 and 1.
  public var progress: @Sendable (String, Double?) -> Void

  /// Gathers the parts.
  public init(
    threads: Int, seed: UInt64, modelPath: String? = nil, command: String, programVersion: String,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (String, Double?) -> Void = { _, _ in }
  ) {
    self.threads = threads
    self.seed = seed
    self.modelPath = modelPath
    self.command = command
    self.programVersion = programVersion
    self.isCancelled = isCancelled
    self.progress = progress
  }
}

/// Every analysis, by name.
public enum AnalysisRegistry {
  /// The analyses, in the order they are listed and run in.
  public static let all: [any Analysis.Type] = [
    FixedPointsAnalysis.self, SpectraAnalysis.self, HeadsAnalysis.self, AutomatonAnalysis.self,
    NextSymbolsAnalysis.self, MarkovStatesAnalysis.self, DegeneracyAnalysis.self,
  ]
}
