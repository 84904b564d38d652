internal import FoundationEssentials

/// What, beside the weights, it takes to build a recurrent model: kept in every capture as JSON.
public struct RecurrentConfiguration: Codable, Sendable, Equatable {
  /// `elman`, `elman-relu`, `gru`, `gru-original`, `state-regularized-gru`, `lstm`, `leaky-rate`, `leaky-potential`,
  /// `low-rank`, `plrnn`, `alrnn`, `shallow-plrnn`.
  public var cell: String
  /// What stands before the tensors' names, its dot included.
  public var prefix: String
  /// What stands behind them, before the layer's number: `_l` for `weight_ih_l0`, empty for `weight_ih`.
  public var layerSuffix: String
  /// phi of leaky and low-rank cells.
  public var nonlinearity: Nonlinearity
  /// dt / tau of every unit, where no tensor gives tau.
  public var leak: Double?
  /// How many units at the end an AL-RNN rectifies.
  public var rectifiedUnits: Int?
  /// What a state-regularised cell divides its similarities by.
  public var temperature: Double?
  /// The embedding's tensor, if there is one.
  public var embedding: String?
  /// The readout's weight tensor, if there is one; its bias ends in `.bias`.
  public var readout: String?
  /// The stored type of the weights, such as `F32`: half its ulp is part of every eigenvalue's error.
  public var weightType: String
  /// Tensor names that differ from the usual ones: part -> name.
  public var tensors: [String: String]

  /// A configuration of a cell with the usual names.
  public init(cell: String, prefix: String = "", layerSuffix: String = "_l", weightType: String = "F64") {
    self.cell = cell
    self.prefix = prefix
    self.layerSuffix = layerSuffix
    self.weightType = weightType
    nonlinearity = .tanh
    tensors = [:]
  }

  /// The cells that can be asked for, with the equations' source in words.
  public static let cells: [(name: String, summary: String)] = [
    ("elman", "Elman cell with tanh: torch.nn.RNN"),
    ("elman-relu", "Elman cell with ReLU: torch.nn.RNN(nonlinearity='relu')"),
    ("gru", "gated recurrent unit, PyTorch's order: torch.nn.GRU"),
    ("gru-original", "gated recurrent unit, reset gate before the matrix product (Cho et al. 2014)"),
    ("state-regularized-gru", "GRU drawn to a mixture of k centroids after each step (Wang & Niepert 2019)"),
    ("lstm", "long short-term memory, with or without proj_size: torch.nn.LSTM"),
    ("leaky-rate", "leaky (continuous-time) cell, h' = (1-a) h + a phi(W x + U h + b)"),
    ("leaky-potential", "leaky (continuous-time) cell, x' = (1-a) x + a (U phi(x) + W u + b)"),
    ("low-rank", "low-rank RNN, recurrent matrix m n^T / N (Mastrogiuseppe & Ostojic 2018)"),
    ("plrnn", "piecewise-linear RNN (Durstewitz 2017)"),
    ("alrnn", "almost-linear RNN: a PLRNN that rectifies its last units alone (Brenner et al. 2024)"),
    ("shallow-plrnn", "shallow piecewise-linear RNN (Hess et al. 2023)"),
  ]

  /// The configuration as JSON with sorted keys.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings, numbers and a dictionary of strings always encode.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  /// Reads a configuration back.
  ///
  /// - Throws: ``ModelError/weights(file:fault:)`` if the text is not a configuration.
  public init(json: String, source: String) throws(ModelError) {
    do {
      self = try JSONDecoder().decode(
        RecurrentConfiguration.self, from: [UInt8](json.utf8).withUnsafeBytes { .init($0) })
    } catch {
      throw .weights(
        file: source, fault: "the recorded configuration is not that of a recurrent model: \(error)")
    }
  }

  /// Half an ulp of the weights' stored type, relative to the weight.
  public var weightRounding: Double {
    switch weightType {
    case "BF16": 0x1p-8
    case "F16": 0x1p-11
    case "F32": 0x1p-24
    default: 0x1p-53
    }
  }
}
