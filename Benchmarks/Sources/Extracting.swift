import ArgumentParser
import Foundation
import ProbeAutomata
import ProbeLinearAlgebra
import ProbeModels

/// The automaton of a recurrent acceptor by abstraction refinement, and all its words to a length.
struct Extracting: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extraction",
    abstract:
      "Time the automaton of a trained acceptor by abstraction refinement, and the check of all words to a length."
  )

  @Argument(help: "A recurrent model that reads tokens.") var model: String
  @Option(help: "The longest words that are checked.") var length = 16
  @Option(help: "Repetitions; the median is printed.") var repeats = 5
  @Option(help: "Threads.") var threads = 1

  func run() throws {
    BLASLibrary.useOneThread()
    let model = try RecurrentModel.load(path: model, request: ModelRequest())
    guard let embedding = model.embedding, let readout = model.readout else {
      throw ValidationError("the model needs an embedding and a readout")
    }
    let names =
      readout.weight.rows == 2 ? MooreMachine.acceptorOutputs : (0..<readout.weight.rows).map { "\($0)" }
    func system() throws -> NetworkSystem {
      NetworkSystem(
        try model.prefixes(symbols: embedding, threads: threads),
        alphabet: Alphabet(numbered: embedding.rows),
        decision: readout.weight.rows == 1 ? .threshold() : .largest(names))
    }
    var result: LearningResult?
    var steps = 0
    let seconds = try medianSeconds(repeats: repeats) {
      var trie = PrefixTrie(try system())
      var learner = KearnsVazirani()
      // Words to begin with, one of each class, as the published extractor is given them.
      var examples: [Int32: Word] = [:]
      for number in 2..<1 << 9 where examples.count < 2 {
        let bits = Int.bitWidth - number.leadingZeroBitCount - 1
        let word = (0..<bits).map { (number >> (bits - 1 - $0) & 1) % embedding.rows }
        let output = try trie.output(of: word)
        if examples[output] == nil { examples[output] = word }
      }
      var oracles: [any EquivalenceOracle] = [
        AbstractionRefinement(examples: examples.sorted { $0.key < $1.key }.map(\.value))
      ]
      result = try LearningLoop().run(&learner, oracles: &oracles, trie: &trie)
      steps = trie.steps
    }
    guard let machine = result?.machine.minimized() else { return }
    print(
      "extraction: \(machine.stateCount) states, \(result?.rounds.count ?? 0) hypotheses, \(steps) steps, "
        + "\(seconds) s")

    var sweeps: [Double] = []
    var outcome: SearchOutcome?
    for _ in 0..<max(1, repeats) {
      var trie = PrefixTrie(try system())
      var search = BoundedExhaustive(length: length)
      let begin = ContinuousClock.now
      outcome = try search.search(machine, &trie)
      sweeps.append((ContinuousClock.now - begin).seconds)
    }
    switch outcome {
    case .agreement(let evidence)?: print("exhaustive: \(evidence.statement), \(median(sweeps)) s")
    case .disagreement(let word)?:
      print(
        "exhaustive: the network differs from the machine at \(Alphabet(numbered: embedding.rows).text(of: word)), "
          + "\(median(sweeps)) s")
    case nil: break
    }
  }
}
