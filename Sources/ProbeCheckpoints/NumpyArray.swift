public import ProbeLinearAlgebra

/// An array of numbers from a file, such as a model's inputs or token ids.
public struct NumpyArray: Sendable {
  /// The type of its elements in the file.
  public let type: ElementType
  /// The extent of each axis, outermost first; empty for a scalar.
  public let shape: [Int]
  /// The file.
  public let path: String
  /// The name within an npz; the file's stem for an npy.
  public let name: String
  private let stored: StoredTensor

  /// Opens an array in an npy or npz file (or any checkpoint), in C or Fortran order and either byte order.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - name: which array; may be `nil` where there is only one.
  /// - Throws: ``CheckpointError``; ``CheckpointError/missingTensor(path:name:available:)`` where a name is wrong, and
  ///   ``CheckpointError/unsupported(path:fault:)`` where it is needed.
  public init(path: String, name: String? = nil) throws(CheckpointError) {
    let checkpoint = try Checkpoint.open(path: path)
    guard let chosen = name ?? (checkpoint.names.count == 1 ? checkpoint.names[0] : nil) else {
      throw .unsupported(
        path: path,
        fault:
          "it holds \(checkpoint.names.count) arrays (\(checkpoint.names.prefix(8).joined(separator: ", "))); "
          + "name one")
    }
    guard let tensor = checkpoint.tensors[chosen] else {
      throw .missingTensor(path: path, name: chosen, available: checkpoint.names)
    }
    self.type = tensor.type
    self.shape = tensor.shape
    self.path = path
    self.name = chosen
    self.stored = tensor
  }

  /// The values in row-major order; 64-bit integers beyond 2^53 are rounded.
  ///
  /// - Complexity: O(elements) time and memory.
  public func values() -> Tensor<Double> { decoded(stored) }

  /// The values of integers or booleans (1 is true) in row-major order.
  ///
  /// - Throws: ``CheckpointError/mismatched(path:tensor:fault:)`` if they are floating or exceed `Int`.
  public func integers() throws(CheckpointError) -> Tensor<Int> {
    try decodedIntegers(stored, name: name, path: path)
  }
}

/// The values of an array in an npy or npz file, in row-major order.
///
/// - Throws: as ``NumpyArray/init(path:name:)``.
public func readArray(path: String, name: String? = nil) throws(CheckpointError) -> Tensor<Double> {
  try NumpyArray(path: path, name: name).values()
}
