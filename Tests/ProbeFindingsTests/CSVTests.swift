import Testing

@testable import ProbeFindings

@Suite("CSV")
struct CSVTests {
  @Test("every type, a missing value and the special reals are written as the format says")
  func exactBytes() {
    let table = Table(
      name: "points", title: "Points",
      columns: [
        .string("label", ["plain", nil, "", " edge"]),
        .integer("count", [1, -2, nil, Int.max]),
        .real("value", [.nan, .infinity, -.infinity, nil]),
        .boolean("stable", [true, false, nil, true]),
      ])
    #expect(
      table.csv
        == "label,count,value,stable\r\nplain,1,nan,true\r\n,-2,inf,false\r\n\"\",,-inf,\r\n"
        + "\" edge\",9223372036854775807,,true\r\n")
  }

  @Test("quotes, commas and line breaks are quoted and quotes doubled (RFC 4180, 2.5 to 2.7)")
  func quoting() {
    let table = Table(
      name: "t", title: "", columns: [.string("a,b", ["say \"hi\"", "x\ny", "x\r\ny", "1,5", "ü{{x}}<b>"])])
    #expect(
      table.csv
        == "\"a,b\"\r\n\"say \"\"hi\"\"\"\r\n\"x\ny\"\r\n\"x\r\ny\"\r\n\"1,5\"\r\nü{{x}}<b>\r\n")
  }

  @Test("a table without rows is its header, one without columns is empty")
  func empty() {
    #expect(Table(name: "t", title: "", columns: [.real("q", []), .string("name", [])]).csv == "q,name\r\n")
    #expect(Table(name: "t", title: "", columns: []).csv.isEmpty)
  }

  @Test("a missing value of a single column does not become an empty line, which readers skip")
  func singleColumn() {
    #expect(
      Table(name: "t", title: "", columns: [.integer("n", [1, nil, 3])]).csv == "n\r\n1\r\n\"\"\r\n3\r\n")
  }

  @Test("reals read back to the same bits, subnormal to largest")
  func roundTrip() {
    var state: UInt64 = 1
    var values: [Double] = [0, -0.0, 0.1, 1 / 3, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .ulpOfOne]
    for _ in 0..<2000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(bitPattern: state)
      if value.isFinite { values.append(value) }
    }
    let lines = Table(name: "t", title: "", columns: [.real("x", values)]).csv.split(separator: "\r\n")
    #expect(lines.count == values.count + 1)
    for (line, value) in zip(lines.dropFirst(), values) {
      #expect(Double(line)?.bitPattern == value.bitPattern)
    }
  }
}
