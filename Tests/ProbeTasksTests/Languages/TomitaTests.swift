import Foundation
import ProbeLinearAlgebra
import ProbeTasks
import Testing

@Suite("Tomita's languages")
struct TomitaTests {
  /// Membership by the languages' wording, written without automata.
  static let definitions: [@Sendable ([Int]) -> Bool] = [
    { word in !word.contains(0) },
    { word in word.count % 2 == 0 && word.indices.allSatisfy { word[$0] == 1 - $0 % 2 } },
    { word in
      let runs = runs(of: word)
      let firstOdd = runs.firstIndex { $0.symbol == 1 && $0.length % 2 == 1 } ?? runs.endIndex
      return !runs[firstOdd...].contains { $0.symbol == 0 && $0.length % 2 == 1 }
    },
    { word in !runs(of: word).contains { $0.symbol == 0 && $0.length >= 3 } },
    { word in word.filter { $0 == 0 }.count % 2 == 0 && word.filter { $0 == 1 }.count % 2 == 0 },
    { word in (word.filter { $0 == 0 }.count - word.filter { $0 == 1 }.count) % 3 == 0 },
    { word in zip(word, word.dropFirst()).filter { $0 == (1, 0) }.count <= 1 },
  ]

  @Test("the automaton agrees with the wording for all 2047 words up to length 10", arguments: 1...7)
  func membership(n: Int) {
    let grammar = RegularLanguage.tomita[n - 1]
    for length in 0...10 {
      for code in 0..<(1 << length) {
        let word = (0..<length).map { code >> $0 & 1 }
        let state = word.reduce(0) { grammar.next[$0][$1] }
        #expect(grammar.accepts[state] == Self.definitions[n - 1](word), "word \(word)")
      }
    }
  }

  @Test("the automata are minimal: 2, 3, 5, 4, 4, 3 and 5 states, no two of which agree on all continuations")
  func minimal() {
    #expect(RegularLanguage.tomita.map(\.accepts.count) == [2, 3, 5, 4, 4, 3, 5])
    for grammar in RegularLanguage.tomita {
      let states = grammar.accepts.indices
      let behaviours = states.map { start in
        (0...5).flatMap { length in
          (0..<(1 << length)).map { code in
            grammar.accepts[(0..<length).reduce(start) { grammar.next[$0][code >> $1 & 1] }]
          }
        }
      }
      #expect(Set(behaviours).count == states.count, "language \(grammar.meaning)")
    }
  }

  @Test("targets and labels follow the automaton along every word", arguments: 1...7)
  func trials(n: Int) throws {
    let task = try Tomita(parsing: "tomita:n=\(n),seed=11")
    var accepted = 0
    for index in 0..<100 {
      let trial = task.trial(index)
      let word = try tokens(of: trial)
      for step in word.indices {
        let isMember = Self.definitions[n - 1](Array(word[...step]))
        #expect(Array(trial.targets.elements[2 * step...2 * step + 1]) == (isMember ? [0, 1] : [1, 0]))
        #expect(task.language.accepts[try #require(trial.labels?[step])] == isMember)
        if isMember { accepted += 1 }
      }
    }
    // Both classes are common enough to learn from: at least one prefix in ten.
    #expect((320...2880).contains(accepted), "\(accepted) of 3200 prefixes accepted")
  }

  @Test("with slip=0 no word is ever doomed; with slip=1 symbols stand as drawn", arguments: [1, 2, 3, 4, 7])
  func slip(n: Int) throws {
    let sink = RegularLanguage.tomita[n - 1].accepts.count - 1
    let careful = try Tomita(parsing: "tomita:n=\(n),slip=0,steps=200")
    for index in 0..<20 { #expect(careful.trial(index).labels?.contains(sink) == false) }
    // A word of 200 independent symbols is doomed but with a probability of order 1/200 (all 1s, or all 0s).
    let free = try Tomita(parsing: "tomita:n=\(n),slip=1,steps=200")
    let doomed = (0..<50).filter { free.trial($0).labels?.last == sink }
    #expect(doomed.count >= 40)
  }

  @Test("the words of a seed stay what they were when the task was first released")
  func golden() throws {
    let words = [
      "11111111111111111111111111111111", "10101010111110010101011011001011",
      "11110110000001111100100100000010", "11110110010011111001010101101100",
      "11110110000001111100101010110110", "11110110000001111100101010110110",
      "11110111111111111111111111111111",
    ]
    // FNV-1a over the tokens of the first 200 trials.
    let hashes: [UInt64] = [
      0xad1a_59d0_d047_f005, 0xab3b_2b93_01c8_adc6, 0x04ef_7151_1b9e_4140, 0x4789_eea4_9132_ce12,
      0x04a5_a2b9_af50_016c, 0x04a5_a2b9_af50_016c, 0x9b74_3fda_0d87_6ed0,
    ]
    for n in 1...7 {
      let task = try Tomita(parsing: "tomita:n=\(n),seed=11")
      #expect(try tokens(of: task.trial(3)).map(String.init).joined() == words[n - 1])
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for index in 0..<200 {
        for token in try tokens(of: task.trial(index)) {
          hash = (hash ^ UInt64(token)) &* 0x100_0000_01b3
        }
      }
      #expect(hash == hashes[n - 1], "language \(n)")
    }
  }

  @Test("the task's automaton is the language's")
  func automaton() throws {
    let task = try Tomita(parsing: "tomita:n=2")
    let automaton = try #require(task.automaton)
    #expect(automaton.state(after: [1, 0, 1], from: 0) == 1)
    #expect(automaton.outputs == [[0, 1], [1, 0], [1, 0]])
    #expect(automaton.inputVectors == nil && automaton.start == 0)
    #expect(task.input == .tokens(alphabet: ["0", "1"]))
  }
}

/// The maximal runs of equal symbols.
private func runs(of word: [Int]) -> [(symbol: Int, length: Int)] {
  var result: [(symbol: Int, length: Int)] = []
  for symbol in word {
    if result.last?.symbol == symbol {
      result[result.count - 1].length += 1
    } else {
      result.append((symbol, 1))
    }
  }
  return result
}
