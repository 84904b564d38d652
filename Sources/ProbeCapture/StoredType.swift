public import ProbeHDF5

/// How the values of a floating-point site are stored.
public enum CaptureType: String, Sendable, CaseIterable {
  /// 32-bit.
  case f32
  /// IEEE binary16: 11 significant bits, up to 65504.
  case f16
  /// The upper half of binary32: 8 significant bits, its whole range.
  case bf16
  /// 64-bit.
  case f64
}

/// How the elements of a dataset of a capture are stored.
public enum StoredType: String, Sendable {
  /// IEEE binary16.
  case float16
  /// bfloat16, as its bits in `uint16`.
  case bfloat16
  /// IEEE binary32.
  case float32
  /// IEEE binary64.
  case float64
  /// Signed 64-bit integers.
  case int64

  init(_ type: CaptureType) {
    switch type {
    case .f32: self = .float32
    case .f16: self = .float16
    case .bf16: self = .bfloat16
    case .f64: self = .float64
    }
  }

  /// The type of the HDF5 dataset.
  public var elementType: ElementType {
    switch self {
    case .float16: .float16
    case .bfloat16: .uint16
    case .float32: .float32
    case .float64: .float64
    case .int64: .int64
    }
  }

  /// Bytes an element.
  public var byteCount: Int {
    switch self {
    case .float16, .bfloat16: 2
    case .float32: 4
    case .float64, .int64: 8
    }
  }

  /// What a dataset holds beyond a trial's length: NaN, or -1.
  var fill: FillValue {
    switch self {
    case .float16, .float32, .float64: .notANumber
    case .bfloat16: .integer(0x7FC0)
    case .int64: .integer(-1)
    }
  }

  /// Writes `count` fill values.
  func writeFill(to destination: UnsafeMutableRawPointer, count: Int) {
    switch self {
    case .float16:
      destination.initializeMemory(as: UInt16.self, repeating: 0x7E00, count: count)
    case .bfloat16:
      destination.initializeMemory(as: UInt16.self, repeating: 0x7FC0, count: count)
    case .float32: destination.initializeMemory(as: Float.self, repeating: .nan, count: count)
    case .float64: destination.initializeMemory(as: Double.self, repeating: .nan, count: count)
    case .int64: destination.initializeMemory(as: Int64.self, repeating: -1, count: count)
    }
  }
}
