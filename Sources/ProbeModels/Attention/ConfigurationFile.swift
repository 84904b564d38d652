internal import Foundation

/// The keys of a Hugging Face `config.json`.
struct ConfigurationFile {
  let source: String
  private let values: [String: Any]
  /// The whole text with sorted keys.
  let text: String

  /// Reads JSON text.
  ///
  /// - Throws: ``ModelError/choice(file:fault:)`` for what is not a JSON object.
  init(text: String, source: String) throws(ModelError) {
    self.source = source
    let object: Any
    do {
      object = try JSONSerialization.jsonObject(with: Data(text.utf8))
      guard let values = object as? [String: Any] else {
        throw ModelError.choice(file: source, fault: "the configuration is not a JSON object")
      }
      self.values = values
      let data = try JSONSerialization.data(
        withJSONObject: values, options: [.sortedKeys, .withoutEscapingSlashes])
      self.text = String(decoding: data, as: UTF8.self)
    } catch {
      throw .choice(file: source, fault: "the configuration is not readable JSON: \(error)")
    }
  }

  private init(values: [String: Any], source: String) {
    self.values = values
    self.source = source
    text = ""
  }

  /// The keys, sorted.
  var keys: [String] { values.keys.sorted() }

  /// Whether a key stands there, be it with the value null.
  func mentions(_ key: String) -> Bool { values[key] != nil }

  func has(_ key: String) -> Bool { values[key] != nil && !(values[key] is NSNull) }

  /// A whole number, required.
  func integer(_ key: String) throws(ModelError) -> Int {
    guard let value = try optionalInteger(key) else { throw missing(key, "a whole number") }
    return value
  }

  func integer(_ key: String, default value: Int) throws(ModelError) -> Int {
    try optionalInteger(key) ?? value
  }

  func optionalInteger(_ key: String) throws(ModelError) -> Int? {
    guard has(key) else { return nil }
    // Extents beyond 2^31 are nonsense, and their products would overflow.
    guard let number = values[key] as? NSNumber, number.doubleValue == Double(number.intValue),
      number.intValue >= 0, number.intValue < 1 << 31
    else { throw wrong(key, "a whole number") }
    return number.intValue
  }

  /// The number of layers.
  func layers(_ key: String) throws(ModelError) -> Int {
    let count = try integer(key)
    guard count <= 1 << 16 else { throw wrong(key, "a number of layers") }
    return count
  }

  /// The dimensions of each of the heads that share `width` evenly.
  func headSize(width: Int, heads: Int) throws(ModelError) -> Int {
    guard width > 0, heads > 0, width % heads == 0 else {
      throw .choice(file: source, fault: "its width of \(width) is not shared evenly by \(heads) heads")
    }
    return width / heads
  }

  /// A number above 0, or nil.
  func optionalPositive(_ key: String) throws(ModelError) -> Double? {
    guard let value = try optionalNumber(key) else { return nil }
    guard value > 0 else { throw wrong(key, "a number above 0") }
    return value
  }

  func number(_ key: String, default value: Double) throws(ModelError) -> Double {
    try optionalNumber(key) ?? value
  }

  func optionalNumber(_ key: String) throws(ModelError) -> Double? {
    guard has(key) else { return nil }
    guard let number = values[key] as? NSNumber else { throw wrong(key, "a number") }
    return number.doubleValue
  }

  func flag(_ key: String, default value: Bool) throws(ModelError) -> Bool {
    guard has(key) else { return value }
    guard let flag = values[key] as? NSNumber else { throw wrong(key, "true or false") }
    return flag.boolValue
  }

  func string(_ key: String) -> String? { values[key] as? String }

  func strings(_ key: String) -> [String]? { values[key] as? [String] }

  /// A nested object.
  func object(_ key: String) -> ConfigurationFile? {
    (values[key] as? [String: Any]).map { ConfigurationFile(values: $0, source: source) }
  }

  /// A whole number or a pair of them.
  func pair(_ key: String, default value: Int) throws(ModelError) -> (Int, Int) {
    if let list = values[key] as? [Int] {
      guard list.count == 2, list.allSatisfy({ (0..<1 << 31).contains($0) }) else {
        throw wrong(key, "a whole number or two of them")
      }
      return (list[0], list[1])
    }
    let single = try integer(key, default: value)
    return (single, single)
  }

  /// The activation that a key names.
  func activation(_ key: String, default name: String) throws(ModelError) -> Activation {
    let given = string(key) ?? name
    guard let activation = Activation(configurationName: given) else {
      throw .choice(
        file: source,
        fault: "\(key) is '\(given)'; known are \(Activation.configurationNames)")
    }
    return activation
  }

  func wrong(_ key: String, _ expected: String) -> ModelError {
    .choice(file: source, fault: "the configuration's \(key) is \(values[key] ?? "missing"), not \(expected)")
  }

  private func missing(_ key: String, _ expected: String) -> ModelError {
    .choice(file: source, fault: "the configuration has no \(key), \(expected)")
  }
}
