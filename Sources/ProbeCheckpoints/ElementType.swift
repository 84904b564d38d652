/// The type of a stored tensor's elements; the raw value is safetensors' name for it.
public enum ElementType: String, Sendable, CaseIterable {
  /// IEEE 754 binary64.
  case float64 = "F64"
  /// IEEE 754 binary32.
  case float32 = "F32"
  /// IEEE 754 binary16.
  case float16 = "F16"
  /// The upper half of a binary32.
  case bfloat16 = "BF16"
  /// 64 bits, two's complement.
  case int64 = "I64"
  /// 32 bits, two's complement.
  case int32 = "I32"
  /// 16 bits, two's complement.
  case int16 = "I16"
  /// 8 bits, two's complement.
  case int8 = "I8"
  /// 64 bits, unsigned.
  case uint64 = "U64"
  /// 32 bits, unsigned.
  case uint32 = "U32"
  /// 16 bits, unsigned.
  case uint16 = "U16"
  /// 8 bits, unsigned.
  case uint8 = "U8"
  /// One byte; anything but 0 is true.
  case bool = "BOOL"

  /// Bytes an element takes.
  public var byteCount: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// Whether elements may be fractions, infinities or NaN.
  public var isFloating: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: true
    default: false
    }
  }
}
