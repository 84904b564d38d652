internal import ProbeHDF5
internal import ProbeLinearAlgebra
internal import ProbeModels

/// What a capture file holds before its first trial: attributes, weights, coordinates and empty datasets.
struct CaptureSkeleton {
  let description: CaptureDescription
  let layout: CaptureLayout
  let weightLimit: Int

  init(description: CaptureDescription, layout: CaptureLayout, options: CaptureOptions) {
    self.description = description
    self.layout = layout
    weightLimit = options.weightLimit
  }

  /// An attribute of a group.
  private struct Entry {
    let group: String
    let name: String
    let value: AttributeValue
    /// Whether a resumed file must have the same.
    var isIdentity = true
  }

  private var entries: [Entry] {
    let model = description.model
    var entries = [
      Entry(group: "/", name: "format", value: .text(CaptureFormat.name)),
      Entry(group: "/", name: "format_version", value: .integer(CaptureFormat.version)),
      Entry(group: "/", name: "rnnprobe_version", value: .text(description.programVersion)),
      Entry(group: "/", name: "created", value: .text(description.created), isIdentity: false),
      Entry(group: "/", name: "command", value: .text(description.command), isIdentity: false),
      Entry(group: "/", name: "precision", value: .text(layout.precision.rawValue)),
      Entry(group: "/", name: "complete", value: .integer(0), isIdentity: false),
      Entry(group: "model", name: "family", value: .text(model.family)),
      Entry(group: "model", name: "name", value: .text(model.name), isIdentity: false),
      Entry(group: "model", name: "config", value: .text(model.configuration)),
      Entry(group: "model", name: "source", value: .text(model.source), isIdentity: false),
      Entry(group: "model", name: "sha256", value: .text(model.sha256)),
    ]
    if let task = description.task {
      entries.append(Entry(group: "task", name: "generator", value: .text(task.generator)))
      entries.append(Entry(group: "task", name: "parameters", value: .text(task.parameters)))
      if let seed = task.seed { entries.append(Entry(group: "task", name: "seed", value: .integer(seed))) }
      if !task.alphabet.isEmpty {
        entries.append(Entry(group: "task", name: "alphabet", value: .texts(task.alphabet)))
      }
    }
    return entries
  }

  /// Writes everything into a new file.
  func write(to file: borrowing File) throws(HDF5Error) {
    for name in ["model", "inputs", "sites"] { _ = try file.createGroup(name) }
    if description.task != nil { _ = try file.createGroup("task") }
    for entry in entries {
      try file.group(entry.group).setAttribute(entry.name, entry.value)
    }
    try writeWeights(to: file)
    let scales = CaptureScales(layout: layout)
    try scales.write(to: file)
    for channel in layout.channels {
      let dataset = try file.createDataset(
        channel.path, type: channel.type.elementType, shape: [layout.trials, layout.steps] + channel.shape,
        options: options(of: channel))
      if let role = channel.role {
        try dataset.setAttribute("axes", .texts(["trial", "time"] + channel.axes))
        try dataset.setAttribute("units", .text(channel.units))
        try dataset.setAttribute("dtype", .text(channel.type.rawValue))
        try dataset.setAttribute("role", .text(role))
      }
      try scales.attach(to: dataset, axes: scales.names(of: channel), in: file)
    }
    try writeTrialTables(to: file, scales: scales)
    try file.flush()
  }

  private func options(of channel: Channel) -> DatasetOptions {
    let isCompressed = layout.compression == .deflate
    return DatasetOptions(
      chunk: channel.geometry.extents, fill: channel.type.fill, shuffle: isCompressed,
      deflate: isCompressed ? 4 : nil)
  }

  private func writeWeights(to file: borrowing File) throws(HDF5Error) {
    guard let weights = description.weights, weights.byteCount <= weightLimit else { return }
    _ = try file.createGroup("model/weights")
    for (name, tensor) in weights.tensors.sorted(by: { $0.key < $1.key }) {
      let type: ElementType = weights.doubles.contains(name) ? .float64 : .float32
      let dataset = try file.createDataset("model/weights/\(name)", type: type, shape: tensor.shape)
      try dataset.write(tensor.elements)
    }
  }

  /// What has one row a trial, and the vocabulary.
  private func writeTrialTables(to file: borrowing File, scales: CaptureScales) throws(HDF5Error) {
    for name in ["lengths", "done"] + (layout.hasTrialLabels ? ["labels"] : []) {
      let dataset = try file.createDataset("inputs/\(name)", type: .int64, shape: [layout.trials])
      try scales.attach(to: dataset, axes: ["trial"], in: file)
    }
    for table in layout.tables {
      let dataset = try file.createDataset(
        "inputs/\(table.name)", type: .int64, shape: [layout.trials] + table.shape)
      try scales.attach(
        to: dataset, axes: scales.names(ofTable: table.name, rank: table.shape.count), in: file)
    }
    for site in layout.initialSites {
      let dataset = try file.createDataset(
        "inputs/initial/\(site.name)", type: layout.precision == .f32 ? .float32 : .float64,
        shape: [layout.trials] + site.shape, options: DatasetOptions(fill: .notANumber))
      try scales.attach(
        to: dataset, axes: scales.names(ofTable: "initial_" + site.name, rank: site.shape.count), in: file)
    }
    if !description.vocabulary.isEmpty {
      let count = description.vocabulary.count
      let ids = try file.createDataset("inputs/vocabulary/id", type: .int64, shape: [count])
      try ids.write(description.vocabulary.map(\.id))
      try file.createStrings("inputs/vocabulary/text", description.vocabulary.map(\.text))
    }
  }

  /// Checks that an unfinished file is of the same command.
  func check(_ path: String) throws(CaptureError) {
    let fault: String?
    do throws(HDF5Error) {
      fault = try difference(in: File(path, mode: .read))
    } catch {
      fault = "\(error)"
    }
    if let fault { throw .resume(file: path, fault: fault) }
  }

  /// What in the file differs from what this command would write; `nil` where nothing does.
  private func difference(in file: borrowing File) throws(HDF5Error) -> String? {
    for entry in entries where entry.isIdentity {
      let isThere = try file.contains(entry.group)
      if !isThere { return "it has no group \(entry.group)" }
      let found = try file.group(entry.group).attribute(entry.name)
      if found != entry.value {
        return
          "its \(entry.group) \(entry.name) is \(Self.text(found)), this command's is \(Self.text(entry.value))"
      }
    }
    let hasTask = try file.contains("task")
    if hasTask && description.task == nil { return "it is of a task, this command is not" }
    let stored = try file.group("sites").members().map { "sites/\($0)" }
    let wanted = layout.channels.prefix(layout.siteCount).map(\.path).sorted()
    if stored.sorted() != wanted {
      return
        "its sites are \(stored.sorted().joined(separator: ", ")), this command's \(wanted.joined(separator: ", "))"
    }
    for channel in layout.channels {
      let isThere = try file.contains(channel.path)
      if !isThere { return "it has no \(channel.path)" }
      let dataset = try file.dataset(channel.path)
      let shape = [layout.trials, layout.steps] + channel.shape
      if dataset.shape != shape {
        return "its \(channel.path) has shape \(dataset.shape), this command's \(shape)"
      }
      if dataset.elementType != channel.type.elementType {
        return "its \(channel.path) holds \(dataset.elementType), this command's \(channel.type.rawValue)"
      }
      let storage = try dataset.storage()
      if storage.chunk != channel.geometry.extents {
        return "its \(channel.path) has other chunks than this command would write"
      }
      if storage.filters.isEmpty != (layout.compression == .none) {
        return "its compression is not \(layout.compression.rawValue)"
      }
    }
    let done = try file.dataset("inputs/done").shape
    return done == [layout.trials] ? nil : "it does not say which trials are in"
  }

  private static func text(_ value: AttributeValue?) -> String {
    switch value {
    case .text(let text): "'\(text)'"
    case .texts(let texts): texts.joined(separator: " ")
    case .integer(let number): "\(number)"
    case let other?: "\(other)"
    case nil: "missing"
    }
  }
}
