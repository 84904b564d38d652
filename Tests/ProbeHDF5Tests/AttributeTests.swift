import Testing

@testable import ProbeHDF5

@Suite("An attribute")
struct AttributeTests {
  @Test(
    "gives back what was set",
    arguments: [
      AttributeValue.text(""), .text("Grüße, 世界"), .texts(["a", "", "c"]), .texts([]), .integer(Int.min),
      .integers([1, -2]), .integers([]), .number(-0.1), .number(.infinity), .numbers([0x1p-1074, 1e308]),
    ])
  func roundTrip(value: AttributeValue) throws {
    let temporary = TemporaryFile()
    do {
      let file = try File(temporary.path, mode: .create)
      try file.setAttribute("a", value)
      _ = try file.createDataset("d", type: .int64, shape: [1])
      try file.dataset("d").setAttribute("a", value)
    }
    let file = try File(temporary.path, mode: .read)
    #expect(try file.attribute("a") == value)
    #expect(try file.dataset("d").attribute("a") == value)
  }

  @Test("is nil where there is none, and replaced where there is one")
  func replaced() throws {
    let temporary = TemporaryFile()
    let file = try File(temporary.path, mode: .create)
    #expect(try file.attribute("a") == nil)
    try file.setAttribute("a", .integer(1))
    try file.setAttribute("a", .text("two"))
    #expect(try file.attribute("a") == .text("two"))
    #expect(try file.hasAttribute("a"))
    #expect(try !file.hasAttribute("b"))
  }

  @Test("loses the bytes that HDF5 text cannot hold")
  func zeroByte() throws {
    let temporary = TemporaryFile()
    let file = try File(temporary.path, mode: .create)
    try file.setAttribute("a", .text("one\0two"))
    #expect(try file.attribute("a") == .text("onetwo"))
  }

  @Test("of a file that is open to read cannot be set")
  func readOnly() throws {
    let temporary = TemporaryFile()
    do { _ = try File(temporary.path, mode: .create) }
    let file = try File(temporary.path, mode: .read)
    #expect {
      try file.setAttribute("a", .integer(1))
    } throws: { "\($0)".hasPrefix("cannot write attribute 'a' of \(temporary.path)") }
  }
}
