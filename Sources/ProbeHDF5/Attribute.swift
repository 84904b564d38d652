import CHDF5

/// The value of an attribute.
public enum AttributeValue: Sendable, Equatable {
  /// One text.
  case text(String)
  /// A row of texts.
  case texts([String])
  /// One integer; booleans are 0 and 1.
  case integer(Int)
  /// A row of integers.
  case integers([Int])
  /// One floating-point number.
  case number(Double)
  /// A row of floating-point numbers.
  case numbers([Double])
}

extension HDF5Object where Self: ~Copyable {
  /// Whether there is an attribute of this name.
  public borrowing func hasAttribute(_ name: String) throws(HDF5Error) -> Bool {
    try check("look for attribute '\(name)' of \(label)") { H5Aexists(identifier, name) } > 0
  }

  /// Sets an attribute: text as variable-length UTF-8, integers as int64, numbers as float64.
  ///
  /// A value that is there already is replaced.
  public borrowing func setAttribute(_ name: String, _ value: AttributeValue) throws(HDF5Error) {
    let operation = "write attribute '\(name)' of \(label)"
    if try hasAttribute(name) { try check(operation) { H5Adelete(identifier, name) } }
    let id = identifier
    switch value {
    case .text(let text): try Self.writeTexts(id, name, [text], shape: [], operation)
    case .texts(let texts): try Self.writeTexts(id, name, texts, shape: [texts.count], operation)
    case .integer(let number):
      try Self.write(id, name, [Int64(number)], shape: [], operation)
    case .integers(let numbers):
      try Self.write(id, name, numbers.map { Int64($0) }, shape: [numbers.count], operation)
    case .number(let number): try Self.write(id, name, [number], shape: [], operation)
    case .numbers(let numbers): try Self.write(id, name, numbers, shape: [numbers.count], operation)
    }
  }

  private static func write<Scalar: HDF5Scalar>(
    _ object: hid_t, _ name: String, _ values: [Scalar], shape: [Int], _ operation: String
  ) throws(HDF5Error) {
    let type = try Scalar.elementType.makeHandle()
    let attribute = try create(object, name, type: type, shape: shape, operation)
    if !values.isEmpty { try check(operation) { H5Awrite(attribute.id, type.id, values) } }
  }

  private static func writeTexts(
    _ object: hid_t, _ name: String, _ texts: [String], shape: [Int], _ operation: String
  ) throws(HDF5Error) {
    let type = try ElementType.makeString()
    let attribute = try create(object, name, type: type, shape: shape, operation)
    if texts.isEmpty { return }
    let id = attribute.id
    let status = Strings.withPointers(texts) { pointer in
      H5Eset_auto2(hid_t(H5E_DEFAULT), nil, nil)
      return H5Awrite(id, type.id, pointer)
    }
    if status < 0 { throw HDF5Error(operation) }
  }

  private static func create(
    _ object: hid_t, _ name: String, type: borrowing Handle, shape: [Int], _ operation: String
  ) throws(HDF5Error) -> Handle {
    let space = try Dataspace.make(shape)
    let id = type.id
    return try Handle(.attribute, operation) {
      H5Acreate2(object, name, id, space.id, hid_t(H5P_DEFAULT), hid_t(H5P_DEFAULT))
    }
  }

  /// Reads an attribute of any number or text type; `nil` where there is none of this name.
  ///
  /// - Throws: when its type is neither.
  public borrowing func attribute(_ name: String) throws(HDF5Error) -> AttributeValue? {
    guard try hasAttribute(name) else { return nil }
    let label = "attribute '\(name)' of \(label)"
    let attribute = try Handle(.attribute, "open \(label)") {
      H5Aopen(identifier, name, hid_t(H5P_DEFAULT))
    }
    let space = try Handle(.space, "look at \(label)") { H5Aget_space(attribute.id) }
    let type = try Handle(.type, "look at \(label)") { H5Aget_type(attribute.id) }
    let shape = try Dataspace.shape(of: space, label: label)
    let count = shape.reduce(1, *)
    guard count < 1 << 24 else { throw HDF5Error("read \(label)", cause: "\(count) values are too many") }
    let id = attribute.id
    switch ElementType(of: type) {
    case .string:
      let texts = try Strings.read(type: type, space: space, count: count, label: label) { type, buffer in
        H5Aread(id, type, buffer)
      }
      return shape.isEmpty && texts.count == 1 ? .text(texts[0]) : .texts(texts)
    case .float16, .float32, .float64:
      let values = try Self.readNumbers(id, count: count, Double.self, repeating: 0, label)
      return shape.isEmpty ? .number(values[0]) : .numbers(values)
    case .uint8, .uint16, .int32, .int64: break
    case .otherNumber where H5Tget_class(type.id) == H5T_FLOAT:
      let values = try Self.readNumbers(id, count: count, Double.self, repeating: 0, label)
      return shape.isEmpty ? .number(values[0]) : .numbers(values)
    case .otherNumber: break
    case .other: throw HDF5Error("read \(label)", cause: "it is neither text nor numbers")
    }
    let values = try Self.readNumbers(id, count: count, Int.self, repeating: 0, label)
    return shape.isEmpty ? .integer(values[0]) : .integers(values)
  }

  private static func readNumbers<Scalar: HDF5Scalar>(
    _ attribute: hid_t, count: Int, _ scalar: Scalar.Type, repeating value: Scalar, _ label: String
  ) throws(HDF5Error) -> [Scalar] {
    var values = [Scalar](repeating: value, count: count)
    if count == 0 { return values }
    let type = try Scalar.elementType.makeHandle()
    try check("read \(label)") { H5Aread(attribute, type.id, &values) }
    return values
  }
}
