import CHDF5

/// How the elements of a dataset are stored, little-endian.
public enum ElementType: Sendable, Hashable {
  /// IEEE 754 binary16.
  case float16
  /// IEEE 754 binary32.
  case float32
  /// IEEE 754 binary64.
  case float64
  /// Unsigned bytes.
  case uint8
  /// Unsigned 16-bit integers.
  case uint16
  /// Signed 32-bit integers.
  case int32
  /// Signed 64-bit integers.
  case int64
  /// Text, of variable or of fixed length.
  case string
  /// Any other number type: integers or floats of another width, order or layout, booleans. They can be read.
  case otherNumber
  /// Compounds, references, opaque bytes: what this package does not read.
  case other

  /// Bytes an element, or `nil` where the case does not say.
  public var byteCount: Int? {
    switch self {
    case .uint8: 1
    case .float16, .uint16: 2
    case .float32, .int32: 4
    case .float64, .int64: 8
    case .string, .otherNumber, .other: nil
    }
  }
}

/// A Swift number that HDF5 can convert any stored number to and from.
public protocol HDF5Scalar: BitwiseCopyable, Sendable {
  /// The type with the same bytes.
  static var elementType: ElementType { get }
}

extension Float: HDF5Scalar {
  /// Binary32.
  public static var elementType: ElementType { .float32 }
}
extension Double: HDF5Scalar {
  /// Binary64.
  public static var elementType: ElementType { .float64 }
}
extension UInt8: HDF5Scalar {
  /// Bytes.
  public static var elementType: ElementType { .uint8 }
}
extension UInt16: HDF5Scalar {
  /// Unsigned 16-bit integers.
  public static var elementType: ElementType { .uint16 }
}
extension Int32: HDF5Scalar {
  /// Signed 32-bit integers.
  public static var elementType: ElementType { .int32 }
}
extension Int64: HDF5Scalar {
  /// Signed 64-bit integers.
  public static var elementType: ElementType { .int64 }
}
extension Int: HDF5Scalar {
  /// Signed 64-bit integers.
  public static var elementType: ElementType { .int64 }
}

extension ElementType {
  /// A new handle of the type as it is stored.
  ///
  /// - Precondition: a number type of known layout.
  func makeHandle() throws(HDF5Error) -> Handle {
    switch self {
    case .float16: return try Self.makeHalf()
    case .float32: return try Self.copy(rp_H5T_IEEE_F32LE())
    case .float64: return try Self.copy(rp_H5T_IEEE_F64LE())
    case .uint8: return try Self.copy(rp_H5T_STD_U8LE())
    case .uint16: return try Self.copy(rp_H5T_STD_U16LE())
    case .int32: return try Self.copy(rp_H5T_STD_I32LE())
    case .int64: return try Self.copy(rp_H5T_STD_I64LE())
    case .string, .otherNumber, .other: preconditionFailure("only numbers of known layout can be made")
    }
  }

  private static func copy(_ type: hid_t) throws(HDF5Error) -> Handle {
    try Handle(.type, "copy a type") { H5Tcopy(type) }
  }

  /// 1 sign, 5 exponent (bias 15) and 10 mantissa bits: what h5py calls `float16`.
  private static func makeHalf() throws(HDF5Error) -> Handle {
    let half = try copy(rp_H5T_IEEE_F32LE())
    try check("build binary16") { H5Tset_fields(half.id, 15, 10, 5, 0, 10) }
    try check("build binary16") { H5Tset_size(half.id, 2) }
    try check("build binary16") { H5Tset_ebias(half.id, 15) }
    return half
  }

  /// A string type: variable length, UTF-8.
  static func makeString() throws(HDF5Error) -> Handle {
    let type = try copy(rp_H5T_C_S1())
    try check("build a string type") { H5Tset_size(type.id, rp_H5T_VARIABLE()) }
    try check("build a string type") { H5Tset_cset(type.id, H5T_CSET_UTF8) }
    return type
  }

  /// Which case a stored type is.
  init(of type: borrowing Handle) {
    let size = H5Tget_size(type.id)
    switch H5Tget_class(type.id) {
    case H5T_STRING: self = .string
    case H5T_INTEGER:
      let isSigned = H5Tget_sign(type.id) == H5T_SGN_2
      let isLittle = size == 1 || H5Tget_order(type.id) == H5T_ORDER_LE
      switch (size, isSigned, isLittle) {
      case (1, false, _): self = .uint8
      case (2, false, true): self = .uint16
      case (4, true, true): self = .int32
      case (8, true, true): self = .int64
      default: self = .otherNumber
      }
    case H5T_FLOAT:
      for candidate in [ElementType.float16, .float32, .float64] where candidate.byteCount == size {
        if let known = try? candidate.makeHandle(), H5Tequal(known.id, type.id) > 0 {
          self = candidate
          return
        }
      }
      self = .otherNumber
    case H5T_ENUM: self = .otherNumber
    default: self = .other
    }
  }
}
