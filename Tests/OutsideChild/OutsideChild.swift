import Foundation

/// The other end of the framing, for tests: written from docs/outside-models.md alone, and sharing no code with ProbeOutside.
///
/// Its map is x' = tanh(W x + u) with W = [[2, c], [0, 2]]; its words are labelled by the parity of their `b`s. The argument
/// names what it does: see `main`.
@main
enum OutsideChild {
  static let mode = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "all"
  static let coupling = ["all", "jacobian", "uncoupled-differences"].contains(mode) ? 0 : 0.5

  static func main() throws {
    while let line = line(), let question = try object(line) {
      let type = question["type"] as? String ?? ""
      let arrays = (question["arrays"] as? [[String: Any]] ?? []).map { array in
        let shape = array["shape"] as? [Int] ?? []
        return (shape: shape, bytes: read(shape.reduce(1, *) * (array["dtype"] as? String == "<f8" ? 8 : 4)))
      }
      switch type {
      case "end": return
      case "hello": hello()
      case "words": words(integers(arrays[0].bytes), integers(arrays[1].bytes))
      default:
        let states = reals(arrays[0].bytes)
        let input = reals(arrays[1].bytes)
        answer(type, states, input)
      }
    }
  }

  static func hello() {
    var map: [String: Any] = ["dimension": 2, "inputs": 2]
    if mode == "all" || mode == "jacobian" || mode == "transposed" { map["jacobian"] = true }
    if mode == "all" { map["box"] = [1, 1] }
    send([
      "type": "hello", "protocol": "rnnprobe-outside", "version": 1, "name": "child", "map": map,
      "words": ["alphabet": ["a", "b"], "outputs": ["even", "odd"]],
    ])
  }

  static func answer(_ type: String, _ states: [Double], _ input: [Double]) {
    let count = states.count / 2
    var values: [Double] = []
    for row in 0..<count {
      let (x, y) = (states[2 * row], states[2 * row + 1])
      var next = [tanh(2 * x + coupling * y + input[0]), tanh(2 * y + input[1])]
      if mode == "noise" { next[1] += Double.random(in: 0...1e-9) }
      if mode == "single" { next = next.map { Double(Float($0)) } }
      if mode == "late" && abs(x) > 10 { exit(7) }
      if type == "map" {
        values += next
      } else {
        let slopes = next.map { 1 - $0 * $0 }
        let upper = slopes[0] * coupling
        values +=
          mode == "transposed"
          ? [2 * slopes[0], 0, upper, 2 * slopes[1]] : [2 * slopes[0], upper, 0, 2 * slopes[1]]
      }
    }
    let shape = type == "map" ? [count, 2] : [count, 2, 2]
    send(
      [
        "type": type,
        "arrays": [["name": type == "map" ? "next" : type, "dtype": "<f8", "shape": shape] as [String: Any]],
      ], values.withUnsafeBytes { Array($0) })
  }

  static func words(_ symbols: [Int32], _ lengths: [Int32]) {
    var first = 0
    var outputs: [Int32] = []
    for length in lengths {
      outputs.append(Int32(symbols[first..<first + Int(length)].count { $0 == 1 } % 2))
      first += Int(length)
    }
    if mode == "wrong-output" { outputs[outputs.count - 1] = 2 }
    var arrays: [[String: Any]] = [["name": "outputs", "dtype": "<i4", "shape": [outputs.count]]]
    var bytes = outputs.withUnsafeBytes { Array($0) }
    if mode == "margins" || mode == "negative-margin" {
      arrays.append(["name": "margins", "dtype": "<f8", "shape": [outputs.count]])
      let margins = lengths.map { mode == "margins" ? 1 / (1 + Double($0)) : -1 }
      margins.withUnsafeBytes { bytes += $0 }
    }
    send(["type": "words", "arrays": arrays], bytes)
  }

  static func object(_ line: String) throws -> [String: Any]? {
    try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
  }

  static func send(_ header: [String: Any], _ body: [UInt8] = []) {
    let line = (try? JSONSerialization.data(withJSONObject: header)) ?? Data()
    FileHandle.standardOutput.write(line + Data([10]) + Data(body))
  }

  static func read(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let part = FileHandle.standardInput.readData(ofLength: min(1 << 16, count - bytes.count))
      if part.isEmpty { exit(8) }
      bytes += part
    }
    return bytes
  }

  static func line() -> String? {
    var bytes: [UInt8] = []
    while let byte = FileHandle.standardInput.readData(ofLength: 1).first {
      if byte == 10 { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return nil
  }

  static func reals(_ bytes: [UInt8]) -> [Double] {
    bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
    }
  }

  static func integers(_ bytes: [UInt8]) -> [Int32] {
    bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self) }
    }
  }
}
