import Glibc

/// Numbers as a reader wants them: few digits; the CSV files have all.
enum NumberText {
  /// A real number with a few significant digits, as C's `%g` writes it.
  static func significant(_ value: Double, digits: Int = 4) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    var buffer = [CChar](repeating: 0, count: 40)
    let written = withVaList([Int32(digits), value]) { vsnprintf(&buffer, 40, "%.*g", $0) }
    return String(decoding: buffer.prefix(Int(written)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A whole number with its thousands parted by narrow no-break spaces, from five digits on.
  static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    guard digits.count > 4 else { return String(value) }
    var output = ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position).isMultiple(of: 3) { output += "\u{202F}" }
      output.append(digit)
    }
    return (value < 0 ? "-" : "") + output
  }
}
