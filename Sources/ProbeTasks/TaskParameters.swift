/// The values of a task's parameters, checked against its descriptor: given ones over defaults.
public struct TaskParameters: Sendable, Equatable {
  /// The task's name.
  public let task: String
  /// Every parameter with its value, in the descriptor's order.
  public let resolved: [TaskParameterValue]

  /// Lays the given values over the defaults.
  ///
  /// - Throws: ``TaskError/unknownParameter(task:name:suggestion:known:)`` for a key that the task does not have.
  public init(for descriptor: TaskDescriptor, values: [String: String] = [:]) throws(TaskError) {
    task = descriptor.name
    let known = descriptor.parameters.map(\.name)
    for key in values.keys.sorted() where !known.contains(key) {
      throw .unknownParameter(
        task: descriptor.name, name: key, suggestion: nearestName(to: key, among: known), known: known)
    }
    resolved = descriptor.parameters.map {
      TaskParameterValue(name: $0.name, value: values[$0.name] ?? $0.defaultValue)
    }
  }

  /// The whole specification, every parameter written out: the same text gives the same trials.
  public var specification: String {
    let pairs = resolved.map { "\($0.name)=\(TaskSpecification.quoted($0.value))" }
    return "\(task):\(pairs.joined(separator: ","))"
  }

  /// The text of a parameter.
  ///
  /// - Precondition: the descriptor lists `key`.
  func text(_ key: String) -> String {
    guard let found = resolved.first(where: { $0.name == key }) else {
      preconditionFailure("task \(task) does not document a parameter '\(key)'")
    }
    return found.value
  }

  /// A whole number within a range; `reason` says where the range comes from.
  func integer(
    _ key: String, in range: ClosedRange<Int>, because reason: String? = nil
  ) throws(TaskError) -> Int {
    guard let value = Int(text(key)), range.contains(value) else {
      let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
      throw fault(key, reason.map { "\(expected) (\($0))" } ?? expected)
    }
    return value
  }

  /// A finite number within a range.
  func number(_ key: String, in range: ClosedRange<Double>) throws(TaskError) -> Double {
    guard let value = Double(text(key)), range.contains(value) else {
      throw fault(key, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A seed: any whole number that 64 bits hold.
  func seed(_ key: String) throws(TaskError) -> UInt64 {
    guard let value = UInt64(text(key)) else { throw fault(key, "a whole number from 0 to 2^64 - 1") }
    return value
  }

  /// One of a few words.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, as type: Choice.Type
  ) throws(TaskError) -> Choice where Choice.RawValue == String {
    guard let value = Choice(rawValue: text(key)) else {
      throw fault(key, "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return value
  }

  /// The error that says what `key` should have been.
  func fault(_ key: String, _ expected: String) -> TaskError {
    .value(task: task, name: key, value: text(key), expected: expected)
  }
}

/// One parameter with its value as text.
public struct TaskParameterValue: Sendable, Equatable {
  /// The key.
  public var name: String
  /// The value as it would be typed.
  public var value: String
}
