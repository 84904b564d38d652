import ProbeCapture
import ProbeCheckpoints
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks

@testable import ProbeAnalyses

/// A two-layer induction circuit with weights set by formula, as a GPT-2 checkpoint in memory.
///
/// The residual stream is a row of one-hot slots: the token, the position, the token before, the answer, and one that no
/// logit reads. Head 0.1 attends to the position before and copies its token into the slot of the token before;
/// head 1.2 attends where that slot holds the query's token and copies the token there into the answer. All other heads
/// average tokens into the slot that nobody reads. A mismatch costs 50 in a score, so that weights are 1 to within
/// e^-50 = 2e-22. Each writing is balanced to sum 0, and the norms have an epsilon that dwarfs every variance: they
/// change nothing.
enum InductionCircuit {
  static let vocabulary = 20
  static let positions = 40
  static let heads = 4
  static let headSize = 40
  static let width = heads * headSize
  static let previousHead = 1
  static let inductionHead = 2

  private static let token = 0
  private static let position = token + vocabulary
  private static let previous = position + positions
  private static let answer = previous + vocabulary
  private static let unread = answer + vocabulary
  private static let balance = width - 1
  private static let sharpness = 50.0

  static let configuration = """
    {"model_type":"gpt2","n_embd":\(width),"n_head":\(heads),"n_layer":2,"n_positions":\(positions),\
    "vocab_size":\(vocabulary),"n_inner":1,"layer_norm_epsilon":1e12,"scale_attn_weights":false,\
    "tie_word_embeddings":false}
    """

  static let tensors: [String: Tensor<Double>] = {
    var tensors: [String: Tensor<Double>] = [:]
    func table(_ rows: Int, slot: Int) -> Tensor<Double> {
      var tensor = Tensor<Double>(shape: [rows, width], repeating: 0)
      for row in 0..<rows {
        tensor.elements[row * width + slot + row] = 1
        tensor.elements[row * width + balance] = -1
      }
      return tensor
    }
    tensors["wte.weight"] = table(vocabulary, slot: token)
    tensors["wpe.weight"] = table(positions, slot: position)
    var head = Tensor<Double>(shape: [vocabulary, width], repeating: 0)
    for id in 0..<vocabulary { head.elements[id * width + answer + id] = 10 }
    tensors["lm_head.weight"] = head
    for name in ["ln_f", "h.0.ln_1", "h.0.ln_2", "h.1.ln_1", "h.1.ln_2"] {
      tensors[name + ".weight"] = Tensor(shape: [width], repeating: 1e6)
      tensors[name + ".bias"] = Tensor(shape: [width], repeating: 0)
    }
    for layer in 0..<2 {
      var projection = Tensor<Double>(shape: [width, 3 * width], repeating: 0)
      var output = Tensor<Double>(shape: [width, width], repeating: 0)
      /// part 0 to 2: query, key, value.
      func set(_ part: Int, _ head: Int, _ unit: Int, from input: Int, _ value: Double) {
        projection.elements[input * 3 * width + part * width + head * headSize + unit] = value
      }
      for head in 0..<heads {
        let isPrevious = layer == 0 && head == previousHead
        let isInduction = layer == 1 && head == inductionHead
        let slot = isPrevious ? previous : (isInduction ? answer : unread)
        for id in 0..<vocabulary {
          set(2, head, id, from: token + id, 1)
          output.elements[(head * headSize + id) * width + slot + id] = 1
          output.elements[(head * headSize + id) * width + balance] = -1
          if isInduction {
            set(0, head, id, from: token + id, sharpness)
            set(1, head, id, from: previous + id, 1)
            // The first position sees itself as the token before: it must match nothing.
            set(1, head, id, from: position, -2)
          }
        }
        if isPrevious {
          for place in 0..<positions {
            if place + 1 < positions { set(0, head, place, from: position + place + 1, sharpness) }
            set(1, head, place, from: position + place, 1)
          }
        }
      }
      tensors["h.\(layer).attn.c_attn.weight"] = projection
      tensors["h.\(layer).attn.c_attn.bias"] = Tensor(shape: [3 * width], repeating: 0)
      tensors["h.\(layer).attn.c_proj.weight"] = output
      tensors["h.\(layer).attn.c_proj.bias"] = Tensor(shape: [width], repeating: 0)
      tensors["h.\(layer).mlp.c_fc.weight"] = Tensor(shape: [width, 1], repeating: 0)
      tensors["h.\(layer).mlp.c_fc.bias"] = Tensor(shape: [1], repeating: 0)
      tensors["h.\(layer).mlp.c_proj.weight"] = Tensor(shape: [1, width], repeating: 0)
      tensors["h.\(layer).mlp.c_proj.bias"] = Tensor(shape: [width], repeating: 0)
    }
    return tensors
  }()

  static func model(_ tensors: [String: Tensor<Double>] = tensors) throws -> AttentionModel {
    try AttentionModel(
      checkpoint: Checkpoint(label: "induction circuit", tensors: tensors), configuration: configuration,
      name: "circuit", sha256: String(repeating: "c1", count: 32))
  }

  /// Blocks of distinct tokens other than 0, thrice each.
  static func repeats(trials: Int = 8) throws -> [TokenTrial] {
    let task = try TokenTaskRegistry.task(
      "repeated-tokens:block=8,jitter=2,repeats=3,low=1,trials=\(trials),seed=5",
      vocabulary: TokenVocabulary(size: vocabulary, maximumLength: positions))
    return (0..<task.trials).map { task.trial($0) }
  }

  /// Prompts of distinct tokens with a needle of four in them, that end in the token before the needle.
  static func needles(trials: Int = 6) -> [TokenTrial] {
    (0..<trials).map { index in
      var random = RandomGenerator(seed: 7, stream: UInt64(index))
      let words = random.sample(14, of: vocabulary - 1).map { $0 + 1 }
      let start = 2 + index
      return TokenTrial(
        tokens: words + [words[start - 1]],
        targets: words.map { _ in -1 } + words[start..<start + 4], needles: [start..<start + 4],
        maximumNewTokens: 4, labels: ["length": 15, "depth": 100 * start / 15])
    }
  }

  /// Writes a capture of trials of one task, with the weights, and opens it.
  static func capture(
    _ trials: [TokenTrial], task: String, in folder: TemporaryFolder, name: String, weights: Bool = true
  ) throws -> NamedCapture {
    let model = try model()
    let steps = trials.map(\.steps).max() ?? 0
    func padded(_ values: [Int]) -> [Int] { values + Array(repeating: -1, count: steps - values.count) }
    func tensor(_ rows: [[Int]], _ shape: [Int]) -> Tensor<Int> {
      Tensor(shape: shape, elements: rows.flatMap { $0 })
    }
    var tables: [String: Tensor<Int>] = [:]
    var generation: Generation?
    if let first = trials.first, !first.needles.isEmpty {
      tables["needles"] = tensor(
        trials.map { $0.needles.flatMap { [$0.lowerBound, $0.upperBound] } },
        [trials.count, first.needles.count, 2])
      tables["prompt_lengths"] = tensor(trials.map { [$0.tokens.count] }, [trials.count])
      tables["trial_length"] = tensor(trials.map { [$0.labels["length"] ?? -1] }, [trials.count])
      tables["trial_depth"] = tensor(trials.map { [$0.labels["depth"] ?? -1] }, [trials.count])
      generation = Generation(maximumNewTokens: trials.map(\.maximumNewTokens))
    }
    let block = TrialBlock(
      batch: TrialBatch(
        inputs: .tokens(tensor(trials.map { padded($0.tokens) }, [trials.count, steps])),
        lengths: trials.map(\.tokens.count)),
      targets: .classes(tensor(trials.map { padded($0.targets) }, [trials.count, steps])), tables: tables,
      generation: generation)
    let runner = CaptureRunner(
      model: model, source: MemoryTrials(block),
      description: CaptureDescription(
        model: model.identity, task: TaskDescription(generator: task),
        weights: weights ? WeightTable(tensors) : nil, tokenText: { "t\($0)" }, command: "made by a test",
        programVersion: "0"),
      options: CaptureOptions(sites: SiteGlob.defaults(among: model.sites), threads: 1))
    let path = folder.path + "/\(name).h5"
    _ = try runner.run(to: path)
    return NamedCapture(name: name, reader: try CaptureReader(path))
  }
}
