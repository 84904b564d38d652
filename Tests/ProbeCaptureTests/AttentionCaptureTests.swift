import Foundation
import ProbeHDF5
import ProbeLinearAlgebra
import ProbeModels
import Testing

@testable import ProbeCapture

/// Captures of attention models, from the committed random checkpoints.
@Suite("A capture of an attention model")
struct AttentionCaptureTests {
  private static func folder(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "ProbeModelsTests/Fixtures/attention/\(name)").path(percentEncoded: false)
  }

  /// Random prompts, of which every second token repeats an earlier one.
  private static func prompts(_ lengths: [Int], room: Int = 0, vocabulary: Int = 61) -> TrialBlock {
    let steps = (lengths.max() ?? 0) + room
    var random = RandomGenerator(seed: 5)
    var tokens = [Int](repeating: -1, count: lengths.count * steps)
    for (trial, length) in lengths.enumerated() {
      for step in 0..<length {
        let start = trial * steps
        tokens[start + step] =
          step > 1 && step % 2 == 1
          ? tokens[start + random.integer(below: step)] : random.integer(below: vocabulary)
      }
    }
    return TrialBlock(
      batch: TrialBatch(
        inputs: .tokens(Tensor(shape: [lengths.count, steps], elements: tokens)), lengths: lengths))
  }

  private func capture(
    _ model: AttentionModel, _ block: TrialBlock, sites: String, to path: String,
    change: (inout CaptureOptions) -> Void = { _ in }
  ) throws -> CaptureReader {
    let sized = model.sized(forSteps: block.batch.steps)
    var options = CaptureOptions(sites: try SiteGlob.resolve(sites, among: sized.sites))
    change(&options)
    let runner = CaptureRunner(
      model: sized, source: MemoryTrials(block),
      description: CaptureDescription(
        model: sized.identity, tokenText: { "<\($0)>" }, command: "", programVersion: "0", created: ""),
      options: options)
    _ = try runner.run(to: path)
    return try CaptureReader(path)
  }

  @Test(
    "streams summaries that agree with the pattern itself",
    arguments: ["gpt2", "llama-gqa-sharded", "mistral", "gemma2", "bert"])
  func summaries(_ name: String) throws {
    let folder = try TemporaryFolder()
    let model = try AttentionModel.load(folder: Self.folder(name))
    let lengths = [17, 9]
    let reader = try capture(
      model, Self.prompts(lengths), sites: "*.summary.*,*.pattern", to: folder.file("a.h5"))
    guard case .tokens(let tokens) = try #require(try reader.inputs()).inputs else { return }
    // A weight's rounding, times the most terms of a sum.
    let tolerance = 20 * 0x1p-23
    var repeats = 0
    for layer in 0..<model.layers {
      let pattern = try reader.values(of: "blocks.\(layer).attn.pattern", as: Double.self)
      func summary(_ which: AttentionSummary) throws -> [Double] {
        try reader.values(of: "blocks.\(layer).attn.summary.\(which.rawValue)", as: Double.self).elements
      }
      let values = try Dictionary(
        uniqueKeysWithValues: AttentionSummary.allCases.map { ($0, try summary($0)) })
      let steps = reader.metadata.steps
      let heads = pattern.shape[2]
      for (trial, length) in lengths.enumerated() {
        let ids = Array(tokens.elements[trial * steps..<trial * steps + length])
        for query in 0..<length {
          for head in 0..<heads {
            let place = (trial * steps + query) * heads + head
            let row = Array(pattern.elements[place * steps..<place * steps + length])
            func check(_ which: AttentionSummary, _ wanted: Double, within bound: Double = tolerance) {
              let found = values[which]?[place] ?? .nan
              #expect(
                abs(found - wanted) <= bound, "\(which) of \(layer).\(head) at \(query): \(found), \(wanted)")
            }
            #expect(abs(row.reduce(0, +) - 1) < tolerance)
            let largest = row.max() ?? .nan
            check(.max, largest)
            check(.argmax, Double(row.firstIndex(of: largest) ?? -1), within: 0)
            check(.entropy, row.reduce(0) { $0 - ($1 > 0 ? $1 * log($1) : 0) }, within: 10 * tolerance)
            check(.first, row[0])
            check(.previous, query > 0 ? row[query - 1] : 0)
            let earlier = (0..<query).filter { ids[$0] == ids[query] }
            repeats += earlier.count
            check(.duplicate, earlier.reduce(0) { $0 + row[$1] })
            check(.induction, earlier.reduce(0) { $0 + row[$1 + 1] })
            for (order, which) in [AttentionSummary.ngram1, .ngram2, .ngram3, .ngram4].enumerated() {
              let agreeing = earlier.filter { place in
                func agree(_ count: Int) -> Bool {
                  place >= count - 1 && (0..<count).allSatisfy { ids[place - $0] == ids[query - $0] }
                }
                return agree(order + 1) && (order == 3 || !agree(order + 2))
              }
              check(which, agreeing.reduce(0) { $0 + row[$1 + 1] })
            }
            var sum = 0.0
            var count = 0
            for weight in row.sorted(by: >) where sum < 0.9 - 1e-6 {
              sum += weight
              count += 1
            }
            check(.k90, Double(count), within: 0)
          }
        }
      }
    }
    #expect(repeats > 0, "the prompts repeat tokens")
  }

  @Test(
    "of generation agrees with a prefill of the same tokens", arguments: ["gpt2", "llama-yarn", "gemma2"])
  func generation(_ name: String) throws {
    let folder = try TemporaryFolder()
    let model = try AttentionModel.load(folder: Self.folder(name))
    let lengths = [7, 4, 1]
    let most = [5, 0, 6]
    var block = Self.prompts(lengths, room: 6)
    block.generation = Generation(maximumNewTokens: most)
    block.tables["prompt_lengths"] = Tensor(shape: [3], elements: lengths)
    let generated = try capture(
      model, block, sites: "*.resid_post,logits,*.argmax", to: folder.file("a.h5"))
    #expect(generated.metadata.lengths == [12, 4, 7])
    #expect(try generated.table("prompt_lengths")?.elements == lengths)
    let inputs = try #require(try generated.inputs())
    let again = try capture(
      model, TrialBlock(batch: inputs), sites: "*.resid_post,logits,*.argmax", to: folder.file("b.h5"))
    guard case .tokens(let tokens) = inputs.inputs else { return }
    let steps = generated.metadata.steps
    for site in generated.metadata.sites {
      let first = try generated.values(of: site.name, as: Double.self)
      let second = try again.values(of: site.name, as: Double.self)
      let scale = second.elements.filter(\.isFinite).map { abs($0) }.max() ?? 1
      for index in first.elements.indices {
        let (a, b) = (first.elements[index], second.elements[index])
        #expect(a.isNaN == b.isNaN)
        // Two orders of summation in f32 of some hundred terms over two layers.
        if !a.isNaN {
          #expect(abs(a - b) <= (site.dtype == "int64" ? 0 : 1e-5 * scale), "\(site.name) \(index)")
        }
      }
    }
    let logits = try generated.values(of: "logits", as: Double.self)
    let vocabulary = logits.shape[2]
    for (trial, length) in lengths.enumerated() {
      for step in length - 1..<generated.metadata.lengths[trial] - 1 {
        let row = logits.elements[
          (trial * steps + step) * vocabulary..<(trial * steps + step + 1) * vocabulary]
        let best = row.indices.max { row[$0] < row[$1] }.map { $0 - row.startIndex }
        #expect(best == tokens.elements[trial * steps + step + 1], "greedy, trial \(trial), step \(step)")
      }
    }
    let texts = try generated.vocabulary()
    #expect(Set(texts.map(\.id)) == Set(tokens.elements.filter { $0 >= 0 }))
    #expect(texts.allSatisfy { $0.text == "<\($0.id)>" })
  }

  @Test("stops at a stop token, which it keeps")
  func stopping() throws {
    let folder = try TemporaryFolder()
    let model = try AttentionModel.load(folder: Self.folder("gpt2"))
    var block = Self.prompts([6], room: 8)
    block.generation = Generation(maximumNewTokens: [8])
    let free = try capture(model, block, sites: "embed", to: folder.file("a.h5"))
    let tokens = try #require(try free.inputs())
    guard case .tokens(let tensor) = tokens.inputs else { return }
    let stop = tensor.elements[8]
    let first = try #require(tensor.elements[6...].firstIndex(of: stop))
    block.generation?.stopTokens = [stop]
    let stopped = try capture(model, block, sites: "embed", to: folder.file("b.h5"))
    #expect(stopped.metadata.lengths == [first + 1])
  }

  @Test(
    "keeps the chosen positions alone",
    arguments: [StepSelection.generation, .ranges([0..<2, 5..<6]), .ranges([8..<30])])
  func positions(_ selection: StepSelection) throws {
    let folder = try TemporaryFolder()
    let model = try AttentionModel.load(folder: Self.folder("gpt2"))
    let lengths = [9, 5]
    var block = Self.prompts(lengths, room: 3)
    block.generation = Generation(maximumNewTokens: [3, 2])
    let all = try capture(model, block, sites: "*.resid_post,*.pattern", to: folder.file("a.h5"))
    let some = try capture(model, block, sites: "*.resid_post,*.pattern", to: folder.file("b.h5")) {
      $0.positions = selection
    }
    #expect(all.metadata.lengths == some.metadata.lengths)
    var kept = 0
    for site in all.metadata.sites {
      let (first, second) = (
        try all.values(of: site.name, as: Float.self), try some.values(of: site.name, as: Float.self)
      )
      let width = site.elementCount
      for trial in 0..<2 {
        for step in 0..<all.metadata.steps {
          let place = (trial * all.metadata.steps + step) * width
          let isKept =
            step < all.metadata.lengths[trial]
            && selection.keeps(step, promptLength: lengths[trial])
          kept += isKept ? 1 : 0
          for index in place..<place + width {
            let (a, b) = (first.elements[index], second.elements[index])
            #expect(isKept ? a == b : b.isNaN, "\(site.name), trial \(trial), step \(step)")
          }
        }
      }
    }
    #expect(kept > 0)
  }

  @Test("keeps the chosen heads alone, and says which they are")
  func heads() throws {
    let folder = try TemporaryFolder()
    let model = try AttentionModel.load(folder: Self.folder("llama-gqa-sharded"))
    let sites = "*.summary.*,*.z,*.k,*.pattern,*.resid_post"
    let all = try capture(model, Self.prompts([9, 5]), sites: sites, to: folder.file("a.h5"))
    let some = try capture(model, Self.prompts([9, 5]), sites: sites, to: folder.file("b.h5")) {
      $0.heads = [3, 1]
    }
    #expect(try some.file.dataset("head").read(Int.self) == [1, 3])
    for site in all.metadata.sites {
      let (first, second) = (
        try all.values(of: site.name, as: Double.self), try some.values(of: site.name, as: Double.self)
      )
      guard site.axes.first == "head", site.shape[0] == model.heads else {
        #expect(zip(first.elements, second.elements).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
        continue
      }
      let width = site.elementCount / model.heads
      #expect(second.shape[2] == 2)
      for row in 0..<18 {
        for (place, head) in [1, 3].enumerated() {
          for index in 0..<width {
            let a = first.elements[(row * model.heads + head) * width + index]
            let b = second.elements[(row * 2 + place) * width + index]
            #expect(a == b || (a.isNaN && b.isNaN), "\(site.name), row \(row), head \(head)")
          }
        }
      }
    }
    #expect(throws: CaptureError.self) {
      try capture(model, Self.prompts([3]), sites: sites, to: folder.file("c.h5")) { $0.heads = [99] }
    }
  }

  @Test("gives the same bytes whatever the number of threads")
  func threads() throws {
    let folder = try TemporaryFolder()
    let model = try AttentionModel.load(folder: Self.folder("llama-gqa-sharded"))
    var seen: Data?
    for threads in [1, 2, 5] {
      let path = folder.file("\(threads).h5")
      _ = try capture(model, Self.prompts([20, 3, 11, 20, 19, 1, 7, 8, 9, 10]), sites: "*", to: path) {
        $0.threads = threads
      }
      let data = try Data(contentsOf: URL(filePath: path))
      #expect(seen == nil || seen == data)
      seen = data
    }
  }

  @Test("with a head zeroed differs from the intact one by exactly that head's output")
  func ablation() throws {
    let folder = try TemporaryFolder()
    let model = try AttentionModel.load(folder: Self.folder("gpt2"))
    let block = Self.prompts([12])
    let sized = model.sized(forSteps: 12)
    let intact = try capture(model, block, sites: "*", to: folder.file("a.h5"))
    let head = HeadIndex(layer: 0, head: 2)
    for (name, replacement) in [("zero", HeadAblation.Replacement.zero), ("uniform", .uniform)] {
      let intervention = try HeadAblation([head], of: sized, replacement: replacement)
      let ablated = try capture(model, block, sites: "*", to: folder.file(name + ".h5")) {
        $0.interventions = [intervention]
      }
      let before = try intact.values(of: "blocks.0.attn.z", as: Double.self)
      let after = try ablated.values(of: "blocks.0.attn.z", as: Double.self)
      let values = try intact.values(of: "blocks.0.attn.v", as: Double.self)
      let (heads, size) = (before.shape[2], before.shape[3])
      for step in 0..<12 {
        for index in 0..<heads * size {
          let found = after.elements[step * heads * size + index]
          if index / size != head.head {
            #expect(found == before.elements[step * heads * size + index])
          } else if name == "zero" {
            #expect(found == 0)
          } else {
            let seen = (0...step).map { values.elements[$0 * heads * size + index] }
            let mean = seen.reduce(0, +) / Double(seen.count)
            let scale = seen.map { abs($0) }.max() ?? 1
            #expect(abs(found - mean) <= 16 * 0x1p-23 * scale)
          }
        }
      }
      let logits = try ablated.values(of: "logits", as: Double.self).elements
      #expect(try intact.values(of: "logits", as: Double.self).elements != logits)
    }
    #expect(throws: ModelError.self) {
      try HeadAblation([HeadIndex(layer: 0, head: 5)], of: sized, replacement: .zero)
    }
  }

  @Test("patched with another run's residual continues as that run did, trial by trial")
  func patching() throws {
    let folder = try TemporaryFolder()
    let model = try AttentionModel.load(folder: Self.folder("gpt2"))
    // More trials than a block holds, so that a patch must find its own.
    let lengths = (0..<40).map { 4 + $0 % 9 }
    let clean = Self.prompts(lengths)
    var corrupt = clean
    if case .tokens(let tensor) = clean.batch.inputs {
      corrupt.batch.inputs = .tokens(
        Tensor(shape: tensor.shape, elements: tensor.elements.map { $0 < 0 ? $0 : ($0 + 17) % 61 }))
    }
    let first = try capture(model, clean, sites: "*", to: folder.file("clean.h5"))
    let sized = model.sized(forSteps: clean.batch.steps)
    let name = "blocks.1.resid_pre"
    let site = try #require(sized.site(named: name))
    let patch = SitePatch(site: site, values: try first.values(of: name, as: Float.self))
    let patched = try capture(model, corrupt, sites: "*", to: folder.file("patched.h5")) {
      $0.interventions = [patch]
      $0.threads = 2
    }
    for name in ["blocks.1.attn.z", "blocks.1.resid_post", "logits"] {
      let (a, b) = (try first.values(of: name, as: Float.self), try patched.values(of: name, as: Float.self))
      #expect(zip(a.elements, b.elements).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }, "\(name)")
    }
    let (a, b) = (
      try first.values(of: "blocks.0.resid_post", as: Float.self),
      try patched.values(of: "blocks.0.resid_post", as: Float.self)
    )
    #expect(zip(a.elements, b.elements).contains { $0 != $1 && !$0.isNaN })
  }

  @Test("refuses what the model cannot read, in words")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let model = try AttentionModel.load(folder: Self.folder("gpt2"))
    func message(_ block: TrialBlock) -> String {
      do {
        _ = try capture(model, block, sites: "embed", to: folder.file("\(UUID()).h5"))
        return ""
      } catch {
        return "\(error)"
      }
    }
    var outside = Self.prompts([5])
    if case .tokens(var tensor) = outside.batch.inputs {
      tensor.elements[3] = 61
      outside.batch.inputs = .tokens(tensor)
    }
    #expect(message(outside).contains("step 3: token 61 is outside 0..<61"))
    #expect(message(Self.prompts([33])).contains("has 33 tokens; it has positions for 32"))
    var long = Self.prompts([30], room: 8)
    long.generation = Generation(maximumNewTokens: [8])
    #expect(message(long).contains("38 tokens (30 of the prompt); it has positions for 32"))
  }
}
