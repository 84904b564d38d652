import Foundation
import ProbeCapture
import ProbeCheckpoints
import ProbeHDF5
import ProbeLinearAlgebra
import ProbeModels

/// Trials from a file of inputs or tokens.
enum InputFile {
  /// Reads `[trial, time, feature]` from npy, npz, csv or h5; `[time, feature]` is one trial.
  ///
  /// Steps of NaN alone at a trial's end are behind its end, as in a capture.
  static func values(_ path: String) throws -> TrialBlock {
    let tensor = path.hasSuffix(".csv") ? try table(path) : try array(path)
    let shaped =
      tensor.shape.count == 2 ? Tensor(shape: [1] + tensor.shape, elements: tensor.elements) : tensor
    guard shaped.shape.count == 3 else {
      throw CommandError.wrong("\(path) has shape \(tensor.shape); --inputs takes [trial, time, feature]")
    }
    guard shaped.count > 0 else {
      throw CommandError.damaged("\(path) has shape \(tensor.shape): no time step is in it")
    }
    return TrialBlock(batch: TrialBatch(inputs: .values(shaped), lengths: try lengths(of: shaped, path)))
  }

  /// The steps of each trial before those that are wholly NaN; any other value that is not finite is refused.
  private static func lengths(of values: Tensor<Double>, _ path: String) throws -> [Int] {
    let (steps, features) = (values.shape[1], values.shape[2])
    return try (0..<values.shape[0]).map { trial in
      let first = trial * steps * features
      let row = values.elements[first..<first + steps * features]
      let end = row.lastIndex { !$0.isNaN }.map { ($0 - first) / features + 1 } ?? 0
      if let index = row.prefix(end * features).firstIndex(where: { !$0.isFinite }) {
        throw CommandError.damaged(
          "\(path) has \(values.elements[index]) in trial \(trial), step \((index - first) / features), feature "
            + "\((index - first) % features); inputs must be finite, but for NaN behind a trial's end")
      }
      return end
    }
  }

  /// Reads `[trial, time]` token ids; -1 fills the end of shorter trials.
  static func tokens(_ path: String) throws -> TrialBlock {
    let tensor = try array(path)
    guard tensor.shape.count == 2, tensor.count > 0 else {
      throw CommandError.wrong("\(path) has shape \(tensor.shape); --tokens takes [trial, time]")
    }
    let steps = tensor.shape[1]
    let lengths = try (0..<tensor.shape[0]).map { trial in
      let row = tensor.elements[trial * steps..<(trial + 1) * steps]
      let end = row.lastIndex { $0 != -1 }.map { $0 - row.startIndex + 1 } ?? 0
      // Ids are exact in a double up to 2^53.
      if let index = row.prefix(end).firstIndex(where: { !($0 == $0.rounded() && $0 >= 0 && $0 <= 0x1p53) }) {
        throw CommandError.damaged(
          "\(path) has \(row[index]) in trial \(trial), step \(index - row.startIndex); --tokens takes whole numbers "
            + "of at least 0, with -1 behind a trial's end")
      }
      return end
    }
    return TrialBlock(
      batch: TrialBatch(
        inputs: .tokens(Tensor(shape: tensor.shape, elements: tensor.elements.map { Int($0) })),
        lengths: lengths))
  }

  /// Refuses inputs that the model cannot read before an output is begun.
  static func check(_ batch: TrialBatch, path: String, model: any SequenceModel) throws {
    let name = model.identity.name
    switch (batch.inputs, model.input) {
    case (.values(let values), .values(let features)) where values.shape[2] != features:
      throw CommandError.wrong(
        "\(path) has \(values.shape[2]) features a step; \(name) reads [trial, time, \(features)]")
    case (.tokens(let tokens), .tokens(let vocabulary)):
      guard let index = tokens.elements.firstIndex(where: { $0 >= vocabulary }) else { return }
      let steps = tokens.shape[1]
      throw CommandError.wrong(
        "\(path) has the token \(tokens.elements[index]) in trial \(index / steps), step \(index % steps); the "
          + "embedding of \(name) has the tokens 0 to \(vocabulary - 1)")
    case (.values, .tokens(let vocabulary)):
      throw CommandError.wrong(
        "\(name) reads tokens 0 to \(vocabulary - 1); give them with --tokens, not \(path) with --inputs")
    case (.tokens, .values(let features)):
      throw CommandError.wrong(
        "\(name) reads vectors of \(features) features; give them with --inputs, not \(path) with --tokens")
    default: return
    }
  }

  /// Reads `[image, channel, row, column]`; `[channel, row, column]` is one image.
  static func pixels(_ path: String) throws -> Tensor<Double> {
    let tensor = try array(path)
    let isOne = tensor.shape.count == 3
    guard isOne || tensor.shape.count == 4, tensor.count > 0 else {
      throw CommandError.wrong(
        "\(path) has shape \(tensor.shape); --inputs takes [image, channel, row, column] for a model of images"
      )
    }
    return isOne ? Tensor(shape: [1] + tensor.shape, elements: tensor.elements) : tensor
  }

  private static func array(_ path: String) throws -> Tensor<Double> {
    guard path.hasSuffix(".h5") || path.hasSuffix(".hdf5") else { return try readArray(path: path) }
    guard FileManager.default.fileExists(atPath: path) else {
      throw CommandError.wrong("there is no file at \(path)")
    }
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
        throw CommandError.damaged(
          "\(path), line \(number + 1): '\(line.prefix(60))' is not a row of numbers")
      }
      guard rows.isEmpty || rows[0].count == values.count else {
        throw CommandError.damaged(
          "\(path), line \(number + 1) has \(values.count) columns, the first row \(rows[0].count)")
      }
      rows.append(values)
    }
    return Tensor(shape: [rows.count, rows.first?.count ?? 0], elements: rows.flatMap { $0 })
  }
}
