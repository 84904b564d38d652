public import ArgumentParser
import Foundation
public import ProbeCapture
import ProbeModels

/// `rnnprobe capture`.
struct CaptureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture",
    abstract: "Run a model and stream its hidden states into an HDF5 file.",
    discussion: """
      Examples:
        rnnprobe capture notebooks-data/models/flipflop-gru.safetensors \\
          --task flipflop:trials=512 -o flipflop.h5
        rnnprobe capture my.pt --cell gru --inputs trials.npy \\
          --sites 'layers.*.hidden,readout' -o my.h5
        rnnprobe capture notebooks-data/models/tomita3-gru.safetensors \\
          --task tomita:n=3 --dtype f16 -o tomita.h5
        rnnprobe capture notebooks-data/models/heads-demo \\
          --task repeated-tokens:trials=64 -o repeats.h5
        rnnprobe capture path/to/Llama --task needle:file=cases.jsonl \\
          --sites '*.summary.argmax' --positions generated -o needles.h5
      A model that was trained here names its task; --task may then be left out.
      A folder with a config.json is a Hugging Face checkpoint. Of any other folder
      every model in it is captured, --threads of them side by side, and -o is a folder
      too. A model that cannot be captured is named at the end; the others are kept.
      A run that was stopped goes on with --resume; of a folder, complete captures are kept.
      """)

  @Argument(
    help: "A .safetensors, .npz or .pt file, a model.json, a Hugging Face folder, or a folder of such files.")
  var model: String
  @Option(help: "A task and its parameters, NAME:key=value,...; see rnnprobe list tasks.")
  var task: String?
  @Option(help: "Inputs from a .npy, .npz, .csv or .h5 file, [trial, time, feature].")
  var inputs: String?
  @Option(help: "Token ids from a .npy file, [trial, time].")
  var tokens: String?
  @Option(help: "A text file, one prompt a line; the model's folder needs a tokenizer.json.")
  var text: String?
  @Option(
    help:
      "Site names with * and ?, separated by commas. Default: all states and the readout; of an attention model every resid_post and the summaries."
  )
  var sites: String?
  @Option(
    help:
      "Steps that are recorded: all, generated (from the last step of each prompt on), or a list such as 0,5,10:20."
  )
  var positions: StepSelection = .all
  @Option(help: "Query heads that are recorded, such as 0,3,5. Default: all.")
  var heads: String?
  @Option(
    help: ArgumentHelp(
      "Of needle prompts: stop when the ranking's first COUNT retrieval heads, such as 20, have settled. Every second run that is kept decides; the others give scores and intervals.",
      valueName: "count"))
  var stopWhenSettled: Int?
  @Option(help: "Tokens to append to each prompt of --tokens or --text, greedily.")
  var generate = 0
  @OptionGroup var edits: InterventionOptions
  @Option(
    name: [.short, .long], help: "The file to write. Default: the model's name and .h5, in this folder.")
  var output: String?
  @Option(help: "How floating-point sites are stored: f32, f16, bf16 or f64.")
  var dtype: CaptureType = .f32
  @Option(help: "deflate or none.")
  var compression: CaptureCompression = .deflate
  @Option(help: "The arithmetic the model runs in: f32 or f64.")
  var precision: Precision = .f32
  @Option(help: "Weights above this many MiB are not stored in the capture.")
  var weightsLimit = 64
  @Flag(help: "Replace an output that is there.")
  var force = false
  @Flag(help: "Continue an unfinished output.")
  var resume = false
  @OptionGroup var modelOptions: ModelOptions
  @OptionGroup var common: CommonOptions

  /// Choices that are made once for all models.
  struct Choices: Sendable {
    /// The trials of `--inputs` or `--tokens`.
    var given: TrialBlock?
    /// `--heads`.
    var heads: [Int]?
    var interruption: Interruption
  }

  func validate() throws {
    if [task, inputs, tokens, text].count(where: { $0 != nil }) > 1 {
      throw ValidationError("--task, --inputs, --tokens and --text exclude one another")
    }
    if heads != nil && stopWhenSettled != nil {
      throw ValidationError("--stop-when-settled ranks all heads; leave --heads out")
    }
    if let count = stopWhenSettled, count < 1 {
      throw ValidationError("--stop-when-settled takes a number of heads, at least 1")
    }
    if generate < 0 { throw ValidationError("--generate must be at least 0") }
  }

  func run() throws {
    let interruption = Interruption()
    let plan = try CapturePlan(of: model, output: output)
    if plan.isFolder {
      try FolderCapture(command: self, plan: plan).run(try choices(interruption))
      return
    }
    let (file, target) = (plan.items[0].file, plan.items[0].target)
    let job: CaptureJob
    var choices = Choices(given: nil, heads: try chosenHeads(), interruption: interruption)
    if AttentionModel.isCheckpoint(folder: file) {
      job = try attentionJob(folder: file)
    } else {
      choices = try self.choices(interruption)
      job = try recurrentJob(file: file, given: choices.given)
    }
    let line = ProgressLine()
    defer { line.end() }
    let summary = try capture(job, to: target, threads: common.threads, choices: choices) { progress, bytes in
      line.show(job.model.identity.name, done: progress.trialsDone, total: progress.trials, bytes: bytes)
    }
    line.end()
    if common.json {
      try Self.printJSON(summary.object(target))
    } else {
      print(summary.text(target))
    }
  }

  private func choices(_ interruption: Interruption) throws -> Choices {
    Choices(given: try givenTrials(), heads: try chosenHeads(), interruption: interruption)
  }

  /// Writes one capture.
  ///
  /// - Parameters:
  ///   - job: the model and its trials.
  ///   - target: the file.
  ///   - threads: of this capture.
  ///   - choices: what all captures share.
  ///   - progress: called after every block of trials, with the bytes of states of the trials that are done.
  /// - Returns: what the capture came to.
  /// - Throws: ``CaptureError``, and what the model throws.
  func capture(
    _ job: CaptureJob, to target: String, threads: Int, choices: Choices,
    progress: @escaping @Sendable (CaptureProgress, Int) -> Void
  ) throws -> CaptureSummary {
    let (model, source) = (job.model, job.source)
    let sites = try sites.map { try SiteGlob.resolve($0, among: model.sites) } ?? model.defaultSites
    let description = CaptureDescription(
      model: model.identity, task: job.task, weights: job.weights, tokenText: job.tokenText,
      command: Program.command, programVersion: Program.version)
    let runner = CaptureRunner(
      model: model, source: source, description: description,
      options: CaptureOptions(
        sites: sites, type: dtype, compression: compression, precision: precision, threads: threads,
        force: force, resume: resume, weightLimit: weightsLimit << 20, interventions: job.interventions,
        positions: positions, heads: choices.heads, monitor: job.monitor))
    let rowBytes = sites.reduce(0) { $0 + model.sites[$1].elementCount } * 4 * source.steps
    return try runner.run(
      to: target, progress: { progress($0, $0.trialsDone * rowBytes) },
      isCancelled: { choices.interruption.hasCome })
  }

  private func chosenHeads() throws -> [Int]? {
    try heads?.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let head = Int(part) else {
        throw CommandError.wrong("--heads takes numbers such as 0,3,5; '\(part)' is none")
      }
      return head
    }
  }

  static func printJSON(_ object: Any) throws {
    let data = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .prettyPrinted])
    print(String(decoding: data, as: UTF8.self))
  }
}

extension StepSelection: ExpressibleByArgument {
  /// Reads `all`, `generated` or a list.
  public init?(argument: String) { self.init(parsing: argument) }
}

extension CaptureType: ExpressibleByArgument {}
extension CaptureCompression: ExpressibleByArgument {}

extension CaptureSummary {
  /// What is printed of a capture.
  func text(_ target: String) -> String {
    "\(target): \(trials) trials, \(ProgressLine.size(Double(rawBytes))) of states in "
      + "\(ProgressLine.size(Double(storedBytes))), \((seconds * 100).rounded() / 100) s"
  }

  /// The same for `--json`.
  func object(_ target: String) -> [String: Any] {
    [
      "output": target, "trials": trials, "resumed_trials": resumedTrials, "steps": steps,
      "raw_bytes": rawBytes, "stored_bytes": storedBytes, "seconds": seconds,
    ]
  }
}
