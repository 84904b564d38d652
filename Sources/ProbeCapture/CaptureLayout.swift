internal import ProbeLinearAlgebra
internal import ProbeModels

/// A dataset `[trial, time, ...]` of a capture that is filled while the model runs.
struct Channel: Sendable, Equatable {
  /// The path in the file, such as `sites/layers.0.hidden`.
  let path: String
  /// The names of the axes after `trial` and `time`.
  let axes: [String]
  /// The extents of those axes.
  let shape: [Int]
  let type: StoredType
  let units: String
  /// `state`, `gate` or `readout` for sites.
  let role: String?
  let geometry: ChunkGeometry

  var stepBytes: Int { geometry.width * type.byteCount }
}

/// A table of whole numbers, `[trial] + shape`.
struct TrialTable: Sendable, Equatable {
  let name: String
  let shape: [Int]
}

/// The shape of a whole capture: what is stored, in which chunks, and in which blocks the model runs.
///
/// It follows from the sizes alone, never from the number of threads, so that the same command gives the same file.
struct CaptureLayout: Sendable, Equatable {
  let trials: Int
  let steps: Int
  /// Trials that run together; a power of two.
  let blockTrials: Int
  /// The most steps that the model hands over at once.
  let timeBlock: Int
  /// The observed sites first, in the order of the plan; then inputs, targets and labels.
  let channels: [Channel]
  let siteCount: Int
  let precision: Precision
  let compression: CaptureCompression
  /// Whether labels are `[trial]`; labels with a time axis are a channel.
  let hasTrialLabels: Bool
  /// Sites with initial states, in order of their names.
  let initialSites: [Site]
  /// Further whole numbers of each trial, in order of their names, with the extents of the axes after `trial`.
  let tables: [TrialTable]
  /// The heads that are recorded; nil for all.
  let heads: [Int]?

  /// What one block of trials may take while it runs, in each of a few roles.
  static let budget = 96 << 20

  var blockCount: Int { (trials + blockTrials - 1) / blockTrials }

  func trialRange(ofBlock block: Int) -> Range<Int> {
    (block * blockTrials)..<min(trials, (block + 1) * blockTrials)
  }

  /// Lays a capture out.
  ///
  /// `sites` are the observed ones; `modelSites` all, for an estimate of what the model itself holds; `first` stands
  /// for the kinds of inputs, targets and labels of all trials.
  init(
    trials: Int, steps: Int, sites: [Site], modelSites: [Site], first: TrialBlock, type: CaptureType,
    precision: Precision, compression: CaptureCompression, heads: [Int]? = nil
  ) throws(CaptureError) {
    self.trials = trials
    self.steps = steps
    self.precision = precision
    self.compression = compression
    self.heads = heads
    siteCount = sites.count
    let blockTrials = Self.chooseBlockTrials(
      trials: trials, steps: steps, sites: sites, modelSites: modelSites,
      inputWidth: first.inputWidth, type: type, precision: precision)
    let stepBytes = modelSites.reduce(0) { $0 + $1.elementCount } * (precision == .f32 ? 4 : 8)
    var cap = 256
    while cap > 1 && blockTrials * stepBytes * cap > Self.budget { cap /= 2 }
    let runs = (steps + cap - 1) / cap
    let timeBlock = (steps + runs - 1) / runs
    self.blockTrials = blockTrials
    self.timeBlock = timeBlock

    func channel(
      _ path: String, _ axes: [String], _ shape: [Int], _ type: StoredType, units: String = "1",
      role: String? = nil
    ) -> Channel {
      Channel(
        path: path, axes: axes, shape: shape, type: type, units: units, role: role,
        geometry: ChunkGeometry(
          trials: trials, steps: steps, shape: shape, elementSize: type.byteCount,
          blockTrials: blockTrials, timeBlock: timeBlock))
    }
    var channels = sites.map {
      channel(
        "sites/\($0.name)", $0.axes, $0.shape, $0.isInteger ? .int64 : StoredType(type), units: $0.units,
        role: $0.role.rawValue)
    }
    switch first.batch.inputs {
    case .values(let tensor):
      guard tensor.shape.count == 3 else {
        throw .trials(fault: "the inputs have shape \(tensor.shape), not [trial, time, feature]")
      }
      channels.append(
        channel("inputs/values", ["feature"], [tensor.shape[2]], precision == .f32 ? .float32 : .float64))
    case .tokens: channels.append(channel("inputs/tokens", [], [], .int64))
    }
    switch first.targets {
    case .values(let tensor):
      guard tensor.shape.count == 3 else {
        throw .trials(fault: "the targets have shape \(tensor.shape), not [trial, time, target]")
      }
      channels.append(channel("inputs/targets", ["target"], [tensor.shape[2]], .float64))
    case .classes: channels.append(channel("inputs/targets", [], [], .int64))
    case nil: break
    }
    if first.labels?.shape.count == 2 { channels.append(channel("inputs/labels", [], [], .int64)) }
    hasTrialLabels = first.labels?.shape.count == 1
    self.channels = channels
    tables = first.tables.sorted { $0.key < $1.key }
      .map { TrialTable(name: $0.key, shape: Array($0.value.shape.dropFirst())) }
    initialSites = modelSites.filter { first.batch.initialStates[$0.name] != nil }
      .sorted { $0.name < $1.name }
  }

  /// A power of two from 64 downwards: enough rows for a matrix product, a few blocks for a few threads.
  private static func chooseBlockTrials(
    trials: Int, steps: Int, sites: [Site], modelSites: [Site], inputWidth: Int, type: CaptureType,
    precision: Precision
  ) -> Int {
    var block = 64
    while block > 8 && block * 4 > trials { block /= 2 }
    let elementSize = StoredType(type).byteCount
    let stepBytes = modelSites.reduce(0) { $0 + $1.elementCount } * (precision == .f32 ? 4 : 8)
    // While a block runs, each of its trials may have one unfinished chunk a site.
    let unfinished = sites.reduce(0) { $0 + min($1.elementCount * elementSize * steps, ChunkGeometry.small) }
    let inputs = inputWidth * steps * 8
    while block > 1
      && (block * stepBytes * min(steps, 16) > budget || block * unfinished > budget
        || block * inputs > budget)
    {
      block /= 2
    }
    // Long trials one by one, so that a stopped run loses few of them.
    while block > 1 && block * steps > 1 << 15 && trials > 1 { block /= 2 }
    return block
  }
}

extension TrialBlock {
  /// Numbers a step of the inputs and targets.
  var inputWidth: Int {
    func width(_ shape: [Int]) -> Int { shape.dropFirst(2).reduce(1, *) }
    var sum =
      switch batch.inputs {
      case .values(let tensor): width(tensor.shape)
      case .tokens: 1
      }
    switch targets {
    case .values(let tensor): sum += width(tensor.shape)
    case .classes: sum += 1
    case nil: break
    }
    return sum
  }
}
