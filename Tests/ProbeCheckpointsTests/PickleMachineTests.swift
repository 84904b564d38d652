import Testing

@testable import ProbeCheckpoints

@Suite("Pickles, read without being executed")
struct PickleMachineTests {
  /// The error of running a pickle; "ran" if there is none.
  private func fault(_ pickle: [UInt8]) -> String {
    pickle.withUnsafeBytes { bytes in
      var machine = PickleMachine(ByteReader(bytes, path: "m.pt"))
      do throws(CheckpointError) {
        _ = try machine.run()
        return "ran"
      } catch {
        return error.description
      }
    }
  }

  @Test("a call of the operating system is refused by name, not made")
  func refusesCalls() {
    // The classic: os.system("id").
    let pickle =
      [0x80, 2] + Array("cos\nsystem\nX".utf8) + [2, 0, 0, 0] + Array("id".utf8) + [0x85] + Array("R.".utf8)
    #expect(
      fault(pickle)
        == "cannot use m.pt: its pickle is read without being executed, and at byte 2 of data.pkl it asks for "
        + "'os.system', which is not among the names that weights need; save the state_dict alone")
    #expect(
      fault([0x80, 4, 0x8C, 2] + Array("os".utf8) + [0x8C, 6] + Array("system".utf8) + [0x93]).contains(
        "'os.system'"))
  }

  @Test("an instruction outside the list is refused by its code and byte")
  func refusesInstructions() {
    for code in [
      UInt8(ascii: "i"), UInt8(ascii: "o"), 0x81, 0x92, 0x82, UInt8(ascii: "P"), UInt8(ascii: "I"), 0xFF,
    ] {
      #expect(
        fault([0x80, 2, code, 0, 0]).contains("at byte 2 of data.pkl it asks for the pickle instruction 0x"))
    }
    #expect(fault([0x80, 1]).contains("pickle protocol 1; read are 2 to 5"))
  }

  @Test(
    "a pickle that contradicts itself is damaged at the byte where it does",
    arguments: [
      ([UInt8](), "m.pt is damaged at byte 0: the data end in the middle of a value"),
      (Array(".".utf8), "m.pt is damaged at byte 0: the pickle takes a value from an empty stack"),
      (Array("N(.".utf8), "m.pt is damaged at byte 2: the pickle takes a value from an empty stack"),
      (Array("Nt".utf8), "m.pt is damaged at byte 1: the pickle closes a mark it has not set"),
      (Array("h\u{5}".utf8), "m.pt is damaged at byte 0: the pickle recalls value 5, which it has not named"),
      (Array("NNa".utf8), "m.pt is damaged at byte 2: the pickle appends to what is no list"),
      (Array("NNNs".utf8), "m.pt is damaged at byte 3: the pickle sets items of no dictionary"),
      (Array("}(Nu".utf8), "m.pt is damaged at byte 3: the pickle sets a key without a value"),
      (Array("N)R".utf8), "m.pt is damaged at byte 2: the pickle calls None with a list or tuple"),
      (Array("NNb".utf8), "m.pt is damaged at byte 2: the pickle gives None as attributes to None"),
      (
        Array("NQ".utf8),
        "m.pt is damaged at byte 1: a storage should be ('storage', class, key, device, length)"
      ),
      (
        Array("X\u{7f}\0\0\0ab".utf8),
        "m.pt is damaged at byte 5: 127 bytes are announced, but only 2 are left"
      ),
    ])
  func damaged(pickle: [UInt8], expected: String) {
    #expect(fault(pickle) == expected)
  }

  @Test("integers of any width have their two's complement value")
  func integers() {
    let cases: [([UInt8], Int)] = [
      ([0x8A, 0], 0), ([0x8A, 1, 0xFF], -1), ([0x8A, 2, 0xFF, 0x00], 255),
      ([0x8A, 8, 0, 0, 0, 0, 0, 0, 0, 0x80], .min), ([UInt8(ascii: "J"), 0xFE, 0xFF, 0xFF, 0xFF], -2),
      ([UInt8(ascii: "M"), 0x01, 0x02], 513), ([UInt8(ascii: "K"), 200], 200),
    ]
    for (code, expected) in cases {
      let pickle = code + [UInt8(ascii: ".")]
      pickle.withUnsafeBytes { bytes in
        var machine = PickleMachine(ByteReader(bytes, path: "m.pt"))
        guard case .integer(expected)? = try? machine.run() else {
          Issue.record("\(code) is not \(expected)")
          return
        }
      }
    }
  }

  @Test("a dictionary that holds itself, and one whose parts repeat without end, are refused")
  func selfReference() throws {
    func collect(_ pickle: [UInt8]) -> String {
      pickle.withUnsafeBytes { bytes in
        var machine = PickleMachine(ByteReader(bytes, path: "m.pt"))
        var collector = StateDictionary(path: "m.pt")
        do throws(CheckpointError) {
          let root = try machine.run()
          try collector.collect(root, machine)
          return "collected"
        } catch {
          return error.description
        }
      }
    }
    // d = {}; d[0] = d
    #expect(
      collect(Array("}q\0K\0h\0s.".utf8)).contains("its pickle nests too deep or repeats itself at '0.0.0"))
    // d0 = {}; d1 = {0: d0, 1: d0}; d2 = {0: d1, 1: d1}; ... 2^40 paths to d0
    var doubling = Array("}q\0".utf8)
    for level in 1...40 {
      let previous = UInt8(level - 1)
      doubling += Array("}".utf8) + [UInt8(ascii: "q"), UInt8(level)]
      for key: UInt8 in [0, 1] {
        doubling += [UInt8(ascii: "K"), key, UInt8(ascii: "h"), previous, UInt8(ascii: "s")]
      }
    }
    #expect(collect(doubling + Array(".".utf8)).contains("nests too deep or repeats itself"))
    #expect(
      collect(Array("}.".utf8)) == "cannot use m.pt: its pickle holds no tensor; save a model's state_dict")
  }
}
