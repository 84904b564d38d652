internal import ProbeHDF5
internal import ProbeModels

/// The coordinates of a capture's axes: one dimension scale an axis, at the root of the file.
///
/// The axis `unit` has one scale a site; another axis has one of its own name, shared by all datasets of the same
/// extent along it.
struct CaptureScales {
  private let layout: CaptureLayout
  private let extents: [(name: String, count: Int)]

  init(layout: CaptureLayout) {
    self.layout = layout
    var extents = [(name: "trial", count: layout.trials), (name: "time", count: layout.steps)]
    for channel in layout.channels {
      for (axis, count) in zip(channel.axes, channel.shape) {
        let name = Self.name(axis, count: count, of: channel, among: extents)
        if !extents.contains(where: { $0.name == name }) { extents.append((name, count)) }
      }
    }
    // netCDF wants all axes of a dataset named, or none.
    for (name, shape) in Self.perTrial(layout) {
      for (axis, count) in shape.enumerated() { extents.append((Self.name(axis, of: name), count)) }
    }
    self.extents = extents
  }

  /// What has a row of numbers, or more, a trial: tables and initial states, with the extents after `trial`.
  private static func perTrial(_ layout: CaptureLayout) -> [(name: String, shape: [Int])] {
    layout.tables.map { ($0.name, $0.shape) } + layout.initialSites.map { ("initial_" + $0.name, $0.shape) }
  }

  private static func name(_ axis: Int, of table: String) -> String { "\(table)_axis_\(axis + 1)" }

  /// The scales of a table `[trial] + shape`, or of the initial states of a site as `initial_<site>`.
  func names(ofTable table: String, rank: Int) -> [String] {
    ["trial"] + (0..<rank).map { Self.name($0, of: table) }
  }

  private static func name(
    _ axis: String, count: Int, of channel: Channel, among extents: [(name: String, count: Int)]
  ) -> String {
    let own = "\(axis)_\(channel.path.split(separator: "/").dropFirst().joined(separator: "_"))"
    if axis == "unit" { return own }
    if let shared = extents.first(where: { $0.name == axis }), shared.count != count { return own }
    return axis
  }

  /// The scales of a dataset's axes.
  func names(of channel: Channel) -> [String] {
    ["trial", "time"]
      + zip(channel.axes, channel.shape).map {
        Self.name($0, count: $1, of: channel, among: extents)
      }
  }

  /// Writes every scale, counting from 0; the heads have their numbers in the model.
  func write(to file: borrowing File) throws(HDF5Error) {
    for (name, count) in extents {
      let scale = try file.createDataset(name, type: .int64, shape: [count])
      let chosen = name == "head" && layout.heads?.count == count ? layout.heads : nil
      try scale.write(chosen ?? Array(0..<count))
      try scale.makeDimensionScale(named: name)
    }
  }

  /// Attaches the scales of a dataset's axes, the first of which has the first name.
  func attach(
    to dataset: borrowing Dataset, axes: [String], in file: borrowing File
  ) throws(HDF5Error) {
    for (axis, name) in axes.enumerated() {
      let scale = try file.dataset(name)
      try dataset.attach(scale, toAxis: axis)
      try dataset.setAxisLabel(name, axis: axis)
    }
  }
}
