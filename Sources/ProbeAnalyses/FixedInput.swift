import ProbeCapture
import ProbeCheckpoints
import ProbeLinearAlgebra
import ProbeModels

/// A constant input of a map, and what it is called.
struct FixedInput: Sendable {
  let label: String
  let vector: [Double]

  /// Reads `zero`, `token:ID` or a numpy file of one vector a row.
  ///
  /// - Parameters:
  ///   - texts: as they were typed.
  ///   - model: the model that reads them.
  ///   - option: the option that gave them, for messages.
  /// - Returns: the inputs, in order; a file gives one a row.
  /// - Throws: ``AnalysisError/option(name:fault:)``, and `CheckpointError` for a file that cannot be read.
  static func parse(
    _ texts: [String], model: RecurrentModel, option: String = "--input"
  ) throws -> [FixedInput] {
    try parse(
      texts, features: model.layers[0].forward.inputSize, tokenCount: model.embedding?.rows, option: option
    ) {
      model.inputVector(token: $0)
    }
  }

  /// The same for whatever reads vectors of so many features, and tokens where `embed` knows their vectors.
  static func parse(
    _ texts: [String], features: Int, tokenCount: Int? = nil, option: String = "--input",
    embed: (Int) -> [Double]? = { _ in nil }
  ) throws -> [FixedInput] {
    var inputs: [FixedInput] = []
    for text in texts {
      if text == "zero" {
        inputs.append(FixedInput(label: "zero", vector: Array(repeating: 0, count: features)))
      } else if text.hasPrefix("token:") {
        guard let token = Int(text.dropFirst(6)), let vector = embed(token) else {
          let count = tokenCount.map { "its embedding has tokens 0 to \($0 - 1)" }
          throw AnalysisError.option(
            name: option, fault: "\(text) is no token of the model; \(count ?? "the model reads vectors")")
        }
        inputs.append(FixedInput(label: text, vector: vector))
      } else {
        let tensor = try readArray(path: text)
        let rows = tensor.shape.count == 1 ? [tensor.shape[0]] : tensor.shape
        guard rows.last == features, rows.count <= 2 else {
          throw AnalysisError.option(
            name: option,
            fault: "\(text) has shape \(tensor.shape); the model reads vectors of \(features) features")
        }
        guard tensor.count > 0 else {
          throw AnalysisError.option(
            name: option, fault: "\(text) has shape \(tensor.shape) and holds no vector")
        }
        if let index = tensor.elements.firstIndex(where: { !$0.isFinite }) {
          throw AnalysisError.option(
            name: option,
            fault: "\(text) has \(tensor.elements[index]) in row \(index / features), feature "
              + "\(index % features); inputs must be finite")
        }
        for row in 0..<(tensor.count / features) {
          inputs.append(
            FixedInput(
              label: rows.count == 1 ? text : "\(text)[\(row)]",
              vector: Array(tensor.elements[row * features..<(row + 1) * features])))
        }
      }
    }
    return inputs
  }

  /// What is analysed when nothing is said: the zero input; each token of a small vocabulary.
  static func defaults(model: RecurrentModel) throws -> [String] {
    guard let embedding = model.embedding else { return ["zero"] }
    guard embedding.rows <= 16 else {
      throw AnalysisError.option(
        name: "--input",
        fault: "the model reads \(embedding.rows) tokens, and none is a natural resting input; name some, "
          + "such as --input token:0")
    }
    return (0..<embedding.rows).map { "token:\($0)" }
  }
}
