import Testing

@testable import ProbeFindings

@Suite("summary.json")
struct SummaryTests {
  @Test("the summary has the contract's keys, sorted, and the same bytes whatever the order of insertion")
  func exactBytes() {
    let findings = Findings(
      analysis: "spectra", title: "Spectra", headline: "A \"line\"\nand more.",
      numbers: [.init("zeta", 0.1), .init("alpha", .real(.nan)), .init("count", 27), .init("all", true)],
      warnings: ["w <1>"], options: [.init("method", "newton"), .init("limit", .real(.infinity))],
      seeds: [.init("starts", .max)], versions: [.init("rnnprobe", "0.1.0")],
      model: .init(name: "m", family: "gru", source: "m.safetensors", sha256: "00"),
      captures: [.init(name: "c", path: "c.h5", sha256: "ff")], wallSeconds: 1.5)
    let expected = """
      {
        "analysis": "spectra",
        "captures": [
          {
            "model": null,
            "name": "c",
            "path": "c.h5",
            "sha256": "ff"
          }
        ],
        "format": "rnnprobe-summary-1",
        "headline": "A \\"line\\"\\nand more.",
        "model": {
          "family": "gru",
          "name": "m",
          "sha256": "00",
          "source": "m.safetensors"
        },
        "numbers": {
          "all": true,
          "alpha": "nan",
          "count": 27,
          "zeta": 0.1
        },
        "options": {
          "limit": "inf",
          "method": "newton"
        },
        "seeds": {
          "starts": 18446744073709551615
        },
        "versions": {
          "rnnprobe": "0.1.0"
        },
        "wall_seconds": 1.5,
        "warnings": [
          "w <1>"
        ]
      }

      """
    #expect(findings.summary.prettyText == expected)
    var reversed = findings
    reversed.numbers.reverse()
    reversed.options.reverse()
    #expect(reversed.summary.prettyText == expected)
  }

  @Test("findings with nothing but an answer still have every key")
  func empty() {
    let summary = Findings(analysis: "spectra", title: "", headline: "").summary
    guard case .object(let members) = summary else {
      Issue.record("the summary is not an object")
      return
    }
    #expect(
      Set(members.keys) == [
        "format", "analysis", "headline", "numbers", "warnings", "options", "seeds", "versions", "model",
        "captures", "wall_seconds",
      ])
    #expect(members["model"] == .null)
    #expect(members["captures"]?.text() == "[]")
  }
}
