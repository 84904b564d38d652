import ProbeFindings

/// Amounts as few bytes: what the page's scripts decode.
///
/// An amount is stored as a share of the largest modulus, in IEEE 754 half precision, low byte first: it is off by at most 2^-11 of itself
/// where it is above 2^-14 of the largest, and by 2^-25 of the largest below. NaN is no amount.
enum HalfEncoding {
  /// The scale and the bytes, in base 64.
  ///
  /// - Complexity: O(values).
  static func json(_ values: [Double]) -> JSON {
    let largest = values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    let scale = largest > 0 ? largest : 1
    var bytes: [UInt8] = []
    bytes.reserveCapacity(2 * values.count)
    for value in values {
      let bits = value.isFinite ? Float16(value / scale).bitPattern : Float16.nan.bitPattern
      bytes.append(UInt8(bits & 0xff))
      bytes.append(UInt8(bits >> 8))
    }
    return .object(["scale": .real(scale), "bytes": .string(PatternEncoding.base64(bytes))])
  }
}
