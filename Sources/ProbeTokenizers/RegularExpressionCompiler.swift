/// Turns a parsed pattern into steps.
struct RegularExpressionCompiler {
  /// A pattern may not grow beyond this number of steps by repetition.
  static let maximumSteps = 4096

  private(set) var steps: [RegularExpression.Step] = []
  private(set) var sets: [ScalarSet] = []

  mutating func compile(_ node: RegularExpressionParser.Node) throws(RegularExpression.Refusal) {
    guard steps.count < Self.maximumSteps else { throw .init(reason: "it repeats too much") }
    switch node {
    case .set(let set): steps.append(.scalar(add(set)))
    case .sequence(let nodes): for node in nodes { try compile(node) }
    case .alternatives(let nodes): try compile(alternatives: nodes)
    case .repetition(.set(let set), let minimum, let maximum, let greed):
      steps.append(.run(add(set), minimum: minimum, maximum: maximum, greed))
    case .repetition(let node, let minimum, let maximum, .possessive):
      try nested(.repetition(node, minimum: minimum, maximum: maximum, .greedy)) { .atomic(end: $0) }
    case .repetition(let node, let minimum, let maximum, let greed):
      try compile(repeated: node, minimum, maximum, greed)
    case .ahead(let node, let negative): try nested(node) { .ahead(end: $0, negative: negative) }
    case .behind(let set, let negative): steps.append(.behind(add(set), negative: negative))
    case .lineStart: steps.append(.lineStart)
    case .lineEnd: steps.append(.lineEnd)
    case .textStart: steps.append(.textStart)
    case .textEnd: steps.append(.textEnd)
    }
  }

  private mutating func add(_ set: ScalarSet) -> Int {
    sets.append(set)
    return sets.count - 1
  }

  private mutating func compile(
    alternatives nodes: [RegularExpressionParser.Node]
  ) throws(RegularExpression.Refusal) {
    var jumps: [Int] = []
    for (index, node) in nodes.enumerated() {
      guard index < nodes.count - 1 else {
        try compile(node)
        break
      }
      let fork = steps.count
      steps.append(.accept)
      try compile(node)
      jumps.append(steps.count)
      steps.append(.accept)
      steps[fork] = .fork(fork + 1, steps.count)
    }
    for jump in jumps { steps[jump] = .jump(steps.count) }
  }

  private mutating func compile(
    repeated node: RegularExpressionParser.Node, _ minimum: Int, _ maximum: Int,
    _ greed: RegularExpressionParser.Greed
  ) throws(RegularExpression.Refusal) {
    func fork(_ into: Int, _ past: Int) -> RegularExpression.Step {
      greed == .lazy ? .fork(past, into) : .fork(into, past)
    }
    for _ in 0..<minimum { try compile(node) }
    if maximum == Int.max {
      guard !node.canBeEmpty else { throw .init(reason: "it repeats without end what can be empty") }
      let start = steps.count
      steps.append(.accept)
      try compile(node)
      steps.append(.jump(start))
      steps[start] = fork(start + 1, steps.count)
      return
    }
    var forks: [Int] = []
    for _ in minimum..<max(minimum, maximum) {
      forks.append(steps.count)
      steps.append(.accept)
      try compile(node)
    }
    for index in forks { steps[index] = fork(index + 1, steps.count) }
  }

  private mutating func nested(
    _ node: RegularExpressionParser.Node, _ step: (_ end: Int) -> RegularExpression.Step
  ) throws(RegularExpression.Refusal) {
    let start = steps.count
    steps.append(.accept)
    try compile(node)
    steps.append(.accept)
    steps[start] = step(steps.count)
  }
}
