import Foundation

/// Decomposition and composition of Unicode scalars, as of Unicode 9, which the reference's normalisation knows.
///
/// Mappings come from Foundation, one scalar at a time; a scalar that Unicode assigned later stays as it is. The
/// algorithm itself is our own, because the reference's alignment of scalars follows from each of its steps.
struct UnicodeForms: Sendable {
  /// The version of Unicode whose mappings and combining classes are used.
  static let version = (major: 9, minor: 0)

  /// All canonical decompositions and compositions except those of Hangul, which are computed.
  static let canonical = UnicodeForms()

  /// Full canonical decompositions.
  private let decompositions: [UInt32: [UInt32]]
  /// The composite of two scalars, first << 32 | second.
  private let composites: [UInt64: UInt32]

  /// Blocks that hold every scalar with a canonical decomposition in Unicode 9.
  private static let blocks: [ClosedRange<UInt32>] = [
    0x00C0...0x0233, 0x0340...0x04F9, 0x0622...0x06D3, 0x0929...0x0DDE, 0x0F43...0x0FB9, 0x1026...0x1026,
    0x1B06...0x1B43, 0x1E00...0x2001, 0x2126...0x22ED, 0x2329...0x232A, 0x2ADC...0x2ADC, 0x304C...0x30FE,
    0xF900...0xFAD9, 0xFB1D...0xFB4E, 0x1109A...0x115BB, 0x1D15E...0x1D1C0, 0x2F800...0x2FA1D,
  ]

  private init() {
    var decompositions: [UInt32: [UInt32]] = [:]
    var composites: [UInt64: UInt32] = [:]
    for value in Self.blocks.joined() {
      guard let scalar = Unicode.Scalar(value), ScalarClass.isAssigned(scalar.properties, by: Self.version)
      else {
        continue
      }
      let text = String(Character(scalar))
      let full = text.decomposedStringWithCanonicalMapping.unicodeScalars.map(\.value)
      guard full != [value] else { continue }
      decompositions[value] = full
      guard full.count > 1, !scalar.properties.isFullCompositionExclusion, let last = full.last else {
        continue
      }
      var prefix = String.UnicodeScalarView()
      prefix.append(contentsOf: full.dropLast().compactMap(Unicode.Scalar.init))
      let first = String(prefix).precomposedStringWithCanonicalMapping.unicodeScalars.map(\.value)
      if first.count == 1 { composites[UInt64(first[0]) << 32 | UInt64(last)] = value }
    }
    self.decompositions = decompositions
    self.composites = composites
  }

  /// The canonical combining class.
  static func combiningClass(_ value: UInt32) -> UInt8 {
    guard value >= 0x300, let properties = Unicode.Scalar(value)?.properties else { return 0 }
    let combining = properties.canonicalCombiningClass.rawValue
    return combining == 0 || ScalarClass.isAssigned(properties, by: version) ? combining : 0
  }

  /// The full decomposition of a scalar, or nil if it has none.
  func decomposition(_ value: UInt32, compatible: Bool) -> [UInt32]? {
    guard value >= 0xA0 else { return nil }
    if 0xAC00..<0xD7A4 ~= value {  // Hangul, The Unicode Standard 9.0, section 3.12
      let index = value - 0xAC00
      let trailing = index % 28
      let pair = [0x1100 + index / 588, 0x1161 + index % 588 / 28]
      return trailing == 0 ? pair : pair + [0x11A7 + trailing]
    }
    if compatible, let scalar = Unicode.Scalar(value),
      ScalarClass.isAssigned(scalar.properties, by: Self.version)
    {
      let full = String(Character(scalar)).decomposedStringWithCompatibilityMapping.unicodeScalars.map(
        \.value)
      return full == [value] ? nil : full
    }
    return decompositions[value]
  }

  /// The one scalar that two compose to.
  func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if 0x1100..<0x1113 ~= first, 0x1161..<0x1176 ~= second {
      return 0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28
    }
    if 0xAC00..<0xD7A4 ~= first, (first - 0xAC00) % 28 == 0, 0x11A8..<0x11C3 ~= second {
      return first + second - 0x11A7
    }
    return composites[UInt64(first) << 32 | UInt64(second)]
  }
}
