import Foundation
import ProbeCheckpoints
import ProbeLinearAlgebra
import ProbeModels
import Testing

/// The agreement that is promised for every architecture, relative to the largest value of a site.
private let promised = 5e-5
/// What single precision leaves over two blocks: a few hundred roundings, each of 6e-8, of values that cancel to a
/// tenth; the reference's own distance from double precision, which is stored beside it, is up to 2e-6.
private let achieved = 1e-5

@Suite("Attention models agree with transformers") struct ParityTests {
  @Test(
    "on residuals, patterns and logits, whatever the size of blocks",
    arguments: AttentionFixture.generators + AttentionFixture.encoders)
  func tokens(_ name: String) throws {
    let fixture = try AttentionFixture(name)
    let (model, batch) = try fixture.trials()
    let wanted = try fixture.sites()
    let hasHead = name != "bert-bare"
    #expect(wanted.count >= (name.hasPrefix("bert") ? 5 : 6) + (hasHead ? 1 : 0))
    #expect((model.site(named: "logits") != nil) == hasHead)
    var worst = 0.0
    for (precision, block) in [(Precision.f32, 1024), (.f32, 5), (.f32, 1), (.f64, 7)] {
      let values = try run(
        model, batch, wanted.map(\.name), precision: precision, promptBlock: block, timeBlock: 4)
      for (site, reference) in wanted {
        let error = relativeError(try #require(values[site]).elements, reference.elements)
        #expect(error <= achieved, "\(site), \(precision), blocks of \(block)")
        worst = max(worst, error)
      }
    }
    #expect(worst <= promised)
    report(name, worst)
  }

  @Test("on prompts that they continue through the cache", arguments: AttentionFixture.generators)
  func generation(_ name: String) throws {
    let fixture = try AttentionFixture(name)
    let wanted = try fixture.expected.integers("generated.tokens")
    let logits = try fixture.expected.tensor("generated.logits", as: Double.self)
    let (trials, steps) = (wanted.shape[0], wanted.shape[1])
    let length = fixture.expected.information("short.tokens")?.shape[1] ?? steps / 2
    var prompts = wanted
    for place in prompts.elements.indices where place % steps >= length { prompts.elements[place] = -1 }
    let batch = TrialBatch(inputs: .tokens(prompts), lengths: Array(repeating: length, count: trials))
    let model = fixture.model
    var plan = RunPlan(observed: [try #require(model.site(named: "logits"))])
    plan.generation = Generation(maximumNewTokens: Array(repeating: steps - length, count: trials))
    var recorder = GenerationRecorder(model: model, plan: plan, trials: trials, steps: steps)
    try model.run(batch, plan: plan, recorder: &recorder)
    for trial in 0..<trials {
      let row = wanted.elements[trial * steps..<(trial + 1) * steps]
      #expect(recorder.generated[trial] == Array(row.dropFirst(length)))
    }
    #expect(relativeError(recorder.sites.values[0].elements, logits.elements) <= achieved)
  }

  @Test("on images of their own size and of others", arguments: AttentionFixture.vision)
  func images(_ name: String) throws {
    let fixture = try AttentionFixture(name)
    var worst = 0.0
    for prefix in name == "vit" ? [""] : ["", "resized."] {
      let (model, batch) = try fixture.trials(prefix)
      let wanted = try fixture.sites(prefix)
      #expect(wanted.count >= 6)
      for precision in [Precision.f32, .f64] {
        let values = try run(model, batch, wanted.map(\.name), precision: precision)
        for (site, reference) in wanted {
          var found = try #require(values[site])
          if site == "logits" { found = firstRows(found) }
          let error = relativeError(found.elements, reference.elements)
          #expect(error <= achieved, "\(prefix)\(site), \(precision)")
          worst = max(worst, error)
        }
      }
    }
    #expect(worst <= promised)
    report(name, worst)
  }

  @Test("on a prompt within and one beyond the positions that dynamic frequencies leave alone")
  func dynamic() throws {
    let fixture = try AttentionFixture("llama-dynamic")
    let (model, batch) = try fixture.trials("short.")
    let wanted = try fixture.sites("short.")
    let values = try run(model, batch, wanted.map(\.name), promptBlock: 3)
    for (site, reference) in wanted {
      #expect(relativeError(try #require(values[site]).elements, reference.elements) <= achieved)
    }
  }

  @Test(
    "on what the number of threads leaves the same, bit for bit", arguments: ["gpt2", "gemma2", "dinov2"])
  func threads(_ name: String) throws {
    let fixture = try AttentionFixture(name)
    let (model, batch) = try fixture.trials()
    let names = model.sites.map(\.name)
    let one = try run(model, batch, names)
    let three = try run(model, batch, names, threads: 3)
    for site in names {
      #expect(one[site]?.elements.map(\.bitPattern) == three[site]?.elements.map(\.bitPattern))
    }
  }
}

/// Prints the figure where someone asks for it.
private func report(_ name: String, _ error: Double) {
  if ProcessInfo.processInfo.environment["RNNPROBE_FIGURES"] != nil { print("\(name): \(error)") }
}

/// The rows of step 0: `[trial, time, element]` to `[trial, element]`.
private func firstRows(_ tensor: Tensor<Double>) -> Tensor<Double> {
  let (steps, width) = (tensor.shape[1], tensor.shape[2])
  return Tensor(
    shape: [tensor.shape[0], width],
    elements: (0..<tensor.shape[0]).flatMap { tensor.elements[$0 * steps * width..<($0 * steps + 1) * width] }
  )
}

/// Keeps sites and the tokens that were appended.
struct GenerationRecorder: Recorder {
  var sites: MemoryRecorder
  var generated: [Int: [Int]] = [:]

  init(model: AttentionModel, plan: RunPlan, trials: Int, steps: Int) {
    sites = MemoryRecorder(model: model, plan: plan, trials: trials, steps: steps)
  }

  mutating func record<Scalar: BLASScalar>(
    _ values: UnsafeBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
  ) throws {
    sites.record(values, site: site, trial: trial, steps: steps)
  }

  mutating func end(trial: Int, generated: [Int]) { self.generated[trial] = generated }
}
