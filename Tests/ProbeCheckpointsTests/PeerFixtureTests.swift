import Foundation
import ProbeCheckpoints
import ProbeLinearAlgebra
import Testing

@Suite("Files written by numpy, PyTorch and safetensors")
struct PeerFixtureTests {
  private struct Expected: Decodable {
    let shape: [Int]
    let values: [Double]
  }

  @Test(
    "every tensor has the shape and the values that the library which wrote it reads back",
    arguments: [
      "types.safetensors", "sharded", "arrays.npz", "compressed.npz", "inputs.npy", "views.pt", "lstm.pt",
      "training.pth", "protocol4.pt",
    ])
  func agreesWithPeer(file: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: fixture("expected.json")))
    let all = try JSONDecoder().decode([String: [String: Expected]].self, from: data)
    let expected = try #require(all[file])
    let checkpoint = try Checkpoint.open(path: fixture(file))
    #expect(checkpoint.names == expected.keys.sorted())
    for (name, peer) in expected {
      let tensor = try checkpoint.tensor(name, as: Double.self)
      #expect(tensor.shape == peer.shape, "\(name)")
      // Bits, so that -0 differs from 0; every stored type converts to binary64 exactly.
      #expect(tensor.elements.map(\.bitPattern) == peer.values.map(\.bitPattern), "\(name)")
      let single = try checkpoint.tensor(name, as: Float.self)
      #expect(single.elements == peer.values.map { Float($0) }, "\(name)")
    }
    try checkpoint.requireFinite()
  }

  @Test("metadata are safetensors' own, or the plain values beside a state dictionary")
  func metadata() throws {
    let types = try Checkpoint.open(path: fixture("types.safetensors"))
    #expect(types.metadata == ["rnnprobe.cell": "gru", "note": "a \"quoted\" é"])
    let training = try Checkpoint.open(path: fixture("training.pth"))
    #expect(training.metadata == ["epoch": "12", "lr": "0.001", "done": "true", "cell": "lstm"])
  }

  @Test("a transposed view is known to be one, and its rows are gathered")
  func transposedRows() throws {
    let views = try Checkpoint.open(path: fixture("views.pt"))
    #expect(views.information("plain")?.isContiguous == true)
    #expect(views.information("transposed")?.isContiguous == false)
    let whole = try views.tensor("transposed", as: Float.self)
    let rows = try views.rows(1..<3, of: "transposed", as: Float.self)
    #expect(rows.shape == [2, 6])
    #expect(rows.elements == Array(whole.elements[6..<18]))
    #expect(throws: CheckpointError.self) {
      try views.withBytes(of: "transposed", rows: 0..<1) { _ in }
    }
  }

  @Test("a pickle that names a class of the user's is refused by that name and its byte")
  func refusesClasses() throws {
    let path = fixture("class.pt")
    let error = #expect(throws: CheckpointError.self) { try Checkpoint.open(path: path) }
    let text = try #require(error).description.replacing(path, with: "class.pt")
    #expect(
      text.hasPrefix("cannot use class.pt: its pickle is read without being executed, and at byte "))
    #expect(text.contains("of data.pkl it asks for '__main__.Unexpected', which is not among the names"))
  }

  @Test("a pickle from before PyTorch 1.6 is refused with the way out")
  func refusesLegacy() throws {
    #expect(
      try openingFault(fixtureBytes("legacy.pt"), named: "legacy.pt")
        == "cannot use legacy.pt: it is a bare pickle, as PyTorch wrote before version 1.6; load it there and "
        + "torch.save its state_dict again, or save it as safetensors")
  }

  @Test("an npy array of Python objects is refused")
  func refusesObjects() throws {
    let fault = try openingFault(fixtureBytes("objects.npy"), named: "objects.npy")
    #expect(
      fault.hasPrefix("cannot use objects.npy: its npy array has elements of type '|O': it holds Python"))
  }

  @Test("an array is found by its name, or needs none where it is alone")
  func arrays() throws {
    let alone = try NumpyArray(path: fixture("inputs.npy"))
    #expect(alone.name == "inputs" && alone.shape == [2, 3, 4] && alone.type == .float64)
    let named = try readArray(path: fixture("arrays.npz"), name: "fortran_order")
    #expect(alone.values() == named)
    #expect(try NumpyArray(path: fixture("arrays.npz"), name: "i2").integers().elements == [-300, 3])
    #expect(throws: CheckpointError.self) { try readArray(path: fixture("arrays.npz")) }
    #expect(throws: CheckpointError.self) { try readArray(path: fixture("arrays.npz"), name: "absent") }
  }
}
