/// BERT's cleaning of text: control characters, Chinese characters, accents, case.
struct BertNormalizer: Sendable {
  var cleansText: Bool
  var spacesChinese: Bool
  var stripsAccents: Bool
  var lowercases: Bool

  func apply(_ text: inout ScalarText) {
    if cleansText {
      let classes = ScalarClass.table
      text.filter { value in
        value != 0 && value != 0xFFFD && !ScalarClass.of(value, ScalarClass.table).contains(.control)
      }
      var changes: [ScalarText.Change] = []
      changes.reserveCapacity(text.scalars.count)
      for value in text.scalars {
        changes.append(.init(ScalarClass.of(value, classes).contains(.space) ? 0x20 : value, 0))
      }
      text.transform(changes)
    }
    if spacesChinese, text.scalars.contains(where: Self.isChinese) {
      var changes: [ScalarText.Change] = []
      changes.reserveCapacity(text.scalars.count)
      for value in text.scalars {
        if Self.isChinese(value) {
          changes += [.init(0x20, 0), .init(value, 1), .init(0x20, 1)]
        } else {
          changes.append(.init(value, 0))
        }
      }
      text.transform(changes)
    }
    if stripsAccents {
      Normalizer.unicode(.nfd).apply(&text)
      text.filter { !ScalarClass.of($0, ScalarClass.table).contains(.nonspacing) }
    }
    if lowercases { Normalizer.lowercase(&text) }
  }

  /// The blocks of CJK ideographs that BERT sets apart.
  ///
  /// Source: Devlin et al. 2018, `tokenization.py`.
  static func isChinese(_ value: UInt32) -> Bool {
    switch value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
