internal import Foundation
internal import ProbeHDF5
public import ProbeLinearAlgebra
public import ProbeModels

/// An open capture file.
///
/// Captures that this package did not write are read as well: any chunking, any number type, text of fixed length,
/// optional parts missing. What must be there is the root attributes `format` and `format_version`, and the group
/// `sites` with at least one dataset `[trial, time, ...]`.
///
/// HDF5 locks itself, so that several threads may read; they take turns.
public final class CaptureReader: Sendable {
  /// The file's path.
  public let path: String
  /// What the capture says about itself.
  public let metadata: CaptureMetadata
  let file: File

  /// Opens a capture.
  ///
  /// - Throws: ``CaptureError/unreadable(file:fault:)``, ``CaptureError/format(file:fault:)``,
  ///   ``CaptureError/version(file:found:)`` or ``CaptureError/damaged(file:cause:)``.
  public init(_ path: String) throws(CaptureError) {
    self.path = path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .unreadable(file: path, fault: "there is no such file")
    }
    if isFolder.boolValue { throw .unreadable(file: path, fault: "it is a folder; a capture is a file") }
    let open: File
    do throws(HDF5Error) {
      open = try File(path, mode: .read)
    } catch {
      let cause = error.causes.first ?? "\(error)"
      throw .unreadable(file: path, fault: "it is not HDF5, or cut off (\(cause))")
    }
    metadata = try MetadataReader(path: path).read(open)
    file = open
  }

  /// Reads part of a site, row-major: `[trials.count, steps.count, ...]`.
  ///
  /// - Parameters:
  ///   - site: its name; a `hook_` in it is dropped.
  ///   - trials: all by default.
  ///   - steps: all by default. Steps beyond a trial's length hold NaN.
  ///   - type: `Float` or `Double`; stored values of another type are converted.
  /// - Returns: the values; a bfloat16 or binary16 site is widened exactly.
  /// - Throws: ``CaptureError/site(pattern:known:)``, ``CaptureError/range(file:fault:)`` or
  ///   ``CaptureError/damaged(file:cause:)``.
  public func values<Scalar: BLASScalar>(
    of site: String, trials: Range<Int>? = nil, steps: Range<Int>? = nil, as type: Scalar.Type = Scalar.self
  ) throws(CaptureError) -> Tensor<Scalar> {
    let name = SiteGlob.withoutHooks(site)
    guard let found = metadata.site(name) else {
      throw .site(pattern: site, known: metadata.sites.map(\.name))
    }
    let trials = trials ?? 0..<metadata.trials
    let steps = steps ?? 0..<metadata.steps
    try checkRange(trials, within: metadata.trials, "trials")
    try checkRange(steps, within: metadata.steps, "steps")
    let start = [trials.lowerBound, steps.lowerBound] + found.shape.map { _ in 0 }
    let counts = [trials.count, steps.count] + found.shape
    return try reading { () throws(HDF5Error) in
      let dataset = try file.dataset("sites/\(name)")
      let elements = try dataset.readFloats(start: start, counts: counts, dtype: found.dtype, as: type)
      return Tensor(shape: counts, elements: elements)
    }
  }

  /// What the model read.
  ///
  /// - Returns: `nil` where the capture does not hold it.
  public func inputs(trials: Range<Int>? = nil) throws(CaptureError) -> TrialBatch? {
    let trials = trials ?? 0..<metadata.trials
    try checkRange(trials, within: metadata.trials, "trials")
    return try reading { () throws(HDF5Error) in
      let inputs: TrialBatch.Inputs
      if try file.contains("inputs/values") {
        inputs = .values(try rows("inputs/values", trials, as: Double.self))
      } else if try file.contains("inputs/tokens") {
        inputs = .tokens(try rows("inputs/tokens", trials, as: Int.self))
      } else {
        return nil
      }
      var initialStates: [String: Tensor<Double>] = [:]
      if try file.contains("inputs/initial") {
        for name in try file.group("inputs/initial").members() {
          initialStates[name] = try rows("inputs/initial/\(name)", trials, as: Double.self)
        }
      }
      return TrialBatch(
        inputs: inputs, lengths: Array(metadata.lengths[trials]), initialStates: initialStates)
    }
  }

  /// What the task wanted of the model; `nil` where the capture does not hold it.
  public func targets(trials: Range<Int>? = nil) throws(CaptureError) -> TrialTargets? {
    let trials = trials ?? 0..<metadata.trials
    try checkRange(trials, within: metadata.trials, "trials")
    return try reading { () throws(HDF5Error) in
      let isThere = try file.contains("inputs/targets")
      if !isThere { return nil }
      switch try file.dataset("inputs/targets").elementType {
      case .float16, .float32, .float64: return .values(try rows("inputs/targets", trials, as: Double.self))
      default: return .classes(try rows("inputs/targets", trials, as: Int.self))
      }
    }
  }

  /// The labels, `[trial]` or `[trial, time]`; `nil` where there are none.
  public func labels(trials: Range<Int>? = nil) throws(CaptureError) -> Tensor<Int>? {
    let trials = trials ?? 0..<metadata.trials
    try checkRange(trials, within: metadata.trials, "trials")
    return try reading { () throws(HDF5Error) in
      let isThere = try file.contains("inputs/labels")
      return isThere ? try rows("inputs/labels", trials, as: Int.self) : nil
    }
  }

  /// Further whole numbers of each trial, `[trial, ...]`, such as `prompt_lengths`; `nil` where there are none.
  public func table(_ name: String) throws(CaptureError) -> Tensor<Int>? {
    try reading { () throws(HDF5Error) in
      let isThere = try file.contains("inputs/\(name)")
      return isThere ? try rows("inputs/\(name)", 0..<metadata.trials, as: Int.self) : nil
    }
  }

  /// The weights that travel with the capture; `nil` where there are none.
  public func weights() throws(CaptureError) -> WeightTable? {
    try reading { () throws(HDF5Error) in
      let isThere = try file.contains("model/weights")
      if !isThere { return nil }
      var table = WeightTable([:])
      var open = [""]
      while let folder = open.popLast() {
        for member in try file.group("model/weights/\(folder)").members() {
          let name = folder.isEmpty ? member : "\(folder)/\(member)"
          switch file.kind(of: "model/weights/\(name)") {
          case .group: open.append(name)
          case .dataset:
            let dataset = try file.dataset("model/weights/\(name)")
            table.tensors[name] = Tensor(shape: dataset.shape, elements: try dataset.read(Double.self))
            if dataset.elementType == .float64 { table.doubles.insert(name) }
          case .other: break
          }
        }
      }
      return table
    }
  }

  /// The token ids with their texts; empty where there are none.
  public func vocabulary() throws(CaptureError) -> [(id: Int, text: String)] {
    try reading { () throws(HDF5Error) in
      let isThere = try file.contains("inputs/vocabulary/id")
      if !isThere { return [] }
      let ids = try file.dataset("inputs/vocabulary/id").read(Int.self)
      let texts = try file.dataset("inputs/vocabulary/text").readStrings()
      return zip(ids, texts).map { (id: $0, text: $1) }
    }
  }

  /// A range of a dataset's first axis.
  private func rows<Scalar: HDF5Scalar>(
    _ path: String, _ trials: Range<Int>, as type: Scalar.Type
  ) throws(HDF5Error) -> Tensor<Scalar> {
    let dataset = try file.dataset(path)
    let rest = Array(dataset.shape.dropFirst())
    let counts = [trials.count] + rest
    let elements = try dataset.read(type, start: [trials.lowerBound] + rest.map { _ in 0 }, counts: counts)
    return Tensor(shape: counts, elements: elements)
  }

  /// Says of a failed call that it is this file that is damaged.
  func reading<Result>(_ body: () throws(HDF5Error) -> Result) throws(CaptureError) -> Result {
    do throws(HDF5Error) {
      return try body()
    } catch {
      throw .damaged(file: path, cause: error)
    }
  }

  func checkRange(_ range: Range<Int>, within count: Int, _ what: String) throws(CaptureError) {
    guard range.lowerBound >= 0 && range.upperBound <= count else {
      throw .range(file: path, fault: "\(what) \(range) are outside 0..<\(count)")
    }
  }
}

extension Dataset {
  /// Reads floating-point values, widening 16-bit ones without HDF5's slow conversion.
  borrowing func readFloats<Scalar: BLASScalar>(
    start: [Int], counts: [Int], dtype: String, as type: Scalar.Type
  ) throws(HDF5Error) -> [Scalar] {
    switch elementType {
    case .uint16 where dtype == StoredType.bfloat16.rawValue:
      return try readBits16(start: start, counts: counts).map {
        Scalar(NumberConversion.float(bfloat16Bits: $0))
      }
    case .float16:
      return try readBits16(start: start, counts: counts).map { Scalar(Float16(bitPattern: $0)) }
    default:
      if let values = try read(Float.self, start: start, counts: counts, if: type) { return values }
      return try read(Double.self, start: start, counts: counts).map { Scalar($0) }
    }
  }

  /// Reads without a copy where the wanted type is the given one.
  private borrowing func read<Known: HDF5Scalar, Wanted>(
    _ known: Known.Type, start: [Int], counts: [Int], if wanted: Wanted.Type
  ) throws(HDF5Error) -> [Wanted]? {
    guard Known.self == Wanted.self else { return nil }
    return try read(known, start: start, counts: counts) as? [Wanted]
  }
}
