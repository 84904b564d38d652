import Foundation

/// What the program writes to standard error.
enum Console {
  /// A line of error or warning.
  static func error(_ text: String) { write(text + "\n") }

  static let isTerminal = isatty(2) == 1

  fileprivate static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Foundation.write(2, $0.baseAddress, $0.count) }
  }
}

/// One line on a terminal that is rewritten as work goes on; silent where standard error is no terminal.
///
/// `@unchecked Sendable`: all stored variables are touched only while `lock` is held.
final class ProgressLine: @unchecked Sendable {
  private let lock = NSLock()
  private let begin = DispatchTime.now().uptimeNanoseconds
  private var last: UInt64 = 0
  private var isShown = false

  private var seconds: Double { Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e9 }

  /// Shows how far a capture is, its rate and the time that remains.
  func show(_ name: String, done: Int, total: Int, bytes: Int) {
    let elapsed = seconds
    let share = Double(done) / Double(max(1, total))
    let rest = share > 0 ? elapsed / share - elapsed : .nan
    let bar = String(repeating: "#", count: Int(share * 24)).padding(
      toLength: 24, withPad: ".", startingAt: 0)
    show(
      "\(name) [\(bar)] \(done)/\(total) trials, \(Self.size(Double(bytes) / max(elapsed, 1e-9)))/s, "
        + (rest.isFinite ? "\(Self.duration(rest)) left" : ""), force: done == total)
  }

  /// Shows a line; at most ten a second.
  func show(_ text: String, force: Bool = false) {
    guard Console.isTerminal else { return }
    lock.lock()
    defer { lock.unlock() }
    let now = DispatchTime.now().uptimeNanoseconds
    guard force || now - last > 100_000_000 else { return }
    last = now
    isShown = true
    Console.write("\r\u{1B}[2K" + text)
  }

  /// Clears the line.
  func end() {
    lock.lock()
    defer { lock.unlock() }
    if isShown { Console.write("\r\u{1B}[2K") }
    isShown = false
  }

  static func size(_ bytes: Double) -> String {
    var value = bytes
    for unit in ["B", "kB", "MB", "GB"] {
      if value < 1000 { return "\(Int(value)) \(unit)" }
      value /= 1000
    }
    return "\(Int(value)) TB"
  }

  static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole < 120 ? "\(whole) s" : (whole < 7200 ? "\(whole / 60) min" : "\(whole / 3600) h")
  }
}
