import Foundation
import ProbeCheckpoints
import ProbeLinearAlgebra
import ProbeModels
import Testing

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

  @Test(
    "from values in memory, such as those a capture carries",
    arguments: ["gpt2", "gpt-neox-parallel", "qwen2", "bert", "dinov2-swiglu"])
  func memory(_ name: String) throws {
    let fixture = try AttentionFixture(name)
    let checkpoint = try Checkpoint.open(path: fixture.folder)
    var tensors: [String: Tensor<Double>] = [:]
    for tensor in checkpoint.names { tensors[tensor] = try checkpoint.tensor(tensor, as: Double.self) }
    let identity = fixture.model.identity
    let rebuilt = try AttentionModel(
      checkpoint: Checkpoint(label: "memory", tensors: tensors), configuration: identity.configuration,
      name: identity.name, sha256: identity.sha256)
    #expect(rebuilt.identity.configuration == identity.configuration)
    let (sized, batch) = try fixture.trials()
    let again = rebuilt.sized(forSteps: batch.steps)
    let wanted = try run(sized, batch, ["ln_final", "logits", "blocks.1.attn.pattern"])
    let found = try run(again, batch, ["ln_final", "logits", "blocks.1.attn.pattern"])
    for (site, values) in wanted {
      // Products of other layouts add up in another order.
      #expect(relativeError(try #require(found[site]).elements, values.elements) <= 1e-5, "\(site)")
    }
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

  @Test("with later keys hidden where BERT is a decoder")
  func decoder() throws {
    let folder = try EditedFolder("bert") { $0["is_decoder"] = true }
    let model = try folder.model()
    #expect(model.parts.blocks.allSatisfy { $0.attention.isCausal })
    #expect(try folder.error(against: "bert") > 1e-2)
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
    let quantised = try EditedFolder("qwen2") {
      $0["quantization_config"] = ["quant_method": "awq", "bits": 4]
    }
    #expect(
      message { _ = try quantised.model() }.contains("its weights are quantised (awq); F32, F16 and BF16"))
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
    #expect(try text("gemma", "use_bidirectional_attention", true).contains("only causal Gemma models"))
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
