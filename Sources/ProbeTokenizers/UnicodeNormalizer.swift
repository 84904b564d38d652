/// Unicode normalisation that tells, for each scalar, how it changes the text.
struct UnicodeNormalizer {
  /// The four forms.
  enum Form: String, Sendable {
    case nfc = "NFC"
    case nfd = "NFD"
    case nfkc = "NFKC"
    case nfkd = "NFKD"

    var isComposed: Bool { self == .nfc || self == .nfkc }
    var isCompatible: Bool { self == .nfkc || self == .nfkd }
  }

  private let form: Form
  private let forms = UnicodeForms.canonical
  private var decompositions: [UInt32: [UInt32]] = [:]

  init(_ form: Form) { self.form = form }

  /// The normalised scalars.
  ///
  /// Below U+00A0 every text is in every form, below U+0300 in NFC, and no scalar there joins an earlier one; such
  /// stretches are not looked at further.
  mutating func normalize(_ scalars: [UInt32]) -> [ScalarText.Change] {
    let plain: UInt32 = form == .nfc ? 0x300 : 0xA0
    var changes: [ScalarText.Change] = []
    changes.reserveCapacity(scalars.count)
    var position = 0
    while position < scalars.count {
      // The last plain scalar before others may be composed with what follows.
      var next = position
      while next < scalars.count, scalars[next] < plain { next += 1 }
      let end = next == scalars.count ? next : max(position, next - 1)
      for index in position..<end { changes.append(.init(scalars[index], 0)) }
      position = end
      var stop = position
      while stop < scalars.count, stop < next || scalars[stop] >= plain { stop += 1 }
      if stop > position { stretch(scalars[position..<stop], &changes) }
      position = stop
    }
    return changes
  }

  private mutating func stretch(_ scalars: ArraySlice<UInt32>, _ changes: inout [ScalarText.Change]) {
    let decomposed = decompose(scalars)
    if form.isComposed { compose(decomposed, &changes) } else { changes += decomposed }
  }

  private mutating func decompose(_ scalars: ArraySlice<UInt32>) -> [ScalarText.Change] {
    var output: [ScalarText.Change] = []
    var classes: [UInt8] = []
    var sorted = 0
    func sort() {
      guard output.count - sorted > 1 else {
        sorted = output.count
        return
      }
      let run = (sorted..<output.count).map { (combining: classes[$0], place: $0) }
      if zip(run, run.dropFirst()).contains(where: { $0.combining > $1.combining }) {
        // Stable: marks of one class keep their order.
        let order = run.sorted { ($0.combining, $0.place) < ($1.combining, $1.place) }
        let moved = order.map { output[$0.place] }
        output.replaceSubrange(sorted..., with: moved)
      }
      sorted = output.count
    }
    func push(_ value: UInt32, _ change: Int) {
      let combining = UnicodeForms.combiningClass(value)
      if combining == 0 { sort() }
      output.append(.init(value, change))
      classes.append(combining)
    }
    for scalar in scalars {
      if let parts = decomposition(scalar) {
        for (index, part) in parts.enumerated() { push(part, index == 0 ? 0 : 1) }
      } else {
        push(scalar, 0)
      }
    }
    sort()
    return output
  }

  private mutating func decomposition(_ scalar: UInt32) -> [UInt32]? {
    guard form.isCompatible, scalar >= 0xA0 else { return forms.decomposition(scalar, compatible: false) }
    if let known = decompositions[scalar] { return known.isEmpty ? nil : known }
    let found = forms.decomposition(scalar, compatible: true)
    decompositions[scalar] = found ?? []
    return found
  }

  /// Composes (The Unicode Standard 9.0, section 3.11, D117); a scalar taken into another counts as one removed after it.
  private func compose(_ scalars: [ScalarText.Change], _ changes: inout [ScalarText.Change]) {
    var starter: ScalarText.Change?
    var waiting: [ScalarText.Change] = []
    var last: UInt8?
    for change in scalars {
      let combining = UnicodeForms.combiningClass(change.scalar)
      guard let current = starter else {
        if combining == 0 { starter = change } else { changes.append(change) }
        continue
      }
      let isBlocked = last.map { $0 >= combining } ?? false
      if !isBlocked, let composite = forms.composite(current.scalar, change.scalar) {
        starter = .init(composite, current.change + change.change - 1)
        continue
      }
      if combining == 0 {
        changes.append(current)
        changes += waiting
        waiting.removeAll(keepingCapacity: true)
        starter = change
        last = nil
      } else {
        waiting.append(change)
        last = combining
      }
    }
    if let starter { changes.append(starter) }
    changes += waiting
  }
}
