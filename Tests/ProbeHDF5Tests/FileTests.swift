import Foundation
import Testing

@testable import ProbeHDF5

@Suite("A file")
struct FileTests {
  @Test("that is no HDF5 says so without a clock time")
  func notHDF5() throws {
    let temporary = TemporaryFile()
    let path = temporary.path
    try Data("no HDF5 at all".utf8).write(to: URL(fileURLWithPath: path))
    #expect {
      _ = try File(path, mode: .read)
    } throws: { error in
      let text = "\(error)"
      return text.hasPrefix("cannot open \(path): ") && text.contains("signature") && !text.contains("time =")
    }
  }

  @Test("that is missing says so")
  func missing() {
    #expect {
      _ = try File("/nonexistent/a.h5", mode: .read)
    } throws: { "\($0)".contains("No such file or directory") }
  }

  @Test("that is cut off cannot be opened, wherever the cut is")
  func truncated() throws {
    let temporary = TemporaryFile()
    let file = try File(temporary.path, mode: .create)
    do {
      let dataset = try file.createDataset("a", type: .float64, shape: [100])
      try dataset.write((0..<100).map { Double($0) })
    }
    try file.close()
    let whole = try Data(contentsOf: URL(fileURLWithPath: temporary.path))
    for length in stride(from: 0, to: whole.count, by: 97) {
      let cut = TemporaryFile()
      try whole.prefix(length).write(to: URL(fileURLWithPath: cut.path))
      #expect(throws: HDF5Error.self) { _ = try File(cut.path, mode: .read) }
    }
  }

  @Test("cannot be closed while a dataset of it is open")
  func closeDegree() throws {
    let temporary = TemporaryFile()
    let file = try File(temporary.path, mode: .create)
    let dataset = try file.createDataset("a", type: .int64, shape: [1])
    var failed = false
    do { try file.close() } catch { failed = true }
    #expect(failed)
    #expect(dataset.shape == [1])
  }

  @Test("that was flushed can be read by others although its writer never closed it")
  func flushed() throws {
    let temporary = TemporaryFile()
    let copy = TemporaryFile()
    let file = try File(temporary.path, mode: .create)
    let dataset = try file.createDataset(
      "a", type: .int64, shape: [4], options: DatasetOptions(chunk: [2], fill: .integer(-1)))
    try dataset.write([1, 2], start: [0], counts: [2])
    try file.flush()
    try dataset.write([3, 4], start: [2], counts: [2])
    try FileManager.default.copyItem(atPath: temporary.path, toPath: copy.path)
    let killed = try File(copy.path, mode: .read)
    #expect(try killed.dataset("a").read(Int.self) == [1, 2, -1, -1])
  }

  @Test("lists its members by name and kind")
  func members() throws {
    let temporary = TemporaryFile()
    let file = try File(temporary.path, mode: .create)
    _ = try file.createGroup("b/inner")
    _ = try file.createDataset("a", type: .int32, shape: [])
    #expect(try file.members() == ["a", "b"])
    #expect(file.kind(of: "a") == .dataset)
    #expect(file.kind(of: "b") == .group)
    #expect(file.kind(of: "c") == .other)
    #expect(try file.contains("b/inner"))
    #expect(try !file.contains("b/other"))
    #expect(try !file.contains("c/inner"))
    #expect(try file.group("b").members() == ["inner"])
  }

  @Test("of the same contents has the same bytes a second later")
  func reproducible() throws {
    let files = [TemporaryFile(), TemporaryFile()]
    for (index, temporary) in files.enumerated() {
      // HDF5 stores whole seconds where it is not told otherwise.
      if index > 0 { Thread.sleep(forTimeInterval: 1.1) }
      let file = try File(temporary.path, mode: .create)
      _ = try file.createGroup("outer/inner")
      let dataset = try file.createDataset(
        "group/a", type: .float32, shape: [3, 4], options: DatasetOptions(chunk: [1, 4], fill: .notANumber))
      try dataset.write([Float](repeating: 1, count: 12))
      try file.setAttribute("text", .text("täxt"))
      try file.createStrings("names", ["a", "b"])
    }
    let bytes = try files.map { try Data(contentsOf: URL(fileURLWithPath: $0.path)) }
    #expect(bytes[0] == bytes[1])
  }

  @Test("says that the library locks itself")
  func library() {
    #expect(HDF5Library.isThreadSafe)
    #expect(HDF5Library.version.hasPrefix("1."))
  }

  @Test("removes the clock time from HDF5's account of an I/O error")
  func withoutTime() {
    let text = "file write failed: time = Sat Nov 21 10:00:00 2026\n, filename = 'a', errno = 28"
    #expect(HDF5Error.withoutTime(text) == "file write failed: , filename = 'a', errno = 28")
    #expect(HDF5Error.withoutTime("plain, text") == "plain, text")
  }
}
