import ProbeModels
import Testing

@testable import ProbeCapture

@Suite("A site pattern")
struct SiteGlobTests {
  static let names = [
    "layers.0.hidden", "layers.0.gates.reset", "layers.1.hidden", "blocks.10.attn.pattern", "readout",
  ]

  @Test(
    "matches whole names",
    arguments: [
      ("*", [0, 1, 2, 3, 4]), ("layers.*.hidden", [0, 2]), ("layers.?.hidden", [0, 2]), ("readout", [4]),
      ("readout,layers.0.*", [0, 1, 4]), ("*t*", [1, 3, 4]), ("blocks.10.attn.hook_pattern", [3]),
      (" readout , readout", [4]), ("**hidden", [0, 2]), ("l*s.*.*", [0, 1, 2]),
    ])
  func matches(pattern: String, wanted: [Int]) throws {
    #expect(try SiteGlob.resolve(pattern, amongNames: Self.names) == wanted)
  }

  @Test(
    "that matches nothing is an error that lists the sites", arguments: ["hidden", "readou", "", "readout,"])
  func nothing(pattern: String) {
    #expect {
      _ = try SiteGlob.resolve(pattern, amongNames: Self.names)
    } throws: { error in
      "\(error)".hasPrefix("no site matches '") && Self.names.allSatisfy { "\(error)".contains($0) }
    }
  }

  @Test("by default takes states and the readout, not gates")
  func defaults() {
    #expect(SiteGlob.defaults(among: ToyModel.small.sites) == [0, 2])
  }
}
