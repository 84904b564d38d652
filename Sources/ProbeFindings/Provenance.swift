/// A number that the headline stands on, by a key that programs can rely on.
public struct HeadlineNumber: Sendable, Equatable {
  /// The key in `summary.json`, `snake_case`.
  public var key: String
  /// The number (or word).
  public var value: Value
  /// What it counts or measures, for the page.
  public var meaning: String
  /// The unit; empty for counts and ratios.
  public var unit: String

  /// A headline number.
  public init(_ key: String, _ value: Value, meaning: String = "", unit: String = "") {
    self.key = key
    self.value = value
    self.meaning = meaning
    self.unit = unit
  }
}

/// An option of the analysis as it was in force, default or not: every threshold is one.
public struct UsedOption: Sendable, Equatable {
  /// The option's name as it is typed, without the dashes.
  public var name: String
  /// The value in force.
  public var value: Value
  /// What it does, in a few words.
  public var meaning: String

  /// An option in force.
  public init(_ name: String, _ value: Value, meaning: String = "") {
    self.name = name
    self.value = value
    self.meaning = meaning
  }
}

/// The model that a capture came from.
public struct ModelIdentity: Sendable, Equatable {
  /// The model's name.
  public var name: String
  /// The cell or architecture: `gru`, `lstm`, ...
  public var family: String
  /// Where the weights were read from, as the user gave it.
  public var source: String
  /// SHA-256 of the weight files, in hexadecimal.
  public var sha256: String

  /// A model's identity.
  public init(name: String, family: String, source: String, sha256: String) {
    self.name = name
    self.family = family
    self.source = source
    self.sha256 = sha256
  }

  /// The identity as JSON.
  var json: JSON {
    .object([
      "name": .string(name), "family": .string(family), "source": .string(source), "sha256": .string(sha256),
    ])
  }
}

/// A capture that was read.
public struct CaptureIdentity: Sendable, Equatable {
  /// The name used in tables' `capture` column.
  public var name: String
  /// The path as the user gave it.
  public var path: String
  /// SHA-256 of the capture's metadata and inputs, in hexadecimal.
  public var sha256: String
  /// The model inside, where several captures hold several models.
  public var model: ModelIdentity?

  /// A capture's identity.
  public init(name: String, path: String, sha256: String, model: ModelIdentity? = nil) {
    self.name = name
    self.path = path
    self.sha256 = sha256
    self.model = model
  }

  /// The identity as JSON.
  var json: JSON {
    .object([
      "name": .string(name), "path": .string(path), "sha256": .string(sha256), "model": model?.json ?? .null,
    ])
  }
}

/// A seed that random numbers were drawn from.
public struct UsedSeed: Sendable, Equatable {
  /// What was drawn: "starts", "bootstrap", ...
  public var name: String
  /// The seed.
  public var value: UInt64

  /// A seed.
  public init(_ name: String, _ value: UInt64) {
    self.name = name
    self.value = value
  }
}

/// The version of something that took part: rnnprobe, OpenBLAS, HDF5, ...
public struct UsedVersion: Sendable, Equatable {
  /// The program's or library's name.
  public var name: String
  /// Its version.
  public var version: String

  /// A version.
  public init(_ name: String, _ version: String) {
    self.name = name
    self.version = version
  }
}

/// A further file of the report folder: an automaton as `.dot`, a picture as `.svg`.
public struct Attachment: Sendable, Equatable {
  /// The file's stem.
  public let name: String
  /// The file's extension.
  public let type: FileType
  /// The file's text.
  public let text: String

  /// What an attachment may be.
  public enum FileType: String, Sendable, Equatable {
    /// Data for programs.
    case json
    /// A Graphviz graph.
    case dot
    /// A picture.
    case svg
    /// A table that the page does not show.
    case csv
  }

  /// A further file.
  ///
  /// - Precondition: `name` is made of letters, digits, `_` and `-`.
  public init(name: String, type: FileType, text: String) {
    precondition(isFileStem(name), "'\(name)' cannot be an attachment's name: letters, digits, _ and - only")
    self.name = name
    self.type = type
    self.text = text
  }

  /// The file's name in the folder.
  public var fileName: String { "\(name).\(type.rawValue)" }
}
