internal import ProbeHDF5
internal import ProbeModels

/// Reads what a capture says about itself, forgiving what other programs write differently.
struct MetadataReader {
  let path: String

  func read(_ file: borrowing File) throws(CaptureError) -> CaptureMetadata {
    let result: Result<CaptureMetadata, CaptureError>
    do throws(HDF5Error) {
      result = try metadata(file)
    } catch {
      throw .damaged(file: path, cause: error)
    }
    return try result.get()
  }

  /// A failed HDF5 call is thrown; a file that is whole but no capture is returned as a failure.
  private func metadata(
    _ file: borrowing File
  ) throws(HDF5Error) -> Result<CaptureMetadata, CaptureError> {
    func fault(_ text: String) -> Result<CaptureMetadata, CaptureError> {
      .failure(.format(file: path, fault: text))
    }
    guard Self.text(try file.attribute("format")) == CaptureFormat.name else {
      return fault("its root has no attribute format = '\(CaptureFormat.name)'")
    }
    guard let version = Self.integer(try file.attribute("format_version")) else {
      return fault("its root has no attribute format_version")
    }
    guard version == CaptureFormat.version else {
      return .failure(.version(file: path, found: version))
    }
    guard try file.contains("sites"), file.kind(of: "sites") == .group else {
      return fault("it has no group 'sites'")
    }
    var sites: [CapturedSite] = []
    var extents: (trials: Int, steps: Int)?
    for name in try file.group("sites").members() {
      if file.kind(of: "sites/\(name)") != .dataset { continue }
      let dataset = try file.dataset("sites/\(name)")
      guard dataset.shape.count >= 2 else {
        return fault("site '\(name)' has shape \(dataset.shape); it should be [trial, time, ...]")
      }
      let known = extents ?? (dataset.shape[0], dataset.shape[1])
      extents = known
      guard known == (dataset.shape[0], dataset.shape[1]) else {
        return fault(
          "site '\(name)' has \(dataset.shape[0]) trials of \(dataset.shape[1]) steps, others have "
            + "\(known.trials) of \(known.steps)")
      }
      sites.append(try site(name, dataset))
    }
    guard let extents else { return fault("its group 'sites' is empty") }
    let lengths =
      try trialTable("inputs/lengths", in: file) ?? Array(repeating: extents.steps, count: extents.trials)
    let done = try trialTable("inputs/done", in: file) ?? Array(repeating: 1, count: extents.trials)
    guard lengths.count == extents.trials, done.count == extents.trials else {
      return fault("inputs/lengths or inputs/done has not one entry for each of the \(extents.trials) trials")
    }
    if let trial = lengths.firstIndex(where: { !(0...extents.steps).contains($0) }) {
      return fault("trial \(trial) has length \(lengths[trial]), which is outside 0...\(extents.steps)")
    }
    let doneCount = done.count { $0 != 0 }
    let isComplete =
      Self.integer(try file.attribute("complete")).map { $0 != 0 } ?? (doneCount == extents.trials)
    var warnings: [String] = []
    if isComplete && doneCount < extents.trials {
      warnings.append("\(path) ended early: \(doneCount) of \(extents.trials) trials are in")
    } else if !isComplete {
      warnings.append(
        "\(path) is incomplete: \(doneCount) of \(extents.trials) trials are in; only those are used")
    }
    return .success(
      CaptureMetadata(
        programVersion: Self.text(try file.attribute("rnnprobe_version")) ?? "",
        created: Self.text(try file.attribute("created")) ?? "",
        command: Self.text(try file.attribute("command")) ?? "",
        precision: Self.text(try file.attribute("precision")).flatMap { Precision(rawValue: $0) },
        model: try model(file), task: try task(file), trials: extents.trials, steps: extents.steps,
        lengths: lengths, done: done.map { $0 != 0 }, isComplete: isComplete, sites: sites, warnings: warnings
      ))
  }

  private func site(_ name: String, _ dataset: borrowing Dataset) throws(HDF5Error) -> CapturedSite {
    let shape = Array(dataset.shape.dropFirst(2))
    var axes: [String] = []
    if case .texts(let texts) = try dataset.attribute("axes"), texts.count == dataset.shape.count {
      axes = Array(texts.dropFirst(2))
    } else {
      axes = shape.count == 1 ? ["unit"] : shape.indices.map { "axis_\($0)" }
    }
    let role = Self.text(try dataset.attribute("role")).flatMap { Site.Role(rawValue: $0) }
    let storage = try dataset.storage()
    return CapturedSite(
      name: name, axes: axes, shape: shape, units: Self.text(try dataset.attribute("units")) ?? "1",
      dtype: Self.text(try dataset.attribute("dtype")) ?? "\(dataset.elementType)",
      role: role ?? CapturedSite.role(ofName: name), chunk: storage.chunk, storedBytes: storage.storedBytes)
  }

  /// A dataset with one integer a trial.
  private func trialTable(_ name: String, in file: borrowing File) throws(HDF5Error) -> [Int]? {
    let isThere = try file.contains(name)
    return isThere ? try file.dataset(name).read(Int.self) : nil
  }

  private func model(_ file: borrowing File) throws(HDF5Error) -> ModelIdentity? {
    let isThere = try file.contains("model")
    if !isThere { return nil }
    let group = try file.group("model")
    return ModelIdentity(
      family: Self.text(try group.attribute("family")) ?? "",
      name: Self.text(try group.attribute("name")) ?? "",
      configuration: Self.text(try group.attribute("config")) ?? "",
      source: Self.text(try group.attribute("source")) ?? "",
      sha256: Self.text(try group.attribute("sha256")) ?? "")
  }

  private func task(_ file: borrowing File) throws(HDF5Error) -> TaskDescription? {
    let isThere = try file.contains("task")
    if !isThere { return nil }
    let group = try file.group("task")
    guard let generator = Self.text(try group.attribute("generator")) else { return nil }
    var alphabet: [String] = []
    if case .texts(let symbols) = try group.attribute("alphabet") { alphabet = symbols }
    return TaskDescription(
      generator: generator, parameters: Self.text(try group.attribute("parameters")) ?? "{}",
      seed: Self.integer(try group.attribute("seed")), alphabet: alphabet)
  }

  private static func text(_ value: AttributeValue?) -> String? {
    switch value {
    case .text(let text): text
    case .texts(let texts) where texts.count == 1: texts[0]
    default: nil
    }
  }

  private static func integer(_ value: AttributeValue?) -> Int? {
    switch value {
    case .integer(let number): number
    case .integers(let numbers) where numbers.count == 1: numbers[0]
    case .number(let number): Int(exactly: number)
    default: nil
    }
  }
}
