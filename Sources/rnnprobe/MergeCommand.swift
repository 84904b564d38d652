import ArgumentParser
import ProbeAnalyses
import ProbeReports

/// `rnnprobe merge`.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Join the parts of an analysis that was run with --shard i/n.",
    discussion: """
      Example:
        rnnprobe analyze degeneracy captures/*.h5 --shard 1/2 -o part1
        rnnprobe analyze degeneracy captures/*.h5 --shard 2/2 -o part2
        rnnprobe merge part1 part2 -o report
      Parts carry what the report is made from; the captures are not needed again. Parts that overlap, leave pairs out
      or come from different runs are refused.
      """)

  @Argument(help: "The folders of the parts.")
  var parts: [String]
  @Option(name: [.short, .long], help: "The report's folder.")
  var output: String
  @Option(help: "The plotting library: inlined into each page, or linked as one file beside it.")
  var assets: ReportWriter.Assets = .inlined
  @Flag(help: "Print the summary as JSON.")
  var json = false

  func run() throws {
    let findings = try DegeneracyMerge.findings(
      parts: parts, command: Program.command, programVersion: Program.version)
    try ReportWriter(assets: assets).write(findings, to: output)
    Output.show(findings, folder: output, json: json)
  }
}
