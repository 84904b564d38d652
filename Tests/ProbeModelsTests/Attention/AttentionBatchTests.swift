import ProbeCheckpoints
import ProbeLinearAlgebra
import ProbeModels
import Testing

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
