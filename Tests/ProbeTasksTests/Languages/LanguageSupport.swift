import ProbeLinearAlgebra
import ProbeTasks

/// All words over symbols 0..<symbols of a length up to the given one, shortest first.
func words(symbols: Int, upTo length: Int) -> [[Int]] {
  var result: [[Int]] = [[]]
  var last: [[Int]] = [[]]
  for _ in 0..<length {
    last = last.flatMap { word in (0..<symbols).map { word + [$0] } }
    result += last
  }
  return result
}

/// Whether every state is reached and no two agree on all words: pairs are marked until none is left to mark.
func isMinimal(_ next: [[Int]], answers: [Int]) -> Bool {
  let count = next.count
  var isReached = Array(repeating: false, count: count)
  var open = [0]
  while let state = open.popLast() {
    if isReached[state] { continue }
    isReached[state] = true
    open += next[state]
  }
  guard isReached.allSatisfy({ $0 }) else { return false }
  var isApart = (0..<count).map { a in (0..<count).map { answers[a] != answers[$0] } }
  var changed = true
  while changed {
    changed = false
    for a in 0..<count {
      for b in 0..<a where !isApart[a][b] {
        if zip(next[a], next[b]).contains(where: { isApart[$0][$1] }) {
          isApart[a][b] = true
          isApart[b][a] = true
          changed = true
        }
      }
    }
  }
  return (0..<count).allSatisfy { a in (0..<a).allSatisfy { isApart[a][$0] } }
}

extension RegularLanguage {
  /// The name of the class of a word given by its symbols' names.
  func answer(_ word: [String]) -> String {
    classes[answers[state(after: word.map { symbols.firstIndex(of: $0) ?? -1 })]]
  }

  /// The name of the class of a word of one-letter symbols.
  func answer(_ word: String) -> String { answer(word.map { "\($0)" }) }

  var isMinimal: Bool { ProbeTasksTests.isMinimal(next, answers: answers) }
}

extension LanguageTask {
  /// Checks every prefix of some trials' words against a definition of the class's name.
  func firstDisagreement(trials: Int, _ definition: ([String]) -> String) throws -> [String]? {
    for index in 0..<trials {
      let trial = trial(index)
      let word = try tokens(of: trial).map { language.symbols[$0] }
      for step in word.indices {
        let prefix = Array(word[...step])
        guard let answer = language.classes.firstIndex(of: definition(prefix)) else { return prefix }
        let width = language.classes.count
        let target = Array(trial.targets.elements[step * width..<(step + 1) * width])
        let label = trial.labels?[step] ?? -1
        let isRight =
          target == (0..<width).map { $0 == answer ? 1 : 0 } && language.answers[label] == answer
          && trial.mask[step]
        if !isRight { return prefix }
      }
    }
    return nil
  }
}
