/// Readers of values that are lists, or left to the task.
extension TaskParameters {
  /// A whole number within a range, or nil for `auto`.
  func integer(
    _ key: String, in range: ClosedRange<Int>, because reason: String? = nil, auto: Void
  ) throws(TaskError) -> Int? {
    guard text(key) != "auto" else { return nil }
    guard let value = Int(text(key)), range.contains(value) else {
      let expected = "auto or a whole number from \(range.lowerBound) to \(range.upperBound)"
      throw fault(key, reason.map { "\(expected) (\($0))" } ?? expected)
    }
    return value
  }

  /// A path, or nil for `none`.
  func path(_ key: String) -> String? {
    text(key) == "none" ? nil : text(key)
  }

  /// Whole numbers: `a,b,c`, or `low..high/count` for `count` of them evenly spaced, ends included and rounded.
  ///
  /// The numbers stand as given, without repetitions where they are to be distinct.
  func integers(
    _ key: String, in range: ClosedRange<Int>, distinct: Bool = true
  ) throws(TaskError) -> [Int] {
    let expected =
      "whole numbers from \(range.lowerBound) to \(range.upperBound), as in \(key)=\"a,b,c\" or "
      + "\(key)=low..high/count"
    guard let values = evenlySpaced(text(key)) ?? commaSeparated(text(key)), values.allSatisfy(range.contains)
    else { throw fault(key, expected) }
    var seen: Set<Int> = []
    return distinct ? values.filter { seen.insert($0).inserted } : values
  }

  /// Refuses values other than the defaults for parameters that would have no effect.
  func refuse(
    _ keys: [String], of descriptor: TaskDescriptor, because reason: String
  ) throws(TaskError) {
    for parameter in descriptor.parameters where keys.contains(parameter.name) {
      guard text(parameter.name) == parameter.defaultValue else {
        throw fault(parameter.name, "it left out, as it has no effect \(reason)")
      }
    }
  }
}

/// The numbers of `low..high/count`, or nil for other text.
private func evenlySpaced(_ text: String) -> [Int]? {
  guard let slash = text.firstIndex(of: "/"), let dots = text.firstRange(of: ".."),
    dots.upperBound <= slash, let low = Int(text[..<dots.lowerBound]),
    let high = Int(text[dots.upperBound..<slash]), let count = Int(text[text.index(after: slash)...]),
    (1...1_000_000).contains(count), low <= high, count > 1 || low == high,
    low >= -1 << 40, high <= 1 << 40
  else { return nil }
  guard count > 1 else { return [low] }
  return (0..<count).map { index in
    low + Int((Double(high - low) * Double(index) / Double(count - 1)).rounded())
  }
}

private func commaSeparated(_ text: String) -> [Int]? {
  var values: [Int] = []
  for part in text.split(separator: ",", omittingEmptySubsequences: false) {
    guard let value = Int(part.filter { $0 != " " }) else { return nil }
    values.append(value)
  }
  return values
}
