/// How statements write numbers.
enum NumberText {
  /// A whole number with commas between thousands: `131,071`.
  static func grouped(_ number: Int) -> String {
    let digits = Array("\(number.magnitude)")
    var text = number < 0 ? "-" : ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// A number of things: `1 word`, `1,060 words`.
  static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// A share in per cent, to six decimals at most: `0.5 %`.
  static func percent(_ share: Double) -> String {
    let rounded = (share * 1e8).rounded() / 1e6
    return rounded == rounded.rounded(.down) && abs(rounded) < 1e15 ? "\(Int(rounded)) %" : "\(rounded) %"
  }

  /// A number to three significant digits, rounded up where asked for, as a bound must be.
  static func short(_ number: Double, up: Bool = false) -> String {
    guard number.isFinite, number != 0 else { return "\(number)" }
    var scale = 1.0
    while abs(number) * scale < 100 { scale *= 10 }
    while abs(number) * scale >= 1000 { scale /= 10 }
    let rounded = (number * scale).rounded(up ? .up : .toNearestOrEven) / scale
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? grouped(Int(rounded)) : "\(rounded)"
  }
}
