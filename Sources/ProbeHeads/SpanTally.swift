/// What each head copied from given spans of the prompt.
struct SpanTally {
  let copyRate: [Double]
  let set: [Double]
  let entry: [Double]?
  let continuation: [Double]?
  let attainableCopyRate: Double
  let attainableSet: Double

  init(_ run: RetrievalRun, spans: [Range<Int>], element: RetrievalScores.SetElement) {
    let positions = spans.flatMap { Array($0) }
    // The positions of a token within the spans, and which of the elements a position stands for.
    var places: [Int: [Int]] = [:]
    for position in positions { places[run.prompt[position], default: []].append(position) }
    let size: Int
    switch element {
    case .positions: size = positions.count
    case .tokens: size = places.count
    }

    var copied = [Int](repeating: 0, count: run.heads)
    var distinct = [Set<Int>](repeating: [], count: run.heads)
    var entries = copied
    var continuations = copied
    var (entryChances, continuationChances, copyableSteps) = (0, 0, 0)
    var generatedOfSpan: [Int: Int] = [:]
    for (step, token) in run.generated.enumerated() {
      guard let candidates = places[token] else { continue }
      copyableSteps += 1
      generatedOfSpan[token, default: 0] += 1
      let previous = step > 0 ? run.generated[step - 1] : run.prompt[run.prompt.count - 1]
      func continues(_ position: Int) -> Bool { position > 0 && run.prompt[position - 1] == previous }
      if candidates.contains(where: continues) { continuationChances += 1 }
      if candidates.contains(where: { !continues($0) }) { entryChances += 1 }
      for head in 0..<run.heads {
        let key = run.attended[step * run.heads + head]
        guard candidates.contains(key) else { continue }
        copied[head] += 1
        distinct[head].insert(element == .positions ? key : token)
        if continues(key) { continuations[head] += 1 } else { entries[head] += 1 }
      }
    }
    copyRate = copied.map { Double($0) / Double(positions.count) }
    set = distinct.map { Double($0.count) / Double(size) }
    entry = entryChances > 0 ? entries.map { Double($0) / Double(entryChances) } : nil
    continuation =
      continuationChances > 0 ? continuations.map { Double($0) / Double(continuationChances) } : nil
    attainableCopyRate = Double(copyableSteps) / Double(positions.count)
    let reachable =
      switch element {
      // One step copies one position, so a token twice in the needle and once generated gives one.
      case .positions: generatedOfSpan.reduce(0) { $0 + min($1.value, places[$1.key]?.count ?? 0) }
      case .tokens: generatedOfSpan.count
      }
    attainableSet = Double(reachable) / Double(size)
  }
}
