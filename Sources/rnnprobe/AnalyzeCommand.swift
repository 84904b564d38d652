public import ArgumentParser
import Foundation
import ProbeAnalyses
import ProbeCapture
import ProbeFindings
import ProbeOutside
public import ProbeReports
import ProbeTasks

/// `rnnprobe analyze`: one subcommand an analysis, and all that apply where none is named.
struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Compute from captures: a page to look at, tables to work with.",
    discussion: """
      Examples:
        rnnprobe analyze fixed-points flipflop.h5 -o report
        rnnprobe analyze flipflop.h5 -o reports-of-flipflop
        rnnprobe analyze fixed-points --map 'python notebooks-data/outside/dale_rnn.py' -o report
      The second runs every analysis that applies, each in a folder of its own, with an index page. The third asks a
      program of yours in the place of captures.
      """,
    subcommands: AnalysisRegistry.all.map { subcommand($0) } + [AnalyzeAllCommand.self],
    defaultSubcommand: AnalyzeAllCommand.self)

  private static func subcommand<A: Analysis>(_ analysis: A.Type) -> any ParsableCommand.Type {
    AnalyzeOneCommand<A>.self
  }
}

/// What every analysis takes beside its own options.
struct AnalyzeOptions: ParsableArguments {
  @Argument(help: "Capture files.")
  var captures: [String] = []
  @Option(name: [.short, .long], help: "The report's folder.")
  var output: String?
  @Option(help: "The model, where the capture carries no weights; checked by its SHA-256.")
  var model: String?
  @Option(
    help: ArgumentHelp(
      "A program that answers for a model, instead of captures: run by the shell and asked through pipes.",
      discussion:
        "docs/outside-models.md says how to write one; for Python notebooks-data/outside has a module.",
      valueName: "command"))
  var map: String?
  @Option(help: ArgumentHelp("Seconds that an answer of the --map program may take.", valueName: "seconds"))
  var mapTimeout = 300.0
  @Option(help: "The plotting library: inlined into each page, or linked as one file beside it.")
  var assets: ReportWriter.Assets = .inlined

  /// Captures or a program, and not both.
  func validate() throws {
    if captures.isEmpty && map == nil { throw ValidationError("Missing expected argument '<captures> ...'") }
    if let map, let capture = captures.first {
      throw ValidationError(
        "--map '\(map)' stands in the place of captures; '\(capture)' cannot be analysed beside it")
    }
    if map != nil && model != nil {
      throw ValidationError("--model names a capture's model; --map has its own")
    }
    if !(mapTimeout > 0) || mapTimeout > 1e6 {
      throw ValidationError("--map-timeout must be above 0 and at most 1,000,000 seconds")
    }
  }

  /// Starts the program of `--map`, if there is one.
  func program() throws -> OutsideProgram? {
    try map.map { try OutsideProgram(command: $0, timeout: mapTimeout) }
  }

  /// Opens the captures; a word that is no file gets the nearest analysis suggested.
  func open() throws -> [NamedCapture] {
    for path in captures where !FileManager.default.fileExists(atPath: path) {
      let known = AnalysisRegistry.all.map { $0.name }
      if !path.contains("/"), !path.contains("."), let nearest = nearestName(to: path, among: known) {
        throw CommandError.wrong(
          "'\(path)' is neither an analysis nor a file; did you mean '\(nearest)'? Analyses: "
            + known.joined(separator: ", "))
      }
      throw CommandError.wrong("there is no capture at \(path)")
    }
    return NamedCapture.named(try captures.map { try CaptureReader($0) })
  }

  func context(_ common: CommonOptions, line: ProgressLine) -> AnalysisContext {
    AnalysisContext(
      threads: common.threads, seed: common.seed, modelPath: model, command: Program.command,
      programVersion: Program.version, isCancelled: { Interruption.first.hasCome },
      progress: { text, share in
        line.show(share.map { "\(text), \(Int($0 * 100)) %" } ?? text, force: true)
      })
  }
}

extension ReportWriter.Assets: ExpressibleByArgument {}

/// One analysis, wrapped for the command line.
struct AnalyzeOneCommand<A: Analysis>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: A.name, abstract: A.summary, discussion: "Example: \(A.example)")
  }

  @OptionGroup var analyze: AnalyzeOptions
  @OptionGroup var options: A.Options
  @OptionGroup var common: CommonOptions

  func run() throws {
    let line = ProgressLine()
    defer { line.end() }
    let context = analyze.context(common, line: line)
    let findings: Findings
    if let program = try analyze.program() {
      if let fault = A.obstacle(program) { throw CommandError.wrong("--map: \(fault)") }
      findings = try A.run(program, options: options, context: context)
    } else {
      findings = try A.run(try analyze.open(), options: options, context: context)
    }
    let folder = analyze.output ?? A.name
    try ReportWriter(assets: analyze.assets).write(findings, to: folder)
    line.end()
    Output.show(findings, folder: folder, json: common.json)
  }
}

/// Every analysis that applies.
struct AnalyzeAllCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "all", abstract: "Every analysis that applies, in a folder each, with an index page.",
    discussion: "Example: rnnprobe analyze flipflop.h5 -o reports-of-flipflop")

  @OptionGroup var analyze: AnalyzeOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let line = ProgressLine()
    defer { line.end() }
    let program = try analyze.program()
    let captures = try analyze.open()
    let context = analyze.context(common, line: line)
    var all: [Findings] = []
    var skipped: [String] = []
    for analysis in AnalysisRegistry.all {
      let obstacle =
        captures.lazy.compactMap { capture in
          analysis.obstacle(capture.reader, modelPath: context.modelPath).map { "\(capture.name): \($0)" }
        }.first ?? (program == nil ? analysis.obstacle(captures) : nil)
        ?? program.flatMap { analysis.obstacle($0) }
      if let obstacle {
        skipped.append("\(analysis.name): \(obstacle).")
      } else {
        all.append(try Self.run(analysis, program, captures, context))
      }
    }
    let folder = analyze.output ?? "reports"
    let title =
      program?.offer.name ?? (captures.count == 1 ? captures[0].name : "\(captures.count) captures")
    try ReportWriter(assets: analyze.assets).write(all, skipped: skipped, title: title, to: folder)
    line.end()
    if common.json {
      print(JSON.array(all.map(\.summary)).prettyText)
    } else {
      for findings in all { Output.show(findings, folder: folder + "/" + findings.analysis, json: false) }
    }
    for text in skipped { Console.error("skipped \(text)") }
  }

  private static func run<A: Analysis>(
    _ analysis: A.Type, _ program: OutsideProgram?, _ captures: [NamedCapture], _ context: AnalysisContext
  ) throws -> Findings {
    let options = try A.Options.parse([])
    if let program { return try A.run(program, options: options, context: context) }
    return try A.run(captures, options: options, context: context)
  }
}

/// What is printed of findings.
enum Output {
  static func show(_ findings: Findings, folder: String, json: Bool) {
    if json {
      print(findings.summary.prettyText)
      return
    }
    print(findings.headline)
    for warning in findings.warnings { Console.error("warning: \(warning)") }
    print("\(folder)/index.html")
  }
}
