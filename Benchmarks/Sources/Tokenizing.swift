import ArgumentParser
import Foundation
import ProbeLinearAlgebra
import ProbeTokenizers

/// How quickly a text becomes tokens.
struct Tokenizing: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenizer", abstract: "Megabytes of a text turned into tokens each second, on one thread.")

  @Argument(help: "A tokenizer.json, or a folder that holds one.")
  var tokenizer: String
  @Argument(help: "A text file in UTF-8.")
  var text: String
  @Option(help: "Repetitions; the shortest time counts.")
  var repetitions = 5

  func run() throws {
    let clock = ContinuousClock()
    let text = try String(contentsOfFile: text, encoding: .utf8)
    var tokenizer: Tokenizer?
    let loading = try clock.measure { tokenizer = try Tokenizer.load(path: self.tokenizer) }
    guard let tokenizer else { return }
    var best = Double.infinity
    var count = 0
    for _ in 0..<max(1, repetitions) {
      best = min(best, clock.measure { count = tokenizer.encode(text).ids.count }.seconds)
    }
    let megabytes = 1e-6 * Double(text.utf8.count)
    print("\(tokenizer)")
    print(
      "loaded in \(loading.seconds) s; \(megabytes) MB, \(count) tokens in \(best) s: \(megabytes / best) MB/s"
    )
  }
}
