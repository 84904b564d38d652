import ArgumentParser
import Foundation
import ProbeAutomata
import ProbeLinearAlgebra

/// Learners and minimisation on machines that a peer is given too.
struct Automata: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "automata",
    abstract: "Time learners on known machines.",
    discussion: """
      A machine's file has `states symbols` on its first line, a 0 or 1 for each state on its second, then a line of next states
      for each state. L* and KV learn from it with an oracle that knows it; minimising and RPNI are timed where asked for.
      Every result is compared with the machine.
      """)

  @Argument(help: "Files of machines.") var machines: [String]
  @Option(help: "What is timed: L*, KV, minimize; by commas.") var methods = "L*,KV"
  @Option(help: "An Abbadingo sample, from which RPNI must give back the one machine.") var sample: String?
  @Option(help: "Repetitions; the median is printed.") var repeats = 5

  func run() throws {
    for path in machines {
      let machine = try Self.machine(path)
      for method in methods.split(separator: ",") {
        switch method {
        case "L*": try learn(LStar(), machine)
        case "KV": try learn(KearnsVazirani(), machine)
        case "minimize":
          var size = 0
          let seconds = medianSeconds(repeats: repeats) { size = machine.minimized().stateCount }
          print("minimize \(machine.stateCount) \(machine.alphabet.count) \(seconds) s, to \(size) states")
        default: throw ValidationError("no method \(method); there are L*, KV and minimize")
        }
      }
      if let sample { try learnPassively(from: sample, machine) }
    }
  }

  private func learn<Learner: ActiveLearner>(_ learner: Learner, _ machine: MooreMachine) throws {
    var learnt: LearningResult?
    var words = 0
    let seconds = try medianSeconds(repeats: repeats) {
      var trie = PrefixTrie(MachineSystem(machine))
      var oracles: [any EquivalenceOracle] = [PerfectOracle(machine)]
      var learner = learner
      learnt = try LearningLoop().run(&learner, oracles: &oracles, trie: &trie)
      words = trie.steps
    }
    guard let learnt, learnt.machine.shortestDifference(from: machine) == nil else {
      throw ValidationError("\(Learner.name) did not give back the machine")
    }
    print(
      "\(Learner.name) \(machine.stateCount) \(machine.alphabet.count) \(seconds) s, \(words) prefixes, "
        + "\(learnt.rounds.count) hypotheses")
  }

  private func learnPassively(from path: String, _ machine: MooreMachine) throws {
    let sample = try Abbadingo.sample(
      try String(contentsOfFile: path, encoding: .utf8), alphabet: machine.alphabet)
    var learnt: MooreMachine?
    let seconds = try medianSeconds(repeats: repeats) { learnt = try RPNI().learn(from: sample) }
    guard let learnt, learnt.shortestDifference(from: machine) == nil else {
      throw ValidationError("RPNI did not give back the machine")
    }
    print(
      "RPNI \(machine.stateCount) \(machine.alphabet.count) \(seconds) s, \(sample.words.count) words")
  }

  private static func machine(_ path: String) throws -> MooreMachine {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let rows = lines.dropFirst(2).map { $0.split(separator: " ").compactMap { Int($0) } }
    let sizes = lines.first?.split(separator: " ").compactMap { Int($0) } ?? []
    guard sizes.count == 2, lines.count == sizes[0] + 2, lines[1].count == sizes[0],
      rows.allSatisfy({ row in row.count == sizes[1] && row.allSatisfy { $0 >= 0 && $0 < sizes[0] } })
    else { throw ValidationError("\(path) is no machine") }
    return MooreMachine(
      alphabet: Alphabet(numbered: sizes[1]), next: rows, accepts: lines[1].map { $0 == "1" })
  }
}
