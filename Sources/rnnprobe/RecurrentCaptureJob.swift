import Foundation
import ProbeAnalyses
import ProbeCapture
import ProbeCheckpoints
import ProbeModels
import ProbeTasks

extension CaptureCommand {
  /// A recurrent model with the trials of a file, of a task, or of the task that the model names.
  ///
  /// - Parameters:
  ///   - file: the model.
  ///   - given: the trials of `--inputs` or `--tokens`, which all models of a folder share.
  /// - Returns: the model, ready to be captured.
  /// - Throws: ``CommandError`` where options or trials are not for this model, and the errors of loading it.
  func recurrentJob(file: String, given: TrialBlock?) throws -> CaptureJob {
    if generate > 0 || edits.isGiven || positions == .generation || stopWhenSettled != nil
      || heads != nil
    {
      throw CommandError.wrong(
        "\(file) is a recurrent model; --generate, --ablate, --patch and --positions generated are for attention models"
      )
    }
    let model = try RecurrentModel.load(path: file, request: modelOptions.request)
    let (source, task) = try trials(for: model, file: file, given: given)
    return CaptureJob(
      model: model, source: source, task: task.map { TaskDescription($0) },
      weights: try Self.weights(of: model.identity.source))
  }

  /// The trials of `--inputs` or `--tokens`; nil where neither is given.
  func givenTrials() throws -> TrialBlock? {
    if let inputs { return try InputFile.values(inputs) }
    return try tokens.map { try InputFile.tokens($0) }
  }

  private func trials(
    for model: RecurrentModel, file: String, given: TrialBlock?
  ) throws -> (any TrialSource, (any SequenceTask)?) {
    if let given, let path = inputs ?? tokens {
      try InputFile.check(given.batch, path: path, model: model)
      return (MemoryTrials(given), nil)
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
}
