internal import Foundation
internal import ProbeHDF5
internal import ProbeLinearAlgebra
internal import ProbeModels

/// Writes one capture file as `FILE.partial`, and gives it its name when it is whole.
///
/// After every block of trials the file on the disk is consistent: chunks are flushed before the trials are marked as
/// done, and no metadata is written between two flushes.
final class CaptureWriter: @unchecked Sendable {
  // `@unchecked Sendable`: after `init`, workers call it only while they hold the turn of an `OrderedTurns`, whose lock
  // orders one turn's accesses before the next one's. Chunks are written on the queue's thread, and only between their
  // `enqueue` and the `drain` that every other call begins with.
  let output: String
  let partial: String
  let layout: CaptureLayout
  private let tokenText: (@Sendable (Int) -> String?)?
  /// By trial: whether it is wholly in.
  private(set) var done: [Bool]
  private(set) var chunkBytes = 0
  private let queue = ChunkQueue()
  private var behind: WriteBehind
  /// `nil` once closed.
  private var file: File?
  private var datasets: [OpenDataset]

  /// Keeps a dataset open; arrays hold no noncopyable values.
  private final class OpenDataset {
    let dataset: Dataset
    init(_ dataset: consuming Dataset) { self.dataset = dataset }
  }

  /// Creates the unfinished file, or opens it to continue.
  ///
  /// - Throws: ``CaptureError/exists(file:)``, ``CaptureError/unfinished(file:)`` and
  ///   ``CaptureError/resume(file:fault:)`` before anything is touched.
  init(
    output: String, description: CaptureDescription, layout: CaptureLayout, options: CaptureOptions
  ) throws(CaptureError) {
    self.output = output
    self.layout = layout
    tokenText = description.vocabulary.isEmpty ? description.tokenText : nil
    let partial = output + ".partial"
    self.partial = partial
    let manager = FileManager.default
    if manager.fileExists(atPath: output) && !options.force { throw .exists(file: output) }
    let isThere = manager.fileExists(atPath: partial)
    if isThere && !options.resume && !options.force { throw .unfinished(file: partial) }
    do {
      let skeleton = CaptureSkeleton(description: description, layout: layout, options: options)
      let open: File
      if isThere && options.resume {
        try skeleton.check(partial)
        open = try File(partial, mode: .readWrite)
        done = try open.dataset("inputs/done").read(Int.self).map { $0 != 0 }
      } else {
        open = try File(partial, mode: .create)
        done = Array(repeating: false, count: layout.trials)
        try skeleton.write(to: open)
      }
      var datasets: [OpenDataset] = []
      behind = WriteBehind(path: partial)
      for channel in layout.channels { datasets.append(OpenDataset(try open.dataset(channel.path))) }
      self.datasets = datasets
      file = consume open
    } catch let error as HDF5Error {
      throw CaptureError(writing: partial, error)
    } catch let error as CaptureError {
      throw error
    } catch {
      throw .system(operation: "open \(partial)", fault: "\(error)")
    }
  }

  /// Takes a finished chunk, to be written in its turn.
  ///
  /// - Throws: ``CaptureError`` of an earlier one.
  func enqueue(_ bytes: [UInt8], channel: Int, offset: [Int]) throws {
    try queue.add(bytes) { [self] in try write($0, channel: channel, offset: offset) }
  }

  /// Writes a finished chunk.
  private func write(_ bytes: UnsafeRawBufferPointer, channel: Int, offset: [Int]) throws(CaptureError) {
    do throws(HDF5Error) {
      try datasets[channel].dataset.writeChunk(bytes, at: offset)
      chunkBytes += bytes.count
      behind.wrote(bytes.count)
    } catch {
      throw CaptureError(writing: partial, error)
    }
  }

  /// Writes what a block holds besides chunks, and marks its trials as done.
  func finishBlock(_ trials: Range<Int>, block: TrialBlock) throws {
    try queue.drain()
    do throws(HDF5Error) {
      let (start, count) = (trials.lowerBound, trials.count)
      try file?.dataset("inputs/lengths").write(block.batch.lengths, start: [start], counts: [count])
      if layout.hasTrialLabels, let labels = block.labels {
        try file?.dataset("inputs/labels").write(labels.elements, start: [start], counts: [count])
      }
      for table in layout.tables {
        guard let values = block.tables[table.name] else { continue }
        try file?.dataset("inputs/\(table.name)").write(
          values.elements, start: [start] + table.shape.map { _ in 0 }, counts: [count] + table.shape)
      }
      for site in layout.initialSites {
        guard let state = block.batch.initialStates[site.name] else { continue }
        try file?.dataset("inputs/initial/\(site.name)").write(
          state.elements, start: [start] + site.shape.map { _ in 0 }, counts: [count] + site.shape)
      }
      try file?.flush()
      try file?.dataset("inputs/done").write(
        [Int](repeating: 1, count: count), start: [start], counts: [count])
      try file?.flush()
      for trial in trials { done[trial] = true }
    } catch {
      throw CaptureError(writing: partial, error)
    }
  }

  /// Closes the unfinished file.
  func close() throws(CaptureError) {
    // The error of a chunk has been thrown to its maker already.
    try? queue.drain()
    datasets = []
    guard let open = file.take() else { return }
    do throws(HDF5Error) {
      try open.close()
    } catch {
      throw CaptureError(writing: partial, error)
    }
  }

  /// Writes the texts of the ids that occur.
  private func writeVocabulary() throws(HDF5Error) {
    guard let tokenText, layout.channels[layout.siteCount].path == "inputs/tokens" else { return }
    if try file?.contains("inputs/vocabulary") ?? true { return }
    // Targets that are tokens too: an answer need not occur in any prompt.
    let paths = ["inputs/tokens", "inputs/targets"].filter { path in
      layout.channels.contains { $0.path == path && $0.shape.isEmpty }
    }
    var seen = Set<Int>()
    for path in paths {
      for trial in 0..<layout.trials {
        let row = try file?.dataset(path).read(Int.self, start: [trial, 0], counts: [1, layout.steps])
        seen.formUnion(row ?? [])
      }
    }
    let entries = seen.sorted().filter { $0 >= 0 }.compactMap { id in tokenText(id).map { (id, $0) } }
    if entries.isEmpty { return }
    try file?.createDataset("inputs/vocabulary/id", type: .int64, shape: [entries.count]).write(
      entries.map(\.0))
    try file?.createStrings("inputs/vocabulary/text", entries.map(\.1))
  }

  /// Marks the capture as complete and gives the file its name; an older one of that name is replaced.
  ///
  /// - Returns: bytes of the file.
  func finish() throws(CaptureError) -> Int {
    do throws(HDF5Error) {
      try writeVocabulary()
      try file?.setAttribute("complete", .integer(1))
    } catch {
      throw CaptureError(writing: partial, error)
    }
    try close()
    guard rename(partial, output) == 0 else {
      throw .system(operation: "rename \(partial) to \(output)", fault: String(cString: strerror(errno)))
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: output)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }
}

extension CaptureError {
  init(writing file: String, _ error: HDF5Error) {
    self = error.isNoSpace ? .noSpace(file: file) : .write(file: file, cause: error)
  }
}
