public import ProbeModels

/// Whether chunks are compressed.
public enum CaptureCompression: String, Sendable, CaseIterable {
  /// Values lie in the file as they are.
  case none
  /// Byte shuffle and deflate, which every HDF5 reader has.
  case deflate
}

/// The choices of a capture.
public struct CaptureOptions: Sendable {
  /// The observed sites, as indices into the model's `sites`; see ``SiteGlob``.
  public var sites: [Int]
  /// How floating-point sites are stored.
  public var type: CaptureType
  /// Whether chunks are compressed.
  public var compression: CaptureCompression
  /// The arithmetic of the model.
  public var precision: Precision
  /// How many threads run blocks of trials; never changes what is stored.
  public var threads: Int
  /// Replaces an output that is there.
  public var force: Bool
  /// Continues an unfinished output.
  public var resume: Bool
  /// Weights that take more bytes than this are not stored.
  public var weightLimit: Int
  /// What is edited while the model runs.
  public var interventions: [any Intervention]
  /// Which steps of the sites are recorded.
  public var positions: StepSelection
  /// The query heads whose values are recorded; nil for all.
  public var heads: [Int]?
  /// Looks on, and may end the capture before all trials are in; nil for none.
  public var monitor: (any CaptureMonitor)?

  /// The defaults of the command line.
  public init(
    sites: [Int], type: CaptureType = .f32, compression: CaptureCompression = .deflate,
    precision: Precision = .f32, threads: Int = 1, force: Bool = false, resume: Bool = false,
    weightLimit: Int = 64 << 20, interventions: [any Intervention] = [], positions: StepSelection = .all,
    heads: [Int]? = nil,
    monitor: (any CaptureMonitor)? = nil
  ) {
    self.sites = sites
    self.type = type
    self.compression = compression
    self.precision = precision
    self.threads = threads
    self.force = force
    self.resume = resume
    self.weightLimit = weightLimit
    self.interventions = interventions
    self.positions = positions
    self.heads = heads
    self.monitor = monitor
  }
}
