import Foundation
import ProbeAnalyses
import ProbeCapture
import ProbeCheckpoints
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks

/// A model with its trials, ready to be captured.
struct CaptureJob {
  var model: any SequenceModel
  var source: any TrialSource
  var task: TaskDescription?
  var weights: WeightTable?
  var tokenText: (@Sendable (Int) -> String?)?
  var interventions: [any Intervention] = []
  var monitor: (any CaptureMonitor)?
}

extension CaptureCommand {
  /// A Hugging Face folder with the trials of a token task, a file of tokens, a text or images.
  func attentionJob(folder: String) throws -> CaptureJob {
    let model = try AttentionModel.load(folder: folder)
    if case .values = model.input { return try imageJob(model, folder: folder) }
    if inputs != nil {
      throw CommandError.wrong(
        "\(model.identity.name) reads tokens; give them with --tokens, --text or --task")
    }
    let words = try ModelVocabulary(model, folder: folder)
    var job: CaptureJob
    if let tokens {
      let block = withGeneration(try InputFile.tokens(tokens), stop: words.stopTokens)
      try InputFile.check(block.batch, path: tokens, model: model)
      job = CaptureJob(model: model, source: MemoryTrials(block))
    } else if let task, let language = try wordTask(task) {
      job = CaptureJob(
        model: model, source: try WordTrials(language, vocabulary: words.vocabulary),
        task: TaskDescription(language))
    } else {
      let task = try tokenTask(words, model: model)
      let parameters = TaskDescription(
        generator: task.parameters.task,
        parameters: try Self.json(
          Dictionary(uniqueKeysWithValues: task.parameters.resolved.map { ($0.name, $0.value) })))
      job = CaptureJob(
        model: model, source: TokenTrials(task: task, generate: generate, stopTokens: words.stopTokens),
        task: parameters)
    }
    let sized = model.sized(forSteps: job.source.steps)
    job.model = sized
    job.tokenText = words.vocabulary.text
    if let count = stopWhenSettled {
      let first = try job.source.block(0..<1)
      guard first.tables["needles"] != nil, first.generation != nil else {
        throw CommandError.wrong("--stop-when-settled is for needle prompts; give --task needle:...")
      }
      job.monitor = RetrievalMonitor(sized, topCount: count, seed: common.seed)
    }
    job.weights = try carriedWeights(folder)
    job.interventions = try edits.interventions(for: sized, source: job.source)
    return job
  }

  /// A model of images with a file of them.
  private func imageJob(_ model: AttentionModel, folder: String) throws -> CaptureJob {
    guard let inputs, generate == 0 else {
      throw CommandError.wrong(
        "\(model.identity.name) reads images and generates nothing; give an array [image, channel, row, column] with "
          + "--inputs alone")
    }
    let (sized, batch) = try model.reading(pixels: try InputFile.pixels(inputs))
    var job = CaptureJob(model: sized, source: MemoryTrials(TrialBlock(batch: batch)))
    job.weights = try carriedWeights(folder)
    job.interventions = try edits.interventions(for: sized, source: job.source)
    return job
  }

  /// The weights for a capture to carry; those far above the limit are not even read.
  private func carriedWeights(_ folder: String) throws -> WeightTable? {
    try Self.weightBytes(folder) <= 2 * (weightsLimit << 20) ? try Self.weights(of: folder) : nil
  }

  private func tokenTask(_ words: ModelVocabulary, model: AttentionModel) throws -> any TokenTask {
    if let text {
      let quoted = text.contains(",") ? "\"\(text)\"" : text
      return try TokenTaskRegistry.task("text:file=\(quoted)", vocabulary: words.vocabulary)
    }
    guard let task else {
      throw CommandError.wrong(
        "\(model.identity.name) needs prompts; give --task NAME (see rnnprobe list tasks), --tokens FILE or --text FILE"
      )
    }
    return try TokenTaskRegistry.task(Self.withSeed(task, common.seed), vocabulary: words.vocabulary)
  }

  /// The task on words that a specification names; nil where its name is that of a token task, or of none.
  private func wordTask(_ text: String) throws -> (any SequenceTask)? {
    let name = String(text.prefix { $0 != ":" })
    guard !TokenTaskRegistry.isKnown(name), TaskRegistry.descriptors.contains(where: { $0.name == name })
    else { return nil }
    return try TaskRegistry.task(Self.withSeed(text, common.seed))
  }

  /// Gives prompts room for what is to be generated.
  private func withGeneration(_ block: TrialBlock, stop: Set<Int>) -> TrialBlock {
    guard generate > 0, case .tokens(let tensor) = block.batch.inputs else { return block }
    let (count, steps) = (tensor.shape[0], tensor.shape[1])
    var wide = [Int](repeating: -1, count: count * (steps + generate))
    for trial in 0..<count {
      for step in 0..<steps {
        wide[trial * (steps + generate) + step] = tensor.elements[trial * steps + step]
      }
    }
    var result = block
    result.batch = TrialBatch(
      inputs: .tokens(Tensor(shape: [count, steps + generate], elements: wide)),
      lengths: block.batch.lengths)
    result.generation = Generation(
      maximumNewTokens: Array(repeating: generate, count: count), stopTokens: stop)
    result.tables["prompt_lengths"] = Tensor(shape: [count], elements: block.batch.lengths)
    return result
  }

  private static func json(_ object: [String: String]) throws -> String {
    let data = try JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
  }

  private static func weightBytes(_ folder: String) throws -> Int {
    let checkpoint = try Checkpoint.open(path: folder)
    return checkpoint.names.reduce(0) { sum, name in
      sum + 4 * (checkpoint.information(name)?.shape.reduce(1, *) ?? 0)
    }
  }
}
