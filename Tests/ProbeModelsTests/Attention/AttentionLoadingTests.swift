import Foundation
import ProbeCheckpoints
import ProbeLinearAlgebra
import ProbeModels
import Testing

/// A fixture's folder with other words in its configuration, or other weights.
private final class EditedFolder {
  let path: String

  init(
    _ name: String, _ edit: (inout [String: Any]) -> Void = { _ in },
    weights: (inout [String: Tensor<Double>]) -> Void = { _ in }
  ) throws {
    let source = AttentionFixture.root.appending(path: name)
    let target = FileManager.default.temporaryDirectory.appending(
      path: "rnnprobe-\(UUID().uuidString)-\(name)")
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
    path = target.path(percentEncoded: false)
    let text = try Data(contentsOf: source.appending(path: "config.json"))
    var values = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
    edit(&values)
    try JSONSerialization.data(withJSONObject: values).write(to: target.appending(path: "config.json"))
    let checkpoint = try Checkpoint.open(path: source.path(percentEncoded: false))
    var tensors: [String: Tensor<Double>] = [:]
    for name in checkpoint.names { tensors[name] = try checkpoint.tensor(name, as: Double.self) }
    weights(&tensors)
    try writeSafetensors(tensors, to: path + "/model.safetensors", as: .float32)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The model that it holds.
  func model() throws -> AttentionModel { try AttentionModel.load(folder: path) }

  /// The largest error of the logits, or of the last residual, against the fixture's.
  func error(against name: String) throws -> Double {
    let fixture = try AttentionFixture(name)
    let (_, batch) = try fixture.trials()
    let model = try model().sized(forSteps: batch.steps)
    let values = try run(model, batch, ["logits"])
    let wanted = try fixture.expected.tensor("logits", as: Double.self)
    return relativeError(try #require(values["logits"]).elements, wanted.elements)
  }
}

/// The text of the error that `body` throws, or an empty one.
private func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch { return "\(error)" }
}

/// A word of the configuration that a fixture must notice: were it ignored, the agreement would prove nothing.
private let tellingWords: [(name: String, key: String, value: any Sendable)] = [
  ("gemma2", "attn_logit_softcapping", 400), ("gemma2", "final_logit_softcapping", 600),
  ("gemma2", "query_pre_attn_scalar", 10), ("gemma2", "sliding_window", 7),
  ("gemma", "hidden_act", "gelu_python"),
  ("gpt-neox-parallel", "use_parallel_residual", false), ("gpt-neox-sequential", "rotary_pct", 0.25),
  ("gpt-neox-sequential", "rotary_emb_base", 10000), ("gpt2-hub", "scale_attn_by_inverse_layer_idx", false),
  ("gpt2", "activation_function", "gelu"), ("llama-dynamic", "max_position_embeddings", 15),
  ("llama-linear", "rope_scaling", ["type": "linear", "factor": 2.5] as [String: any Sendable]),
  ("llama-mha", "rope_theta", 10000), ("mistral", "sliding_window", 6), ("qwen2", "sliding_window", 6),
  ("qwen2", "layer_types", ["sliding_attention", "sliding_attention"]), ("qwen3", "rms_norm_eps", 0.01),
  ("bert", "hidden_act", "gelu_new"), ("bert", "layer_norm_eps", 0.01),
]

@Suite("Attention models are read") struct AttentionLoadingTests {
  /// Rewrites a configuration of transformers 5 in the words of version 4, or the other way round.
  private func respell(_ values: inout [String: Any]) {
    values["layer_types"] = nil
    if var rope = values.removeValue(forKey: "rope_parameters") as? [String: Any] {
      let theta = rope.removeValue(forKey: "rope_theta")
      let kind = rope.removeValue(forKey: "rope_type") as? String
      if let share = rope.removeValue(forKey: "partial_rotary_factor") {
        values["rotary_pct"] = share
        values["rotary_emb_base"] = theta
      } else {
        values["rope_theta"] = theta
      }
      if kind != "default" {
        rope["type"] = kind
        values["rope_scaling"] = rope
      }
    } else if let theta = values.removeValue(forKey: "rope_theta")
      ?? values.removeValue(forKey: "rotary_emb_base")
    {
      var rope = values.removeValue(forKey: "rope_scaling") as? [String: Any] ?? [:]
      rope["rope_type"] = rope.removeValue(forKey: "type") ?? "default"
      rope["rope_theta"] = theta
      rope["partial_rotary_factor"] = values.removeValue(forKey: "rotary_pct")
      values["rope_parameters"] = rope
    }
  }

  @Test(
    "in the spelling of either version of transformers",
    arguments: AttentionFixture.generators.filter { !$0.hasPrefix("gpt2") })
  func spelling(_ name: String) throws {
    let folder = try EditedFolder(name, respell)
    #expect(try folder.error(against: name) <= 1e-5)
  }

  @Test("with weights of 16 bits as if they had been widened", arguments: ["mistral", "qwen2"])
  func widened(_ name: String) throws {
    let stored = try #require(
      try Checkpoint.open(path: AttentionFixture(name).folder).information("model.embed_tokens.weight"))
    #expect(stored.type == (name == "mistral" ? .float16 : .bfloat16))
    #expect(try EditedFolder(name).error(against: name) <= 1e-5)
  }

  @Test("with a tied head whatever else the file holds, and an own one where it is not tied")
  func tied() throws {
    let copied = try EditedFolder(
      "llama-bias",
      weights: { weights in
        weights["lm_head.weight"] = weights["model.embed_tokens.weight"].map {
          Tensor(shape: $0.shape, repeating: 9)
        }
      })
    #expect(try copied.error(against: "llama-bias") <= 1e-5)
    let own = try EditedFolder("llama-bias", { $0["tie_word_embeddings"] = false }) { weights in
      weights["lm_head.weight"] = weights["model.embed_tokens.weight"]
    }
    #expect(try own.error(against: "llama-bias") <= 1e-5)
  }

  @Test("and the bare model of a checkpoint without a head has no logits")
  func bare() throws {
    let folder = try EditedFolder("qwen3", { $0["tie_word_embeddings"] = false }) { weights in
      weights = Dictionary(
        uniqueKeysWithValues: weights.map { (String($0.key.dropFirst("model.".count)), $0.value) })
    }
    #expect(try folder.model().site(named: "logits") == nil)
  }

  @Test("with windows and caps that null turns off")
  func nulls() throws {
    let mistral = try EditedFolder("mistral") { $0["sliding_window"] = NSNull() }
    #expect(try mistral.error(against: "mistral") > 1e-2)
    let model = try mistral.model()
    #expect(model.parts.blocks.allSatisfy { $0.attention.window == nil })
    let absent = try EditedFolder("mistral") { $0["sliding_window"] = nil }.model()
    #expect(absent.parts.blocks.allSatisfy { $0.attention.window == 4096 })
    let gemma = try EditedFolder("gemma2") {
      $0["attn_logit_softcapping"] = NSNull()
      $0["final_logit_softcapping"] = nil
    }.model()
    #expect(gemma.parts.blocks[0].attention.softCap == nil)
    #expect(gemma.parts.head?.softCap == 30)
    let qwen = try EditedFolder("qwen2") {
      $0["use_sliding_window"] = false
      $0["layer_types"] = nil
    }.model()
    #expect(qwen.parts.blocks.allSatisfy { $0.attention.window == nil })
  }

  @Test("from fixtures that notice each word", arguments: tellingWords.indices)
  func notice(_ index: Int) throws {
    let (name, key, value) = tellingWords[index]
    let error = try EditedFolder(name) { $0[key] = value }.error(against: name)
    // The two forms of GELU differ by 5e-4; everything else does more.
    #expect(error > 5e-5, "\(name) \(key)")
  }

  @Test("only where the architecture is known, and say which are")
  func unknown() throws {
    let folder = try EditedFolder("gpt2") { $0["model_type"] = "rwkv" }
    let text = message { _ = try folder.model() }
    #expect(text.contains("model_type is 'rwkv'"))
    #expect(
      text.contains(
        "known are bert, dinov2, dinov2_with_registers, gemma, gemma2, gpt2, gpt_neox, llama, mistral, qwen2, qwen3, vit"
      ))
    let none = try EditedFolder("gpt2") { $0["model_type"] = nil }
    #expect(message { _ = try none.model() }.contains("no model_type"))
  }

  @Test("only with all their tensors, of the right shape")
  func tensors() throws {
    let name = "model.layers.1.self_attn.k_proj.weight"
    let missing = try EditedFolder("llama-mha", weights: { $0[name] = nil })
    let text = message { _ = try missing.model() }
    #expect(text.contains("a llama model needs the tensor \(name) [24, 24]"))
    #expect(text.contains("of the checkpoint's 20 tensors the likest are "))
    #expect(text.contains("model.layers.1.self_attn.o_proj.weight, model.layers.1.self_attn.q_proj.weight"))
    let wide = try EditedFolder("llama-mha", weights: { $0[name] = Tensor(shape: [24, 25], repeating: 0) })
    #expect(
      message { _ = try wide.model() }
        .contains("tensor \(name) has shape [24, 25]; a llama model needs [24, 24]"))
    let headless = try EditedFolder("llama-mha", weights: { $0["lm_head.weight"] = nil })
    #expect(
      message { _ = try headless.model() }
        .contains("needs the tensor lm_head.weight [61, 24]"))
  }

  @Test("only with finite weights", arguments: [Double.nan, .infinity])
  func finite(_ value: Double) throws {
    let name = "transformer.h.1.mlp.c_fc.weight"
    let folder = try EditedFolder("gpt2", weights: { $0[name]?.elements[7] = value })
    let text = message { _ = try folder.model() }
    #expect(text.contains(name) && text.contains("[0, 7]") && text.contains("\(Float(value))"))
  }

  @Test("only with rotary scalings that are known, and with their numbers")
  func scalings() throws {
    func text(_ rope: [String: Any]) throws -> String {
      let folder = try EditedFolder("llama-mha") { $0["rope_scaling"] = rope }
      return message { _ = try folder.model() }
    }
    #expect(try text(["type": "su"]).contains("'su'; known are default, linear, dynamic, llama3 and yarn"))
    #expect(try text(["type": "linear"]).contains("'linear' needs the positive number factor"))
    #expect(
      try text(["rope_type": "llama3", "factor": 8]).contains(
        "'llama3' needs the positive number low_freq_factor"))
    #expect(try text(["full_attention": ["rope_type": "default"]]).contains("'full_attention' layers"))
  }

  @Test("only with layers and activations that are known")
  func configuration() throws {
    func text(_ name: String, _ key: String, _ value: Any) throws -> String {
      let folder = try EditedFolder(name) { $0[key] = value }
      return message { _ = try folder.model() }
    }
    #expect(
      try text("gemma2", "layer_types", ["chunked_attention", "full_attention"]).contains(
        "'chunked_attention'"))
    #expect(try text("gemma2", "layer_types", ["full_attention"]).contains("names 1 layers; the model has 2"))
    #expect(try text("qwen3", "hidden_act", "xielu").contains("hidden_act is 'xielu'; known are gelu"))
    #expect(try text("qwen3", "num_key_value_heads", 4).contains("6 query heads cannot share 4"))
    #expect(try text("bert", "position_embedding_type", "relative_key").contains("'relative_key'"))
    for (name, key) in [
      ("gpt2", "n_head"), ("gpt-neox-parallel", "num_attention_heads"), ("vit", "num_attention_heads"),
    ] {
      #expect(try text(name, key, 0).contains("not shared evenly by 0 heads"))
    }
    #expect(try text("llama-mha", "num_attention_heads", 0).contains("0 query heads"))
    #expect(try text("bert", "num_hidden_layers", -1).contains("num_hidden_layers is -1, not a whole number"))
    #expect(try text("qwen3", "num_hidden_layers", 1e9).contains("not a number of layers"))
    #expect(try text("qwen3", "hidden_size", 4e18).contains("hidden_size"))
    #expect(try text("mistral", "sliding_window", 0).contains("sliding_window is 0, not a window"))
    #expect(try text("gemma2", "attn_logit_softcapping", 0).contains("not a number above 0"))
    #expect(try text("vit", "patch_size", 0).contains("patches of 0 by 0 pixels do not fit"))
    #expect(try text("gpt2", "n_embd", "many").contains("n_embd is many, not a whole number"))
  }
}

@Suite("Attention models run") struct AttentionBatchTests {
  private func text(_ name: String, _ batch: TrialBatch, generating: Int? = nil) throws -> String {
    let model = try AttentionFixture(name).model
    var plan = RunPlan(observed: [])
    plan.generation = generating.map {
      Generation(maximumNewTokens: Array(repeating: $0, count: batch.count))
    }
    var recorder = MemoryRecorder(model: model, plan: plan, trials: batch.count, steps: batch.steps)
    return message { try model.run(batch, plan: plan, recorder: &recorder) }
  }

  private func tokens(_ rows: [Int]...) -> TrialBatch {
    TrialBatch(inputs: .tokens(Tensor(shape: [rows.count, rows[0].count], elements: rows.flatMap { $0 })))
  }

  @Test("only tokens of their vocabulary")
  func vocabulary() throws {
    #expect(
      try text("gpt2", tokens([3, 4], [5, 61]))
        == "cannot run gpt2: trial 1, step 1: token 61 is outside 0..<61")
    #expect(try text("llama-mha", tokens([-1])).contains("token -1"))
    #expect(try text("gpt2", tokens([0, 60])) == "")
  }

  @Test("only as many positions as they have")
  func positions() throws {
    #expect(
      try text("gpt2", tokens(Array(repeating: 1, count: 33)))
        == "cannot run gpt2: trial 0 has 33 tokens; it has positions for 32")
    #expect(try text("gpt2", tokens(Array(repeating: 1, count: 32))) == "")
    #expect(
      try text("gpt2", tokens(Array(repeating: 1, count: 30)), generating: 3)
        .contains("33 tokens (30 of the prompt); it has positions for 32"))
    #expect(try text("bert", tokens(Array(repeating: 1, count: 41))).contains("positions for 40"))
    // Scaled by 3, the 64 trained positions are 192; dynamic frequencies have no end.
    #expect(try text("llama-linear", tokens(Array(repeating: 1, count: 193))).contains("positions for 192"))
    #expect(try text("llama-dynamic", tokens(Array(repeating: 1, count: 100))) == "")
  }

  @Test("on what they read alone")
  func kinds() throws {
    let values = TrialBatch(inputs: .values(Tensor(shape: [1, 3, 2], repeating: 0)))
    #expect(try text("gpt2", values).contains("it reads tokens, and was given vectors"))
    #expect(try text("vit", tokens([1, 2])).contains("it reads images, and was given tokens"))
    #expect(try text("vit", values).contains("it reads [image, 16 steps, 48 features]"))
    var typed = tokens([1, 2])
    typed.tokenTypes = Tensor(shape: [1, 2], elements: [0, 2])
    #expect(try text("bert", typed).contains("trial 0, step 1: token type 2 is outside 0..<2"))
    #expect(try text("gpt2", typed).contains("its tokens have no types"))
    #expect(try text("bert", tokens([1, 2]), generating: 1).contains("looks ahead"))
  }

  @Test("on images of their size, of whole patches and finite pixels")
  func images() throws {
    func text(_ name: String, _ shape: [Int], _ value: Double = 0) throws -> String {
      let model = try AttentionFixture(name).model
      return message {
        let (sized, batch) = try model.reading(pixels: Tensor(shape: shape, repeating: value))
        let plan = RunPlan(observed: [])
        var recorder = MemoryRecorder(model: sized, plan: plan, trials: batch.count, steps: batch.steps)
        try sized.run(batch, plan: plan, recorder: &recorder)
      }
    }
    #expect(try text("vit", [1, 3, 12, 20]) == "")
    #expect(try text("vit", [1, 3, 20, 20]).contains("20 rows and 20 columns of pixels; it reads 12 by 20"))
    #expect(try text("vit", [1, 1, 12, 20]).contains("it reads [image, 3 channels, row, column]"))
    #expect(try text("dinov2", [1, 3, 8, 40]) == "")
    #expect(try text("dinov2", [1, 3, 10, 12]).contains("it reads whole patches of 4 by 4"))
    #expect(try text("dinov2", [2, 3, 8, 8], .nan).contains("image 0, patch 0: a pixel is nan"))
    #expect(try text("gpt2", [1, 3, 8, 8]).contains("it reads tokens, and was given images"))
  }

  @Test("and say so where logits are not finite")
  func overflow() throws {
    let folder = try EditedFolder(
      "gpt2",
      weights: { weights in
        for (name, factor) in [("transformer.ln_f.weight", 1e38), ("transformer.wte.weight", 100)] {
          weights[name] = weights[name].map {
            Tensor(shape: $0.shape, elements: $0.elements.map { $0 * factor })
          }
        }
      })
    let model = try folder.model()
    var plan = RunPlan(observed: [])
    plan.generation = Generation(maximumNewTokens: [2])
    var recorder = MemoryRecorder(model: model, plan: plan, trials: 1, steps: 4)
    let text = message { try model.run(tokens([1, 2]), plan: plan, recorder: &recorder) }
    #expect(text.contains("trial 0, step 1: the logits are not finite numbers"))
  }
}
