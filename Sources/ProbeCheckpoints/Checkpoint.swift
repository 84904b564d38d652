public import ProbeLinearAlgebra

/// A named collection of tensors with metadata, whatever the format it came from.
///
/// Files are mapped, not read: values are decoded when asked for, and a checkpoint larger than memory can be read
/// rows at a time. Compressed members alone are expanded on opening. The files must not be rewritten in place while
/// a checkpoint is in use (see also ``sha256()``).
public struct Checkpoint: Sendable {
  /// The path as given, or the label of a checkpoint in memory.
  public let path: String
  /// The format's own text: safetensors' `__metadata__`, the plain values beside a PyTorch state dictionary.
  public let metadata: [String: String]
  /// The names of the tensors, sorted.
  public let names: [String]
  /// The tensors by name.
  let tensors: [String: StoredTensor]
  /// The files, sorted by name; empty in memory.
  let files: [MappedFile]

  init(path: String, tensors: [String: StoredTensor], metadata: [String: String], files: [MappedFile]) {
    self.path = path
    self.metadata = metadata
    self.names = tensors.keys.sorted()
    self.tensors = tensors
    self.files = files
  }

  /// A checkpoint of values in memory, such as the weights that a capture carries.
  ///
  /// - Parameters:
  ///   - label: stands for the path in messages.
  ///   - tensors: the values by name.
  ///   - metadata: text by key.
  public init(label: String, tensors: [String: Tensor<Double>], metadata: [String: String] = [:]) {
    self.init(
      path: label,
      tensors: tensors.mapValues {
        StoredTensor(.values($0.elements), type: .float64, shape: $0.shape, file: label)
      },
      metadata: metadata, files: [])
  }

  /// What is known of the tensor called `name` without reading it; `nil` if there is none.
  public func information(_ name: String) -> TensorInformation? {
    guard let tensor = tensors[name] else { return nil }
    var range: Range<Int>?
    if case .mapped(_, let bytes) = tensor.source { range = bytes }
    return TensorInformation(
      name: name, type: tensor.type, shape: tensor.shape, file: tensor.file, byteRange: range,
      isContiguous: tensor.isContiguous && !tensor.isBigEndian)
  }

  /// The values of a tensor in double precision; 64-bit integers beyond 2^53 are rounded.
  ///
  /// - Throws: ``CheckpointError/missingTensor(path:name:available:)``.
  /// - Complexity: O(elements) time and memory.
  public func tensor(_ name: String, as type: Double.Type) throws(CheckpointError) -> Tensor<Double> {
    decoded(try stored(name))
  }

  /// The values of a tensor in single precision, rounded to nearest.
  ///
  /// - Throws: ``CheckpointError/missingTensor(path:name:available:)``.
  /// - Complexity: O(elements) time and memory.
  public func tensor(_ name: String, as type: Float.Type) throws(CheckpointError) -> Tensor<Float> {
    decoded(try stored(name))
  }

  /// The values of a tensor of integers or booleans (1 is true).
  ///
  /// - Throws: ``CheckpointError/missingTensor(path:name:available:)``;
  ///   ``CheckpointError/mismatched(path:tensor:fault:)`` if the elements are floating or exceed `Int`.
  public func integers(_ name: String) throws(CheckpointError) -> Tensor<Int> {
    try decodedIntegers(try stored(name), name: name, path: path)
  }

  /// The rows `range` of a tensor's first axis in single precision, the others untouched on the disk.
  ///
  /// - Throws: as ``tensor(_:as:)``, and ``CheckpointError/mismatched(path:tensor:fault:)`` if the tensor has no such
  ///   rows.
  /// - Complexity: O(elements of those rows).
  public func rows(
    _ range: Range<Int>, of name: String, as type: Float.Type
  ) throws(CheckpointError) -> Tensor<Float> {
    decoded(try storedRows(range, of: name))
  }

  /// The rows `range` of a tensor's first axis in double precision, the others untouched on the disk.
  ///
  /// - Throws: as for single precision.
  public func rows(
    _ range: Range<Int>, of name: String, as type: Double.Type
  ) throws(CheckpointError) -> Tensor<Double> {
    decoded(try storedRows(range, of: name))
  }

  /// Writes the rows `range` of a tensor's first axis, in single precision, into `target`: the form for tiles of a
  /// matrix product, which allocates nothing.
  ///
  /// - Throws: as ``rows(_:of:as:)``.
  /// - Precondition: `target` has room for the elements of those rows.
  public func readRows(
    _ range: Range<Int>, of name: String, into target: UnsafeMutableBufferPointer<Float>
  ) throws(CheckpointError) {
    try storedRows(range, of: name).decode(into: target)
  }

  /// Lends the bytes of the rows `range` of a tensor's first axis as they lie in the file: little-endian, row-major,
  /// of the type that ``information(_:)`` tells, at any alignment.
  ///
  /// - Throws: as ``rows(_:of:as:)``, and ``CheckpointError/mismatched(path:tensor:fault:)`` for a tensor that is not
  ///   contiguous.
  public func withBytes<Result>(
    of name: String, rows range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(CheckpointError) -> Result {
    let part = try storedRows(range, of: name)
    guard part.isContiguous, !part.isBigEndian else {
      throw .mismatched(path: path, tensor: name, fault: "it is stored transposed, strided or big-endian")
    }
    let begin = part.offset * part.type.byteCount
    let end = begin + part.count * part.type.byteCount
    return part.source.withBytes { body(UnsafeRawBufferPointer(rebasing: $0[begin..<end])) }
  }

  /// Checks that no weight is infinite or not a number; integers always pass.
  ///
  /// - Throws: ``CheckpointError/notFinite(path:tensor:index:value:)`` with the first such weight by name and index.
  /// - Complexity: O(elements) time, memory for a block of rows.
  public func requireFinite() throws(CheckpointError) {
    for name in names { try requireFinite(name) }
  }

  /// Checks that no element of one tensor is infinite or not a number.
  ///
  /// - Throws: ``CheckpointError/notFinite(path:tensor:index:value:)``, or
  ///   ``CheckpointError/missingTensor(path:name:available:)``.
  public func requireFinite(_ name: String) throws(CheckpointError) {
    let tensor = try stored(name)
    guard tensor.type.isFloating, tensor.count > 0 else { return }
    let rowCount = tensor.shape.first ?? 1
    let rowLength = tensor.count / rowCount
    let blockRows = max(1, 65536 / rowLength)
    for first in stride(from: 0, to: rowCount, by: blockRows) {
      let range = first..<min(first + blockRows, rowCount)
      let block: Tensor<Double> = decoded(tensor.shape.isEmpty ? tensor : tensor.rows(range))
      guard let position = block.elements.firstIndex(where: { !$0.isFinite }) else { continue }
      var rest = first * rowLength + position
      var index: [Int] = []
      for extent in tensor.shape.reversed() {
        index.append(rest % extent)
        rest /= extent
      }
      throw .notFinite(path: path, tensor: name, index: index.reversed(), value: block.elements[position])
    }
  }

  private func stored(_ name: String) throws(CheckpointError) -> StoredTensor {
    guard let tensor = tensors[name] else {
      throw .missingTensor(path: path, name: name, available: names)
    }
    return tensor
  }

  private func storedRows(_ range: Range<Int>, of name: String) throws(CheckpointError) -> StoredTensor {
    let tensor = try stored(name)
    guard let extent = tensor.shape.first, range.lowerBound >= 0, range.upperBound <= extent else {
      throw .mismatched(path: path, tensor: name, fault: "rows \(range) of shape \(tensor.shape)")
    }
    return tensor.rows(range)
  }
}

/// The values of a stored tensor.
func decoded<Scalar: BinaryFloatingPoint & Sendable>(_ stored: StoredTensor) -> Tensor<Scalar> {
  let count = stored.count
  let elements = [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
    stored.decode(into: UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
    initialized = count
  }
  return Tensor(shape: stored.shape, elements: elements)
}

/// The values of a stored tensor of integers.
func decodedIntegers(
  _ stored: StoredTensor, name: String, path: String
) throws(CheckpointError) -> Tensor<Int> {
  guard !stored.type.isFloating else {
    throw .mismatched(path: path, tensor: name, fault: "it is \(stored.type.rawValue), not integers")
  }
  let count = stored.count
  let elements = [Int](unsafeUninitializedCapacity: count) { buffer, initialized in
    stored.decodeIntegers(into: UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
    initialized = count
  }
  // An unsigned value beyond Int has kept its bits and shows as negative.
  if stored.type == .uint64, elements.contains(where: { $0 < 0 }) {
    throw .mismatched(path: path, tensor: name, fault: "it has unsigned values beyond \(Int.max)")
  }
  return Tensor(shape: stored.shape, elements: elements)
}
