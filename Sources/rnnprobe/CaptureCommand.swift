public import ArgumentParser
import Foundation
import ProbeAnalyses
public import ProbeCapture
import ProbeCheckpoints
import ProbeModels
import ProbeTasks

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
      every model in it is captured, and -o is a folder too.
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
    let files = try modelFiles()
    var summaries: [[String: Any]] = []
    for file in files {
      let target = try outputPath(for: file, among: files.count)
      let job =
        AttentionModel.isCheckpoint(folder: file)
        ? try attentionJob(folder: file) : try recurrentJob(file: file)
      if resume, files.count > 1, try isComplete(target, of: job) {
        summaries.append(["output": target, "trials": job.source.trialCount, "skipped": true])
        if !common.json { print("\(target): complete already") }
        continue
      }
      let summary = try capture(job, to: target, interruption: interruption)
      summaries.append([
        "output": target, "trials": summary.trials, "resumed_trials": summary.resumedTrials,
        "steps": summary.steps, "raw_bytes": summary.rawBytes, "stored_bytes": summary.storedBytes,
        "seconds": summary.seconds,
      ])
      if !common.json {
        print(
          "\(target): \(summary.trials) trials, \(ProgressLine.size(Double(summary.rawBytes))) of states in "
            + "\(ProgressLine.size(Double(summary.storedBytes))), \((summary.seconds * 100).rounded() / 100) s"
        )
      }
    }
    if common.json {
      let object: Any = files.count == 1 ? summaries[0] : summaries
      let data = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .prettyPrinted])
      print(String(decoding: data, as: UTF8.self))
    }
  }

  /// Whether a folder's capture of the same model and trials is there already.
  ///
  /// - Throws: ``CommandError`` where a capture of something else has its name.
  private func isComplete(_ target: String, of job: CaptureJob) throws -> Bool {
    guard !force, FileManager.default.fileExists(atPath: target) else { return false }
    let found = try CaptureReader(target).metadata
    guard found.isComplete, found.model?.sha256 == job.model.identity.sha256,
      found.task?.generator == job.task?.generator, found.task?.parameters == job.task?.parameters,
      found.trials == job.source.trialCount
    else {
      throw CommandError.wrong(
        "\(target) is a capture of other weights or trials; give --force to replace it, or another folder with -o"
      )
    }
    return true
  }

  private func chosenHeads() throws -> [Int]? {
    try heads?.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let head = Int(part) else {
        throw CommandError.wrong("--heads takes numbers such as 0,3,5; '\(part)' is none")
      }
      return head
    }
  }

  private func recurrentJob(file: String) throws -> CaptureJob {
    if generate > 0 || edits.isGiven || positions == .generation || stopWhenSettled != nil
      || heads != nil
    {
      throw CommandError.wrong(
        "\(file) is a recurrent model; --generate, --ablate, --patch and --positions generated are for attention models"
      )
    }
    let model = try RecurrentModel.load(path: file, request: modelOptions.request)
    let (source, task) = try trials(for: model, file: file)
    return CaptureJob(
      model: model, source: source, task: task.map { TaskDescription($0) },
      weights: try Self.weights(of: model.identity.source))
  }

  private func capture(
    _ job: CaptureJob, to target: String, interruption: Interruption
  ) throws -> CaptureSummary {
    let (model, source) = (job.model, job.source)
    let sites = try sites.map { try SiteGlob.resolve($0, among: model.sites) } ?? model.defaultSites
    let description = CaptureDescription(
      model: model.identity, task: job.task, weights: job.weights, tokenText: job.tokenText,
      command: Program.command, programVersion: Program.version)
    let runner = CaptureRunner(
      model: model, source: source, description: description,
      options: CaptureOptions(
        sites: sites, type: dtype, compression: compression, precision: precision, threads: common.threads,
        force: force, resume: resume, weightLimit: weightsLimit << 20, interventions: job.interventions,
        positions: positions, heads: try chosenHeads(), monitor: job.monitor))
    let line = ProgressLine()
    defer { line.end() }
    let rowBytes = sites.reduce(0) { $0 + model.sites[$1].elementCount } * 4 * source.steps
    return try runner.run(
      to: target,
      progress: { progress in
        line.show(
          model.identity.name, done: progress.trialsDone, total: progress.trials,
          bytes: progress.trialsDone * rowBytes)
      }, isCancelled: { interruption.hasCome })
  }

  /// The trials: from a file, from a task, or from the task that the model names.
  private func trials(
    for model: RecurrentModel, file: String
  ) throws -> (any TrialSource, (any SequenceTask)?) {
    if let path = inputs ?? tokens {
      let block = inputs != nil ? try InputFile.values(path) : try InputFile.tokens(path)
      try InputFile.check(block.batch, path: path, model: model)
      return (MemoryTrials(block), nil)
    }
    let named = file.hasSuffix(".json") ? nil : try Checkpoint.open(path: file).metadata["rnnprobe.task"]
    guard let text = task ?? named else {
      throw CommandError.wrong(
        "\(file) names no task; give --task NAME (see rnnprobe list tasks), --inputs FILE or --tokens FILE")
    }
    // The command's seed is the task's, unless the task text has its own.
    let task = try TaskRegistry.task(Self.withSeed(text, common.seed))
    switch (task.input, model.input) {
    case (.values(let given), .values(let wanted)) where given != wanted:
      throw CommandError.wrong(
        "task '\(text)' gives \(given) features a step, \(model.identity.name) reads \(wanted)")
    case (.tokens(let alphabet), .tokens(let vocabulary)) where alphabet.count > vocabulary:
      throw CommandError.wrong(
        "task '\(text)' has \(alphabet.count) tokens, the embedding of \(model.identity.name) \(vocabulary)")
    case (.values, .tokens):
      throw CommandError.wrong("task '\(text)' gives vectors, \(model.identity.name) reads tokens")
    case (.tokens, .values):
      throw CommandError.wrong("task '\(text)' gives tokens, \(model.identity.name) reads vectors")
    default: return (TaskTrials(task: task), task)
    }
  }

  static func withSeed(_ text: String, _ seed: UInt64) throws -> String {
    let specification = try TaskSpecification(parsing: text)
    guard seed != 0, specification.values["seed"] == nil else { return text }
    return text + (text.contains(":") ? "," : ":") + "seed=\(seed)"
  }

  static func weights(of path: String) throws -> WeightTable {
    let checkpoint = try Checkpoint.open(path: path)
    var table = WeightTable([:])
    for name in checkpoint.names where checkpoint.information(name)?.type.isFloating == true {
      table.tensors[name] = try checkpoint.tensor(name, as: Double.self)
      if checkpoint.information(name)?.type == .float64 { table.doubles.insert(name) }
    }
    return table
  }

  private func modelFiles() throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: model, isDirectory: &isFolder) else {
      throw CommandError.wrong("there is no model at \(model)")
    }
    guard isFolder.boolValue else { return [model] }
    if AttentionModel.isCheckpoint(folder: model) {
      return [model.hasSuffix("/") ? String(model.dropLast()) : model]
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: model).sorted()
    // Weights that a model.json describes are that model, not a second one.
    let described =
      names.contains("model.json") ? Self.describedWeights(model + "/model.json") : nil
    let files = names.filter { name in
      guard name != described else { return false }
      return [".safetensors", ".npz", ".pt", ".pth"].contains { name.hasSuffix($0) } || name == "model.json"
    }
    guard !files.isEmpty else {
      throw CommandError.wrong("\(model) holds no .safetensors, .npz, .pt or model.json")
    }
    return files.map { model + "/" + $0 }
  }

  /// The file that a model.json names; nil where it cannot be read, which its loading then says.
  private static func describedWeights(_ path: String) -> String? {
    let object = (try? Data(contentsOf: URL(filePath: path))).flatMap {
      try? JSONSerialization.jsonObject(with: $0)
    }
    return (object as? [String: Any])?["weights"] as? String
  }

  private func outputPath(for file: String, among count: Int) throws -> String {
    let isFolder = AttentionModel.isCheckpoint(folder: file)
    let url = URL(filePath: file)
    let stem = (isFolder ? url : url.deletingPathExtension()).lastPathComponent
    if count == 1 {
      let target = output ?? stem + ".h5"
      let folder = URL(filePath: target).deletingLastPathComponent().path(percentEncoded: false)
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: target, isDirectory: &isFolder), isFolder.boolValue {
        throw CommandError.wrong(
          "\(target) is a folder; name the file to write with -o, such as \(target)/\(stem).h5")
      }
      if !FileManager.default.fileExists(atPath: folder) {
        throw CommandError.wrong("cannot write \(target): there is no folder \(folder)")
      }
      return target
    }
    guard let output else {
      throw CommandError.wrong("\(model) holds \(count) models; name the folder for their captures with -o")
    }
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    return output + "/" + stem + ".h5"
  }
}

extension StepSelection: ExpressibleByArgument {
  /// Reads `all`, `generated` or a list.
  public init?(argument: String) { self.init(parsing: argument) }
}

extension CaptureType: ExpressibleByArgument {}
extension CaptureCompression: ExpressibleByArgument {}
