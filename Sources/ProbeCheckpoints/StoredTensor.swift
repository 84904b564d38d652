/// Where the bytes of a tensor are.
enum ByteSource: Sendable {
  /// A range of a mapped file.
  case mapped(MappedFile, Range<Int>)
  /// Decompressed bytes.
  case bytes([UInt8])
  /// Values that were never in a file.
  case values([Double])

  /// Lends the bytes; the pointer must not leave `body`.
  func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch self {
    case .mapped(let file, let range):
      try file.withBytes { whole throws(Failure) in try body(UnsafeRawBufferPointer(rebasing: whole[range])) }
    case .bytes(let bytes):
      try bytes.span.bytes.withUnsafeBytes(body)
    case .values(let values):
      try values.span.bytes.withUnsafeBytes(body)
    }
  }

  /// The number of bytes.
  var count: Int {
    switch self {
    case .mapped(_, let range): range.count
    case .bytes(let bytes): bytes.count
    case .values(let values): values.count * MemoryLayout<Double>.stride
    }
  }
}

/// One tensor as a checkpoint holds it: bytes and how to read them.
///
/// Readers establish that every element that the shape, strides and offset reach lies within the source.
struct StoredTensor: Sendable {
  let source: ByteSource
  let type: ElementType
  let shape: [Int]
  /// Steps between neighbours along each axis, in elements; never negative.
  let strides: [Int]
  /// The first element's place in the source, in elements.
  let offset: Int
  let isBigEndian: Bool
  /// The file it came from.
  let file: String

  /// A little-endian row-major tensor that fills its source.
  init(_ source: ByteSource, type: ElementType, shape: [Int], file: String) {
    self.init(
      source, type: type, shape: shape, strides: TensorShape.rowMajorStrides(shape), offset: 0,
      isBigEndian: false, file: file)
  }

  init(
    _ source: ByteSource, type: ElementType, shape: [Int], strides: [Int], offset: Int, isBigEndian: Bool,
    file: String
  ) {
    self.source = source
    self.type = type
    self.shape = shape
    self.strides = strides
    self.offset = offset
    self.isBigEndian = isBigEndian
    self.file = file
  }

  /// The number of elements.
  var count: Int { shape.reduce(1, *) }

  /// Whether the elements lie one after the other in row-major order.
  var isContiguous: Bool {
    if count == 0 { return true }
    let packed = TensorShape.rowMajorStrides(shape)
    // An axis of one element is never stepped along, so its stride says nothing.
    return shape.indices.allSatisfy { shape[$0] == 1 || strides[$0] == packed[$0] }
  }

  /// The rows `range` of the first axis; a scalar has none.
  ///
  /// - Precondition: there is a first axis, and it contains `range`.
  func rows(_ range: Range<Int>) -> StoredTensor {
    precondition(!shape.isEmpty && range.lowerBound >= 0 && range.upperBound <= shape[0], "rows out of range")
    var part = shape
    part[0] = range.count
    // Of no elements nothing is read, and the sum could pass the end.
    let start = part.contains(0) ? offset : offset + range.lowerBound * strides[0]
    return StoredTensor(
      source, type: type, shape: part, strides: strides, offset: start, isBigEndian: isBigEndian, file: file)
  }

  /// Calls `body` with each run of elements that are equally spaced: first element, step, position in row-major
  /// order, length.
  func forEachRun(_ body: (_ start: Int, _ step: Int, _ position: Int, _ length: Int) -> Void) {
    let total = count
    if total == 0 { return }
    if isContiguous { return body(offset, 1, 0, total) }
    let inner = shape.count - 1
    var index = [Int](repeating: 0, count: shape.count)
    var start = offset
    for position in stride(from: 0, to: total, by: shape[inner]) {
      body(start, strides[inner], position, shape[inner])
      var axis = inner - 1
      while axis >= 0 {
        index[axis] += 1
        start += strides[axis]
        if index[axis] < shape[axis] { break }
        start -= shape[axis] * strides[axis]
        index[axis] = 0
        axis -= 1
      }
    }
  }
}
