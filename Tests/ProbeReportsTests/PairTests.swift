import Foundation
import ProbeFindings
import Testing

@testable import ProbeReports

@Suite("what figures of pairs of networks hand to the page")
struct PairTests {
  /// What the page's script makes of packed amounts.
  private func decoded(_ json: JSON) throws -> [Double] {
    guard case .object(let members) = json, case .real(let scale) = members["scale"],
      case .string(let text) = members["bytes"]
    else {
      Issue.record("no packed amounts")
      return []
    }
    let bytes = [UInt8](try #require(Data(base64Encoded: text)))
    return stride(from: 0, to: bytes.count, by: 2).map {
      Double(Float16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)) * scale
    }
  }

  @Test("an amount is off by 2^-11 of itself, or by 2^-25 of the largest")
  func precision() throws {
    let values = (0...4000).map { 3.7 * pow(0.99, Double($0)) } + [0, -1.5, 3.7]
    for (value, read) in zip(values, try decoded(HalfEncoding.json(values))) {
      // The share and the product are rounded in double precision.
      let bound = max(abs(value) * 0x1p-11, 3.7 * 0x1p-25) * (1 + 0x1p-40)
      #expect(abs(read - value) <= bound, "\(value)")
    }
  }

  @Test("what is no amount is NaN; nothing but zeros, and nothing at all, have a scale")
  func special() throws {
    let read = try decoded(HalfEncoding.json([.nan, 2, .infinity, -.infinity]))
    #expect(read.map(\.isNaN) == [true, false, true, true])
    #expect(read[1] == 2)
    #expect(try decoded(HalfEncoding.json([0, -0.0])) == [0, 0])
    #expect(try decoded(HalfEncoding.json([])) == [])
    #expect(try decoded(HalfEncoding.json([1e300, 1e-300])) == [1e300, 0])
  }

  @Test("200 networks by 27 metrics cost less than 10 kB a network")
  func size() {
    let panel = FigurePayload.json(of: .networkPair(PairFindings.panel(200))).text(forScript: true).utf8.count
    let matrix = FigurePayload.json(of: .pairMatrix(PairFindings.matrix(200, isSplit: false)))
      .text(forScript: true).utf8.count
    #expect(panel < 200 * 10_000, "\(panel)")
    #expect(matrix < 70_000, "\(matrix)")
  }

  @Test("a short row is given value by value, a long one by counts; the note says what the axis cannot show")
  func rows() {
    let plot = PairFindings.spread()
    let text = FigurePayload.json(of: .spread(plot)).text()
    #expect(text.contains("\"count\":496") && text.contains("\"count\":20") && text.contains("\"count\":0"))
    #expect(text.components(separatedBy: "\"values\":[]").count - 1 == 3)
    #expect(
      FigurePayload.note(of: .spread(plot))
        == "2 values are not shown: they are zero, negative or not finite.")
  }
}
