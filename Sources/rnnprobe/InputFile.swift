import Foundation
import ProbeCapture
import ProbeCheckpoints
import ProbeHDF5
import ProbeLinearAlgebra
import ProbeModels

/// Trials from a file of inputs or tokens.
enum InputFile {
  /// Reads `[trial, time, feature]` from npy, npz, csv or h5; `[time, feature]` is one trial.
  static func values(_ path: String) throws -> TrialBlock {
    let tensor = path.hasSuffix(".csv") ? try table(path) : try array(path)
    let shaped =
      tensor.shape.count == 2 ? Tensor(shape: [1] + tensor.shape, elements: tensor.elements) : tensor
    guard shaped.shape.count == 3 else {
      throw CommandError.wrong("\(path) has shape \(tensor.shape); --inputs takes [trial, time, feature]")
    }
    return TrialBlock(batch: TrialBatch(inputs: .values(shaped)))
  }

  /// Reads `[trial, time]` token ids; -1 fills the end of shorter trials.
  static func tokens(_ path: String) throws -> TrialBlock {
    let tensor = try array(path)
    guard tensor.shape.count == 2, tensor.elements.allSatisfy({ $0 == $0.rounded() && $0 >= -1 }) else {
      throw CommandError.wrong(
        "\(path) has shape \(tensor.shape); --tokens takes whole numbers [trial, time], with -1 behind a trial's end"
      )
    }
    let steps = tensor.shape[1]
    let lengths = (0..<tensor.shape[0]).map { trial in
      let row = tensor.elements[trial * steps..<(trial + 1) * steps]
      return row.firstIndex { $0 < 0 }.map { $0 - row.startIndex } ?? steps
    }
    return TrialBlock(
      batch: TrialBatch(
        inputs: .tokens(Tensor(shape: tensor.shape, elements: tensor.elements.map { Int($0) })),
        lengths: lengths))
  }

  private static func array(_ path: String) throws -> Tensor<Double> {
    guard path.hasSuffix(".h5") || path.hasSuffix(".hdf5") else { return try readArray(path: path) }
    let file = try File(path, mode: .read)
    for name in ["inputs/values", "inputs", "values", "inputs/tokens", "tokens"]
    where file.kind(of: name) == .dataset {
      let dataset = try file.dataset(name)
      return Tensor(shape: dataset.shape, elements: try dataset.read(Double.self))
    }
    throw CommandError.wrong("\(path) holds no dataset inputs/values, inputs, values or tokens")
  }

  /// A csv file of one trial: a row a time step, a column a feature; a first row that is no number is a header.
  private static func table(_ path: String) throws -> Tensor<Double> {
    let text: String
    do {
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw CommandError.wrong("cannot read \(path): \(error.localizedDescription)")
    }
    var rows: [[Double]] = []
    for (number, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      let values = fields.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
      if values.count != fields.count {
        if number == 0 { continue }
        throw CommandError.wrong("\(path), line \(number + 1): '\(line.prefix(60))' is not a row of numbers")
      }
      guard rows.isEmpty || rows[0].count == values.count else {
        throw CommandError.wrong(
          "\(path), line \(number + 1) has \(values.count) columns, the first row \(rows[0].count)")
      }
      rows.append(values)
    }
    return Tensor(shape: [rows.count, rows.first?.count ?? 0], elements: rows.flatMap { $0 })
  }
}
