public import ProbeModels

/// A site as a capture holds it.
public struct CapturedSite: Sendable, Equatable {
  /// The name, such as `layers.0.hidden`.
  public let name: String
  /// The names of the axes after `trial` and `time`.
  public let axes: [String]
  /// The extents of those axes.
  public let shape: [Int]
  /// The unit of the values; "1" for dimensionless ones.
  public let units: String
  /// How the elements are stored, such as `float32` or `bfloat16`.
  public let dtype: String
  /// What kind of value it is; where the file does not say, the name decides.
  public let role: Site.Role
  /// The extents of a chunk; `nil` for a dataset in one piece.
  public let chunk: [Int]?
  /// Bytes in the file.
  public let storedBytes: Int

  /// Scalars a time step.
  public var elementCount: Int { shape.reduce(1, *) }

  /// The kind that a name of the capture format stands for.
  static func role(ofName name: String) -> Site.Role {
    switch name.split(separator: ".").last {
    case "hidden", "cell", "state": .state
    case "readout", "logits": .readout
    default: .gate
    }
  }
}

/// What a capture says about itself.
public struct CaptureMetadata: Sendable, Equatable {
  /// The program's version that wrote it; empty where the file does not say.
  public let programVersion: String
  /// When it was made, ISO 8601 UTC; empty where the file does not say.
  public let created: String
  /// The command line; empty where the file does not say.
  public let command: String
  /// The arithmetic of the model; `nil` where the file does not say.
  public let precision: Precision?
  /// Who the model is; `nil` where the file does not say.
  public let model: ModelIdentity?
  /// The task; `nil` where there was none.
  public let task: TaskDescription?
  /// How many trials there are.
  public let trials: Int
  /// The extent of the time axis.
  public let steps: Int
  /// The valid steps of each trial.
  public let lengths: [Int]
  /// Whether each trial is wholly in.
  public let done: [Bool]
  /// Whether the writer came to its end.
  public let isComplete: Bool
  /// The sites, by name.
  public let sites: [CapturedSite]
  /// What a report should say about the file: that it is incomplete, for instance.
  public let warnings: [String]

  /// The sites of the state in the order of the state vector: layers ascending, hidden before cell.
  public var stateSites: [CapturedSite] {
    sites.filter { $0.role == .state }.sorted { StateOrder($0.name) < StateOrder($1.name) }
  }

  /// The site of the given name.
  public func site(_ name: String) -> CapturedSite? { sites.first { $0.name == name } }
}

/// Sorts `layers.10.hidden` after `layers.9.cell`, and `hidden` before `cell`.
private struct StateOrder: Comparable {
  let layer: Int
  let rank: Int
  let name: String

  init(_ name: String) {
    let parts = name.split(separator: ".")
    layer = parts.lazy.compactMap { Int($0) }.first ?? 0
    let kind = ["hidden", "cell", "state"].firstIndex { parts.last ?? "" == $0 } ?? 3
    rank = parts.contains("reverse") ? kind + 4 : kind
    self.name = name
  }

  static func < (left: StateOrder, right: StateOrder) -> Bool {
    (left.layer, left.rank, left.name) < (right.layer, right.rank, right.name)
  }
}
