extension MooreMachine {
  /// Words that together tell all states apart that can be told apart: W of the W-method.
  ///
  /// Taken greedily in shortlex order: a word is in the set when it parts two states that no word before it parts. The
  /// first is always the empty word, even where one state leaves nothing to part, so that outputs are looked at. Chow,
  /// "Testing software design modeled by finite-state machines", IEEE Trans. Software Eng. 4 (1978) 178.
  ///
  /// - Returns: at most as many words as there are states, shortest first, none longer than there are states.
  /// - Complexity: O(words * length * symbols * states), after the rounds of ``MooreRefinement``.
  public func characterizationSet() -> [Word] {
    let refinement = MooreRefinement(transitions, labels: outputs)
    var words: [Word] = [[]]
    var sets = split([Array(0..<stateCount)], by: [])
    while let word = refinement.shortestSplittingWord(of: sets) {
      words.append(word)
      sets = split(sets, by: word)
    }
    return words
  }

  /// For each state, words of ``characterizationSet()`` that tell it from all others: the sets of the Wp-method.
  ///
  /// Taken greedily in shortlex order; never empty. Fujiwara et al., "Test selection based on finite state models", IEEE
  /// Trans. Software Eng. 17 (1991) 591.
  ///
  /// - Returns: `[state]`: its words, shortest first.
  public func identificationSets() -> [[Word]] {
    let words = characterizationSet()
    let answers = words.map { word in
      (0..<stateCount).map { outputs[transitions.state(after: word, from: $0)] }
    }
    return (0..<stateCount).map { state in
      var others = (0..<stateCount).filter { $0 != state }
      var chosen: [Word] = []
      for (word, answer) in zip(words, answers) where !others.isEmpty {
        let left = others.filter { answer[$0] == answer[state] }
        if left.count < others.count { chosen.append(word) }
        others = left
      }
      return chosen.isEmpty ? [[]] : chosen
    }
  }

  /// Parts each set by the outputs after a word; sets of one state are dropped.
  private func split(_ sets: [[Int]], by word: Word) -> [[Int]] {
    sets.flatMap { set in
      Dictionary(grouping: set) { outputs[transitions.state(after: word, from: $0)] }
        .sorted { $0.key < $1.key }.map(\.value).filter { $0.count > 1 }
    }
  }
}
