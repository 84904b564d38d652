import Foundation
import ProbeFindings
import Testing

@testable import ProbeReports

@Suite("what figures of heads and tokens hand to the page")
struct PatternTests {
  @Test("base 64 is that of RFC 4648, section 10")
  func base64() {
    let vectors = [
      "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=",
      "foobar": "Zm9vYmFy",
    ]
    for (text, expected) in vectors { #expect(PatternEncoding.base64(Array(text.utf8)) == expected) }
    #expect(PatternEncoding.base64([0xFB, 0xFF]) == "+/8=")
  }

  @Test("a weight's byte is 254 times its root; what is no weight has a byte of its own")
  func bytes() {
    let expected: [(Float, UInt8)] = [
      (0, 0), (1, 254), (0.25, 127), (.nan, 255), (-1, 0), (2, 254), (.infinity, 254), (-.infinity, 0),
      (-0.0, 0),
    ]
    for (weight, byte) in expected { #expect(PatternEncoding.byte(of: weight) == byte, "\(weight)") }
  }

  @Test("a decoded weight is off by at most (√w + 1/1016) / 254, that is half a step of the root")
  func precision() {
    for step in 0...10_000 {
      let weight = Float(step) / 10_000
      let root = Double(PatternEncoding.byte(of: weight)) / 254
      // The root and the product are rounded in single precision.
      let bound = (Double(weight).squareRoot() + 1.0 / 1016) / 254 + 4 * Double(Float.ulpOfOne)
      #expect(abs(root * root - Double(weight)) <= bound, "\(weight)")
    }
  }

  private func decoded(_ json: JSON) throws -> (layout: String, bytes: [UInt8]) {
    guard case .object(let members) = json, case .string(let layout) = members["layout"],
      case .string(let text) = members["bytes"]
    else { throw CancellationError() }
    return (layout, Array(try #require(Data(base64Encoded: text))))
  }

  @Test(
    "a causal pattern is a triangle, any other a square, even where only a row that was not recorded is causal"
  )
  func layouts() throws {
    let causal = try decoded(PatternEncoding.json([1, 0, 0.25, 1], count: 2))
    #expect(causal.layout == "triangle" && causal.bytes == [254, 127, 254])
    let whole = try decoded(PatternEncoding.json([0, 1, 0.25, 1], count: 2))
    #expect(whole.layout == "square" && whole.bytes == [0, 254, 127, 254])
    let partial = try decoded(PatternEncoding.json([.nan, .nan, 0, 1], count: 2))
    #expect(partial.layout == "triangle" && partial.bytes == [255, 0, 254])
    #expect(try decoded(PatternEncoding.json([], count: 0)).bytes == [])
  }

  @Test("of a long prompt a query keeps its 16 heaviest keys, far apart or near; equal ones the earlier")
  func sparse() throws {
    let count = 600
    var weights = [Float](repeating: 0, count: count * count)
    weights[0] = 1
    weights[count + 0] = 0.25
    weights[count + 599] = 0.25
    for key in 0..<40 { weights[2 * count + key] = key == 30 ? 0.25 : 0.01 }
    for key in 0..<count { weights[3 * count + key] = .nan }
    let packed = try decoded(PatternEncoding.json(weights, count: count))
    #expect(packed.layout == "sparse")
    // 0.01 is 25.4 of 254 squared: 25. 599 is 255 + 255 + 89.
    var expected: [UInt8] = [1, 0, 254]
    expected += [2, 0, 127, 255, 255, 89, 127]
    expected += [16, 0, 25]
    for _ in 1..<15 { expected += [1, 25] }
    expected += [16, 127]
    expected += [255]
    expected += [UInt8](repeating: 0, count: count - 4)
    #expect(packed.bytes == expected)
  }

  @Test("32 heads on a prompt of 64 tokens cost less than 200 kB, causal or not")
  func size() {
    for isCausal in [true, false] {
      var random = HeadFindings.Generator()
      let patterns = (0..<32).map { head in
        AttentionPatterns.Pattern(
          layer: head / 8, head: head % 8, prompt: 0,
          weights: (0..<4096).map {
            isCausal && $0 % 64 > $0 / 64 ? 0 : Float.random(in: 0...1, using: &random)
          })
      }
      let plot = HeadMapPlot(
        layers: 4, heads: 8, scores: [.init(name: "a", amount: Axis("a"), values: (0..<32).map(Double.init))],
        patterns: AttentionPatterns(
          prompts: [.init(name: "p", tokens: (0..<64).map { " token\($0)" })], patterns: patterns))
      let bytes = FigurePayload.json(of: .headMap(plot)).text(forScript: true).utf8.count
      #expect(bytes < (isCausal ? 100_000 : 200_000), "\(bytes)")
      #expect(bytes > 32 * (isCausal ? 2080 : 4096))
    }
  }

  @Test("scores that do not apply are null, tokens are visible, and no text can end the script element")
  func headMap() {
    let plot = HeadMapPlot(
      layers: 1, heads: 2, scores: [.init(name: "s", amount: Axis("s"), values: [.nan, 0.5])],
      patterns: AttentionPatterns(prompts: [.init(name: "p", tokens: [" a", "\n", "</script>"])]))
    let text = FigurePayload.json(of: .headMap(plot)).text(forScript: true)
    #expect(text.contains("\"values\":[null,0.5]"))
    #expect(text.contains("[\"·a\",\"⏎\",\"\\u003c/script\\u003e\"]"))
    #expect(text.contains("\"focus\":2") && text.contains("\"range\":null"))
  }

  @Test("tokens of the lens are told apart by their bytes, and known again by them")
  func tokenTable() {
    let plot = TokenTablePlot(
      rows: ["0"], tokens: ["x", "y"], targets: ["\u{E9}", "e\u{301}"],
      cells: [[.init("\u{E9}", 0.123456), .init("e\u{301}", .nan)], []])
    let text = FigurePayload.json(of: .tokenTable(plot)).text()
    #expect(text.contains("\"cells\":[[0,0.1235,1,null],[]]"))
    #expect(text.contains("\"targets\":[0,1]"))
  }

  @Test(
    "the page's table takes an interval's ends into the column of its score, and sorts by the score alone")
  func intervals() {
    let table = Table(
      name: "t", title: "T",
      columns: [
        .integer("layer", [0, 1]), .integer("head", [3, 4]), .real("s_low", [0.1, nil]),
        .real("s", [0.25, .nan]),
        .real("s_high", [0.5, .nan]), .real("b", [1, 2]), .real("b_low", [0, 0]),
        .string("n_low", ["x", "y"]),
        .real("n", [1, 2]), .string("n_high", ["x", "y"]),
      ], keyColumns: 2)
    let view = TableView(table, rowLimit: 10)
    #expect(view.columns.map(\.name) == ["layer", "head", "s", "b", "b_low", "n_low", "n", "n_high"])
    #expect(view.columns.map(\.hasInterval) == [false, false, true, false, false, false, false, false])
    #expect(view.columns.prefix(3).map(\.class) == ["number key", "number key key-last", "number"])
    #expect(view.rows[0].cells[2].interval == "0.1 to 0.5" && view.rows[0].cells[2].value == "0.25")
    #expect(view.rows[1].cells[2].interval == nil && view.rows[1].cells[2].value == "nan")
  }

  @Test("a page of token tables alone carries no plotting library")
  func library() throws {
    let figure = Figure(name: "lens", title: "", caption: "", content: .tokenTable(HeadFindings.lens()))
    let page = try ReportPage(
      findings: Findings(analysis: "a", title: "", headline: "", figures: [figure]), plotly: .linked("p.js"),
      rowLimit: 10, files: [], hasIndex: false
    ).html()
    #expect(!page.contains("p.js"))
    #expect(page.contains("class=\"plot tokenTable-plot\"") && page.contains("role=\"group\""))
  }

  @Test("what a logarithmic axis of lines cannot show is counted; gaps are not")
  func lostPoints() {
    let plot = LinePlot(
      x: Axis("k", isLogarithmic: true), y: Axis("accuracy"),
      series: [.init(name: "a", x: [0, 1, 2], y: [1, .nan, 0])])
    #expect(FigurePayload.note(of: .lines(plot)) == "One value is not shown: it is zero or negative.")
    var linear = plot
    linear.x.isLogarithmic = false
    #expect(FigurePayload.note(of: .lines(linear)) == "")
  }
}
