/// Reads the text of a regular expression.
struct RegularExpressionParser {
  enum Greed: Sendable { case greedy, lazy, possessive }

  indirect enum Node {
    case set(ScalarSet)
    case sequence([Node])
    case alternatives([Node])
    case repetition(Node, minimum: Int, maximum: Int, Greed)
    case ahead(Node, negative: Bool)
    case behind(ScalarSet, negative: Bool)
    case lineStart, lineEnd, textStart, textEnd

    /// Whether it can match without taking anything.
    var canBeEmpty: Bool {
      switch self {
      case .set: false
      case .sequence(let nodes): nodes.allSatisfy(\.canBeEmpty)
      case .alternatives(let nodes): nodes.contains(where: \.canBeEmpty)
      case .repetition(let node, let minimum, _, _): minimum == 0 || node.canBeEmpty
      default: true
      }
    }
  }

  typealias Refusal = RegularExpression.Refusal

  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var ignoresCase = false
  private var depth = 0

  init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

  mutating func parse() throws(Refusal) -> Node {
    let node = try alternatives()
    guard position == scalars.count else { throw Refusal(reason: "')' without '('") }
    return node
  }

  private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func consume(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard scalars[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  private mutating func alternatives() throws(Refusal) -> Node {
    depth += 1
    defer { depth -= 1 }
    guard depth < 32 else { throw Refusal(reason: "its groups are nested too deeply") }
    var branches: [Node] = []
    repeat {
      var nodes: [Node] = []
      while let next = peek, next != "|", next != ")" { nodes.append(try repetition()) }
      branches.append(nodes.count == 1 ? nodes[0] : .sequence(nodes))
    } while consume("|")
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func repetition() throws(Refusal) -> Node {
    var node = try atom()
    while let next = peek {
      var minimum = 0
      var maximum = Int.max
      var isInterval = false
      switch next {
      case "*": break
      case "+": minimum = 1
      case "?": maximum = 1
      case "{":
        (minimum, maximum) = try interval()
        isInterval = true
      default: return node
      }
      if !isInterval { position += 1 }
      var greed = Greed.greedy
      if consume("?") {
        greed = .lazy
      } else if !isInterval, consume("+") {  // after {n,m} a '+' repeats the repetition
        greed = .possessive
      }
      if case .ahead = node { throw Refusal(reason: "it repeats a look-around") }
      if case .behind = node { throw Refusal(reason: "it repeats a look-around") }
      node = .repetition(node, minimum: minimum, maximum: maximum, greed)
    }
    return node
  }

  private mutating func interval() throws(Refusal) -> (Int, Int) {
    let start = position
    while let next = peek, next != "}" { position += 1 }
    guard consume("}") else { throw Refusal(reason: "'{' without '}'") }
    let text = String(String.UnicodeScalarView(scalars[start + 1..<position - 1]))
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let bounds = parts.map { Int($0) }
    switch (parts.count, bounds.first ?? nil, bounds.last ?? nil) {
    case (1, let count?, _) where count <= 1000: return (count, count)
    case (2, let low?, nil) where parts[1].isEmpty && low <= 1000: return (low, Int.max)
    case (2, let low?, let high?) where low <= high && high <= 1000: return (low, high)
    default: throw Refusal(reason: "the interval {\(text)} is not read")
    }
  }

  private mutating func atom() throws(Refusal) -> Node {
    let next = scalars[position]
    position += 1
    switch next {
    case "(": return try group()
    case "[": return .set(try bracket())
    case ".": return .set(ScalarSet([.range(0x0A, 0x0A)], negated: true))
    case "^": return .lineStart
    case "$": return .lineEnd
    case "\\":
      if consume("A") { return .textStart }
      if consume("z") { return .textEnd }
      return .set(ScalarSet([try escape()], ignoringCase: ignoresCase))
    case "*", "+", "?", "{", "}", "]":
      throw Refusal(reason: "'\(next)' stands where a character should")
    default: return .set(ScalarSet([.range(next.value, next.value)], ignoringCase: ignoresCase))
    }
  }

  private mutating func group() throws(Refusal) -> Node {
    let outer = ignoresCase
    defer { ignoresCase = outer }
    enum Kind { case plain, ahead(Bool), behind(Bool), atomic }
    var kind = Kind.plain
    if consume("?:") {
    } else if consume("?i:") {
      ignoresCase = true
    } else if consume("?=") {
      kind = .ahead(false)
    } else if consume("?!") {
      kind = .ahead(true)
    } else if consume("?<=") {
      kind = .behind(false)
    } else if consume("?<!") {
      kind = .behind(true)
    } else if consume("?>") {
      kind = .atomic
    } else if peek == "?" {
      throw Refusal(reason: "only the groups (?: (?i: (?= (?! (?<= (?<! (?> are read")
    }
    let node = try alternatives()
    guard consume(")") else { throw Refusal(reason: "'(' without ')'") }
    switch kind {
    case .plain: return node
    case .ahead(let negative): return .ahead(node, negative: negative)
    case .atomic: return .repetition(.sequence([node]), minimum: 1, maximum: 1, .possessive)
    case .behind(let negative):
      guard case .set(let set) = node else {
        throw Refusal(reason: "it looks behind by more than one character")
      }
      return .behind(set, negative: negative)
    }
  }

  /// The set in brackets, after the opening one.
  private mutating func bracket() throws(Refusal) -> ScalarSet {
    let isNegated = consume("^")
    var members: [ScalarSet.Member] = []
    while let next = peek, next != "]" {
      if next == "[" || consume("&&") { throw Refusal(reason: "sets within sets are not read") }
      position += 1
      var member = ScalarSet.Member.range(next.value, next.value)
      if next == "\\" { member = try escape() }
      if case .range(let low, _) = member, peek == "-", position + 1 < scalars.count,
        scalars[position + 1] != "]"
      {
        position += 1
        guard let end = peek else { break }
        position += 1
        var last = ScalarSet.Member.range(end.value, end.value)
        if end == "\\" { last = try escape() }
        guard case .range(let high, _) = last, high >= low else {
          throw Refusal(reason: "a range of it is empty")
        }
        member = .range(low, high)
      }
      members.append(member)
    }
    guard consume("]") else { throw Refusal(reason: "'[' without ']'") }
    guard !members.isEmpty else { throw Refusal(reason: "a set of it is empty") }
    return ScalarSet(members, negated: isNegated, ignoringCase: ignoresCase)
  }

  /// What stands after a backslash.
  private mutating func escape() throws(Refusal) -> ScalarSet.Member {
    guard let next = peek else { throw Refusal(reason: "it ends with a backslash") }
    position += 1
    func one(_ value: UInt32) -> ScalarSet.Member { .range(value, value) }
    switch next {
    case "n": return one(0x0A)
    case "r": return one(0x0D)
    case "t": return one(0x09)
    case "f": return one(0x0C)
    case "v": return one(0x0B)
    case "a": return one(0x07)
    case "e": return one(0x1B)
    case "s": return .space
    case "S": return .not(.space)
    case "w": return .word
    case "W": return .not(.word)
    case "d": return .categories(ScalarSet.categories("Nd") ?? 0)
    case "D": return .not(.categories(ScalarSet.categories("Nd") ?? 0))
    case "p", "P": return try property(negated: next == "P")
    case "u": return one(try hexadecimal(4))
    case "x":
      if consume("{") {
        let value = try hexadecimal(nil)
        guard consume("}") else { throw Refusal(reason: "'\\x{' without '}'") }
        return one(value)
      }
      return one(try hexadecimal(2))
    default:
      guard next.isASCII, !next.properties.isAlphabetic, next.properties.numericType == nil else {
        throw Refusal(reason: "\\\(next) is not read")
      }
      return one(next.value)
    }
  }

  private mutating func hexadecimal(_ count: Int?) throws(Refusal) -> UInt32 {
    let start = position
    while let next = peek, next.properties.isASCIIHexDigit, count.map({ position - start < $0 }) ?? true {
      position += 1
    }
    let text = String(String.UnicodeScalarView(scalars[start..<position]))
    guard let value = UInt32(text, radix: 16), count == nil || text.count == count,
      Unicode.Scalar(value) != nil,
      count != 2 || value < 0x80
    else { throw Refusal(reason: "a hexadecimal escape of it is not read") }
    return value
  }

  private mutating func property(negated: Bool) throws(Refusal) -> ScalarSet.Member {
    guard consume("{") else { throw Refusal(reason: "\\p without {name}") }
    let isInverse = consume("^") != negated
    let start = position
    while let next = peek, next != "}" { position += 1 }
    let name = String(String.UnicodeScalarView(scalars[start..<position]))
    guard consume("}"), let bits = ScalarSet.categories(name) else {
      throw Refusal(reason: "the property '\(name)' is not read, only general categories are")
    }
    return isInverse ? .not(.categories(bits)) : .categories(bits)
  }
}
