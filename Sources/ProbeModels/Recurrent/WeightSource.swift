import ProbeCheckpoints
import ProbeLinearAlgebra

/// Looks a cell's parts up in a checkpoint and checks their shapes.
struct WeightSource {
  let checkpoint: Checkpoint
  let configuration: RecurrentConfiguration

  /// The tensor that plays a part.
  func name(_ part: String) -> String {
    configuration.tensors[part] ?? configuration.prefix + part
  }

  func has(_ part: String) -> Bool { checkpoint.information(name(part)) != nil }

  func shape(_ part: String) throws(ModelError) -> [Int] {
    guard let information = checkpoint.information(name(part)) else { throw missing(part) }
    return information.shape
  }

  /// A matrix; nil extents are free.
  func matrix(_ part: String, rows: Int? = nil, columns: Int? = nil) throws(ModelError) -> Matrix<Double> {
    let tensor = try read(part)
    let shape = tensor.shape
    guard shape.count == 2, rows == nil || rows == shape[0], columns == nil || columns == shape[1] else {
      throw wrongShape(
        part, shape, wanted: "[\(rows.map { "\($0)" } ?? "any"), \(columns.map { "\($0)" } ?? "any")]")
    }
    return Matrix(tensor)
  }

  /// A vector; tensors of one element a row (`[n, 1]`) are taken too.
  func vector(_ part: String, count: Int? = nil) throws(ModelError) -> [Double] {
    let tensor = try read(part)
    let isVector = tensor.shape.count == 1 || (tensor.shape.count == 2 && tensor.shape.contains(1))
    guard isVector, count == nil || count == tensor.count else {
      throw wrongShape(part, tensor.shape, wanted: "[\(count.map { "\($0)" } ?? "any")]")
    }
    return tensor.elements
  }

  func optionalVector(_ part: String, count: Int) throws(ModelError) -> [Double]? {
    has(part) ? try vector(part, count: count) : nil
  }

  private func read(_ part: String) throws(ModelError) -> Tensor<Double> {
    let name = name(part)
    guard has(part) else { throw missing(part) }
    let tensor: Tensor<Double>
    do {
      tensor = try checkpoint.tensor(name, as: Double.self)
    } catch {
      throw .weights(file: checkpoint.path, fault: "\(error)")
    }
    if let bad = tensor.elements.firstIndex(where: { !$0.isFinite }) {
      throw .weights(
        file: checkpoint.path,
        fault: "tensor \(name) holds \(tensor.elements[bad]) at element \(bad); every weight must be finite")
    }
    return tensor
  }

  private func missing(_ part: String) -> ModelError {
    .weights(
      file: checkpoint.path,
      fault: "a \(configuration.cell) cell needs the tensor \(name(part)); the file holds "
        + checkpoint.names.joined(separator: ", "))
  }

  private func wrongShape(_ part: String, _ shape: [Int], wanted: String) -> ModelError {
    .weights(
      file: checkpoint.path,
      fault: "tensor \(name(part)) has shape \(shape); this \(configuration.cell) cell needs \(wanted)")
  }
}
