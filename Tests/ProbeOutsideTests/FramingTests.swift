import ProbeAutomata
import Testing

@testable import ProbeOutside

@Suite struct MessageTests {
  @Test("a message is a line of JSON with sorted keys, then the elements as they lie in memory")
  func bytes() {
    var message = Message(type: "map")
    message.add("states", .real([1, -2]), shape: [1, 2])
    message.add("input", .real([]), shape: [0])
    message.add("lengths", .integer([258]), shape: [1])
    let line =
      #"{"arrays":[{"dtype":"<f8","name":"states","shape":[1,2]},{"dtype":"<f8","name":"input","shape":[0]},"#
      + #"{"dtype":"<i4","name":"lengths","shape":[1]}],"type":"map"}"# + "\n"
    // 1.0 is 0x3FF0000000000000, -2.0 is 0xC000000000000000 (IEEE 754).
    let body: [UInt8] = [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0, 2, 1, 0, 0]
    #expect(message.bytes == Array(line.utf8) + body)
    #expect(Message.reals(Array(body.prefix(16))) == [1, -2])
    #expect(Message.integers(Array(body.suffix(4))) == [258])
    #expect(Message.reals([]).isEmpty)
  }

  @Test("a line feed in a header's text does not end the line")
  func lineFeed() {
    var header = Message.Header(type: "error")
    header.message = "one\ntwo"
    #expect(Message(header).bytes.count { $0 == UInt8(ascii: "\n") } == 1)
  }
}
