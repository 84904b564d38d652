/// A ``MergeForest`` whose counts are those of the labels, and the machine that it comes to.
struct LabelForest {
  var forest: MergeForest
  private let sample: LabelledSample

  /// The prefixes of a sample's labelled words.
  ///
  /// - Parameters:
  ///   - sample: the words and their labels.
  ///   - isExact: whether a word with two labels is an error.
  /// - Throws: ``AutomataError/contradictorySample(word:first:second:)``, ``AutomataError/symbolOutOfRange(_:word:symbols:source:)``,
  ///   ``AutomataError/unknownLabel(_:word:labels:)``.
  init(_ sample: LabelledSample, isExact: Bool) throws(AutomataError) {
    let labels = sample.outputNames.count
    for (index, word) in sample.words.enumerated() {
      if let symbol = word.first(where: { $0 < 0 || $0 >= sample.alphabet.count }) {
        throw .symbolOutOfRange(symbol, word: index, symbols: sample.alphabet.count, source: "the sample")
      }
      if sample.labels[index] >= labels {
        throw .unknownLabel(Int(sample.labels[index]), word: index, labels: labels)
      }
    }
    let prefixes = PrefixCounts(sample.words, width: sample.alphabet.count, countWidth: labels) {
      sample.labels[$0] < 0 ? nil : Int(sample.labels[$0])
    }
    self.sample = sample
    forest = MergeForest(prefixes)
    if isExact { try checkLabels(prefixes) }
  }

  private func checkLabels(_ prefixes: PrefixCounts) throws(AutomataError) {
    let labels = prefixes.countWidth
    for prefix in 0..<prefixes.count {
      let seen = (0..<labels).filter { prefixes.counts[prefix * labels + $0] > 0 }
      if seen.count < 2 { continue }
      // The word itself is found by walking every labelled word: this is the way to an error.
      for (word, label) in zip(sample.words, sample.labels) where label >= 0 {
        var node = 0
        for symbol in word { node = Int(prefixes.children[node * prefixes.width + symbol]) }
        if node == prefix {
          throw .contradictorySample(
            word: sample.alphabet.text(of: word), first: sample.outputNames[seen[0]],
            second: sample.outputNames[seen[1]])
        }
      }
    }
  }

  /// Whether two classes have no two different labels.
  static func agree(_ forest: borrowing MergeForest, _ one: Int32, _ other: Int32) -> Bool {
    var seen = 0
    for label in 0..<forest.countWidth
    where forest.count(label, of: one) > 0 || forest.count(label, of: other) > 0 {
      seen += 1
    }
    return seen < 2
  }

  /// The label that most words of a class have, the first of several; nil where no word has one.
  static func majority(_ forest: borrowing MergeForest, _ state: Int32) -> Int? {
    var best: Int?
    var most: Int32 = 0
    for label in 0..<forest.countWidth where forest.count(label, of: state) > most {
      best = label
      most = forest.count(label, of: state)
    }
    return best
  }

  /// The machine of the states: what has no label has the given output, what leads nowhere leads to a state that stays so.
  func machine(unlabelled: Int32) -> MooreMachine {
    var next: [Int32] = []
    var isOpen = false
    let sink = Int32(forest.red.count)
    for state in forest.red {
      for symbol in 0..<forest.width {
        let target = forest.next(state, symbol).flatMap { forest.number(of: $0) }
        next.append(target.map { Int32($0) } ?? sink)
        if target == nil { isOpen = true }
      }
    }
    var outputs = forest.red.map { state in Self.majority(forest, state).map { Int32($0) } ?? unlabelled }
    if isOpen {
      next.append(contentsOf: repeatElement(sink, count: forest.width))
      outputs.append(unlabelled)
    }
    return MooreMachine(
      alphabet: sample.alphabet, outputNames: sample.outputNames,
      transitions: Transitions(stateCount: outputs.count, symbolCount: forest.width, next: next),
      outputs: outputs)
  }
}
