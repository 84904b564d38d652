import Foundation
import ProbeLinearAlgebra
import ProbeModels
import Testing

/// The acceptors that come with the project against their languages, word by word.
@Suite struct ShippedAcceptorTests {
  /// The languages in plain words, apart from any automaton.
  enum Language: String, CaseIterable {
    case tomita3 = "tomita3-sr"
    case tomita7 = "tomita7-sr"
    case parentheses = "parentheses-sr"
    case tomita2 = "tomita2-slightly-wrong"

    func contains(_ word: ArraySlice<Int>) -> Bool {
      switch self {
      case .tomita2:
        return word.count.isMultiple(of: 2) && zip(word.indices, word).allSatisfy { $1 == 1 - $0 % 2 }
      case .tomita3:
        // No odd run of 1s with an odd run of 0s anywhere after it.
        var hasOddOnes = false
        for run in Self.runs(word) where !run.length.isMultiple(of: 2) {
          if run.symbol == 1 { hasOddOnes = true } else if hasOddOnes { return false }
        }
        return true
      case .tomita7:
        return Self.runs(word).count <= (word.first == 1 ? 3 : 4)
      case .parentheses:
        var depth = 0
        for symbol in word {
          depth += symbol == 0 ? 1 : -1
          if depth < 0 || depth > 4 { return false }
        }
        return depth == 0
      }
    }

    static func runs(_ word: ArraySlice<Int>) -> [(symbol: Int, length: Int)] {
      word.reduce(into: []) { runs, symbol in
        if runs.last?.symbol == symbol {
          runs[runs.count - 1].length += 1
        } else {
          runs.append((symbol, 1))
        }
      }
    }
  }

  /// Every word of a length, in ascending order.
  static func words(_ length: Int) -> [[Int]] {
    (0..<1 << length).map { number in (0..<length).map { number >> (length - 1 - $0) & 1 } }
  }

  @Test(
    "recurrent acceptors judge all words to length 12 rightly, the one that was taught an error but that one",
    arguments: Language.allCases)
  func recurrent(language: Language) throws {
    let length = 12
    let model = try RecurrentModel.load(
      path: ShippedModelTests.folder + "/\(language.rawValue).safetensors")
    let readout = try #require(model.sites.firstIndex { $0.name == "readout" })
    let words = Self.words(length)
    let plan = RunPlan(observed: [readout])
    var wrong: Set<[Int]> = []
    for first in stride(from: 0, to: words.count, by: 512) {
      let part = words[first..<first + 512]
      let batch = TrialBatch(
        inputs: .tokens(Tensor(shape: [part.count, length], elements: part.flatMap { $0 })))
      var recorder = MemoryRecorder(model: model, plan: plan, trials: part.count, steps: length)
      try model.run(batch, plan: plan, recorder: &recorder)
      let logits = recorder.values[0].elements
      for (row, word) in part.enumerated() {
        for step in 0..<length {
          let at = 2 * (row * length + step)
          let accepts = logits[at + 1] > logits[at]
          if accepts != language.contains(word[0...step]) { wrong.insert(Array(word[0...step])) }
        }
      }
    }
    #expect(wrong == (language == .tomita2 ? [[1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]] : []))
    // The empty word: the readout of the zero state is its bias.
    let bias = try #require(model.readout?.bias)
    #expect((bias[1] > bias[0]) == language.contains([]))
  }

  @Test("the attention acceptor says of all words to length 9, the empty one too, whether they hold 000")
  func attention() throws {
    let length = 9
    let model = try AttentionModel.load(folder: ShippedModelTests.folder + "/tomita4-attention")
      .sized(forSteps: length + 1)
    let site = try #require(model.sites.firstIndex { $0.name == "logits" })
    let words = Self.words(length)
    // [BOS] is token 1, the symbols are tokens 2 and 3, the verdicts 4 (reject) and 5 (accept).
    let tokens = words.flatMap { [1] + $0.map { $0 + 2 } }
    let batch = TrialBatch(inputs: .tokens(Tensor(shape: [words.count, length + 1], elements: tokens)))
    let plan = RunPlan(observed: [site])
    var recorder = MemoryRecorder(model: model, plan: plan, trials: words.count, steps: length + 1)
    try model.run(batch, plan: plan, recorder: &recorder)
    let logits = recorder.values[0].elements
    for (row, word) in words.enumerated() {
      for step in 0...length {
        let at = 6 * (row * (length + 1) + step)
        let runs = Language.runs(word[0..<step])
        let belongs = !runs.contains { $0.symbol == 0 && $0.length >= 3 }
        // Over the whole vocabulary: the model's own next token is its verdict.
        let best = (0..<6).max { logits[at + $0] < logits[at + $1] }
        #expect(best == (belongs ? 5 : 4), "\(word[0..<step])")
      }
    }
  }
}
