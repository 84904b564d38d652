import ProbeFindings

/// Attention weights as few bytes: what the page's scripts decode.
///
/// A byte b from 0 to 254 is the weight (b / 254)²: steps are fine where weights are small, so that the diffuse part of a
/// pattern is not lost; 255 is no weight. A weight w is off by at most (√w + 1/1016) / 254.
enum PatternEncoding {
  /// The most tokens of which every weight is kept.
  static let denseLimit = 96
  /// The most keys that are kept of a query of a longer prompt.
  static let keyLimit = 16

  /// A pattern: its layout and its bytes, in base 64.
  ///
  /// The layouts are `triangle` (the rows of a causal pattern, 1, 2, ... weights long), `square` (whole rows) and `sparse`
  /// (a row is the number of its keys, then for each key its distance from the one before, 255 meaning "255, and more
  /// follows", and its weight).
  ///
  /// The weights are `[query, key]`, `count * count` of them.
  ///
  /// - Complexity: O(count² log count).
  static func json(_ weights: [Float], count: Int) -> JSON {
    var layout = "square"
    var bytes: [UInt8] = []
    if count > denseLimit {
      layout = "sparse"
      for query in 0..<count {
        appendRow(weights[(query * count)..<((query + 1) * count)], to: &bytes)
      }
    } else {
      let isCausal = (0..<count).allSatisfy { query in
        weights[(query * count + query + 1)..<((query + 1) * count)].allSatisfy { $0 == 0 || $0.isNaN }
      }
      if isCausal { layout = "triangle" }
      for query in 0..<count {
        let end = isCausal ? query + 1 : count
        bytes += weights[(query * count)..<(query * count + end)].map(byte)
      }
    }
    return .object(["layout": .string(layout), "bytes": .string(base64(bytes))])
  }

  /// The byte of a weight; weights outside 0 to 1 are taken for the nearer end.
  static func byte(of weight: Float) -> UInt8 {
    guard !weight.isNaN else { return 255 }
    return UInt8((min(max(weight, 0), 1).squareRoot() * 254).rounded())
  }

  private static func appendRow(_ row: ArraySlice<Float>, to bytes: inout [UInt8]) {
    let order = row.indices.filter { !row[$0].isNaN && byte(of: row[$0]) > 0 }
      .sorted { row[$0] != row[$1] ? row[$0] > row[$1] : $0 < $1 }
    guard !order.isEmpty else {
      bytes.append(row.contains { !$0.isNaN } ? 0 : 255)
      return
    }
    let kept = order.prefix(keyLimit).sorted()
    bytes.append(UInt8(kept.count))
    var last = row.startIndex
    for key in kept {
      var gap = key - last
      while gap >= 255 {
        bytes.append(255)
        gap -= 255
      }
      bytes.append(UInt8(gap))
      bytes.append(byte(of: row[key]))
      last = key
    }
  }

  /// Bytes in the alphabet of RFC 4648, section 4, with padding.
  static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var word = 0
      for place in 0..<3 { word = word << 8 | (place < group.count ? Int(group[start + place]) : 0) }
      for place in 0..<4 {
        output.append(
          place <= group.count ? alphabet[word >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
