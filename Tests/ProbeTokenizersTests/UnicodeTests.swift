import Testing

@testable import ProbeTokenizers

@Suite("Unicode as the peer knows it")
struct UnicodeTests {
  struct Recorded: Decodable {
    let classes: [String: [Int]]
    let mappings: [String: [Block]]
  }

  struct Block: Decodable {
    let start: Int
    let hash: String

    init(from decoder: any Swift.Decoder) throws {
      var row = try decoder.unkeyedContainer()
      start = try row.decode(Int.self)
      hash = try row.decode(String.self)
    }
  }

  static let scalars = (UInt32(0)...0x10FFFF).filter { Unicode.Scalar($0) != nil }

  /// The first and last of each run of scalars.
  private static func ranges(_ belongs: (UInt32) -> Bool) -> [Int] {
    var found: [Int] = []
    for scalar in scalars where belongs(scalar) {
      if let last = found.last, last == Int(scalar) - 1 {
        found[found.count - 1] = Int(scalar)
      } else {
        found += [Int(scalar), Int(scalar)]
      }
    }
    return found
  }

  @Test("every scalar is in the classes that the peer puts it in")
  func classes() throws {
    let recorded = try Fixture.read("unicode.json", as: Recorded.self).classes
    func check(_ name: String, _ belongs: (UInt32) -> Bool) throws {
      let expected = try #require(recorded[name])
      let found = Self.ranges(belongs)
      let different = Set(stride(from: 0, to: found.count, by: 2).map { found[$0]...found[$0 + 1] })
        .symmetricDifference(
          stride(from: 0, to: expected.count, by: 2).map { expected[$0]...expected[$0 + 1] })
      #expect(different.isEmpty, "\(name): \(different.sorted { $0.lowerBound < $1.lowerBound }.prefix(20))")
    }
    func isIn(_ wanted: ScalarClass) -> (UInt32) -> Bool {
      { ScalarClass.of($0, ScalarClass.table).contains(wanted) }
    }
    try check("letter", isIn(.letter))
    try check("number", isIn(.number))
    try check("space", isIn(.space))
    try check("whitespace", isIn(.space))
    try check("word", isIn(.word))
    try check("punctuation", isIn(.punctuation))
    try check("numeric", isIn(.numeric))
    try check("chinese", BertNormalizer.isChinese)
    for (name, text) in [("mark", #"\p{M}"#), ("unassigned", #"\p{Cn}"#), ("patternWord", #"\w"#)] {
      let expression = try RegularExpression(text)
      try check(name) {
        var bytes: [UInt8] = []
        UTF8Text.append($0, to: &bytes)
        return expression.next(bytes.span, from: 0) != nil
      }
    }
    /// Whether a normalizer leaves nothing of a scalar, or something else.
    func isRemoved(_ normalizer: Normalizer) -> (UInt32) -> Bool {
      { scalar in
        var bytes: [UInt8] = []
        UTF8Text.append(scalar, to: &bytes)
        var text = ScalarText(bytes)
        normalizer.apply(&text)
        return !text.scalars.contains(scalar)
      }
    }
    let cleaning = BertNormalizer(
      cleansText: true, spacesChinese: false, stripsAccents: false, lowercases: false)
    try check("control", isRemoved(.bert(cleaning)))
    try check("combining", isRemoved(.stripAccents))
    let accents = BertNormalizer(
      cleansText: false, spacesChinese: false, stripsAccents: true, lowercases: false)
    try check("accent", isRemoved(.bert(accents)))
    func second(_ scalars: [UInt32]) -> UInt32 {
      var normalizer = UnicodeNormalizer(.nfd)
      return normalizer.normalize(scalars)[1].scalar
    }
    try check("reordered") { $0 >= 0x300 && second([0x78, 0x301, $0]) != 0x301 }
    try check("starter") { $0 >= 0x300 && second([0x78, $0, 0x334]) != 0x334 }
  }

  @Test("every scalar is normalised and lowercased as the peer does")
  func mappings() throws {
    let recorded = try Fixture.read("unicode.json", as: Recorded.self).mappings
    for (name, blocks) in recorded {
      let normalizer = UnicodeNormalizer.Form(rawValue: name).map(Normalizer.unicode) ?? .lowercase
      var hashes: [Int: String] = [:]
      for block in stride(from: 0, to: 0x110000, by: 0x1000) {
        var changed = ""
        for value in UInt32(block)..<UInt32(block + 0x1000) where Unicode.Scalar(value) != nil {
          var bytes: [UInt8] = []
          UTF8Text.append(value, to: &bytes)
          var text = ScalarText(bytes)
          normalizer.apply(&text)
          if text.scalars != [value] {
            changed += "\(value)=\(text.scalars.map(String.init).joined(separator: ","));"
          }
        }
        if !changed.isEmpty { hashes[block] = Fixture.hash(changed.utf8) }
      }
      let expected = Dictionary(uniqueKeysWithValues: blocks.map { ($0.start, $0.hash) })
      let wrong = Set(hashes.keys).union(expected.keys).filter { hashes[$0] != expected[$0] }.sorted()
      #expect(wrong.isEmpty, "\(name) differs in blocks \(wrong.map { String($0, radix: 16) })")
    }
  }
}
