/// What a checkpoint says of a tensor without reading its values.
public struct TensorInformation: Sendable, Equatable {
  /// The tensor's name, its levels joined by dots.
  public let name: String
  /// The type of its elements in the file.
  public let type: ElementType
  /// The extent of each axis, outermost first; empty for a scalar.
  public let shape: [Int]
  /// The file that holds it; the label of a checkpoint in memory.
  public let file: String
  /// Its bytes in that file, or the whole storage it is a view of; `nil` where they are compressed or in memory.
  public let byteRange: Range<Int>?
  /// Whether its elements lie in row-major little-endian order, so that rows can be lent as they are.
  public let isContiguous: Bool

  /// The type by safetensors' name, such as `F32`.
  public var dtype: String { type.rawValue }
}
