import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("Words that tell states apart")
struct CharacterizationSetTests {
  @Test("are the known ones for Tomita's languages")
  func tomita() {
    let expected: [[Word]] = [
      [[]], [[], [0]], [[], [0], [1, 0]], [[], [0], [0, 0]], [[], [0], [1]], [[], [0]],
      [[], [0], [1, 0], [0, 1, 0]],
    ]
    #expect(MachineExamples.tomita.map { $0.characterizationSet() } == expected)
    #expect(
      MachineExamples.tomita[3].identificationSets() == [
        [[], [0], [0, 0]], [[], [0], [0, 0]], [[], [0]], [[]],
      ])
  }

  @Test("hold the empty word even where there is one state")
  func oneState() {
    let machine = MachineExamples.binary("1", [[0, 0]])
    #expect(machine.characterizationSet() == [[]])
    #expect(machine.identificationSets() == [[[]]])
  }

  @Test("are what trying all words in shortlex order finds, on 1,000 random machines")
  func greedy() {
    var generator = RandomGenerator(seed: 5)
    let words = MachineExamples.words(symbols: 2, to: 6)
    for _ in 0..<1_000 {
      let machine = MachineExamples.random(
        &generator, states: 1 + generator.integer(below: 7), symbols: 2, outputs: 3, density: 0.8)
      var naive: [Word] = []
      var classes: [[Int]] = (0..<machine.stateCount).map { _ in [] }
      for word in words {
        let finer = classes.enumerated().map { state, seen in
          seen + [Int(machine.outputs[machine.transitions.state(after: word, from: state)])]
        }
        if Set(finer).count > Set(classes).count || word.isEmpty {
          naive.append(word)
          classes = finer
        }
      }
      #expect(machine.characterizationSet() == naive)
    }
  }

  @Test("identify each state of a minimal machine among all")
  func identification() {
    var generator = RandomGenerator(seed: 6)
    for _ in 0..<200 {
      let machine = MachineExamples.random(
        &generator, states: 2 + generator.integer(below: 30), symbols: 2, density: 0.9
      ).minimized()
      let all = Set(machine.characterizationSet())
      for (state, words) in machine.identificationSets().enumerated() {
        #expect(all.isSuperset(of: words))
        for other in 0..<machine.stateCount where other != state {
          #expect(
            words.contains {
              machine.outputs[machine.transitions.state(after: $0, from: state)]
                != machine.outputs[machine.transitions.state(after: $0, from: other)]
            })
        }
      }
    }
  }

  @Test("have the lengths that the rounds of refinement tell")
  func separationLengths() {
    var generator = RandomGenerator(seed: 7)
    let words = MachineExamples.words(symbols: 2, to: 6)
    for _ in 0..<300 {
      let machine = MachineExamples.random(
        &generator, states: 1 + generator.integer(below: 6), symbols: 2, density: 0.8)
      let refinement = MooreRefinement(machine.transitions, labels: machine.outputs)
      for a in 0..<machine.stateCount {
        for b in 0..<machine.stateCount {
          let word = words.first {
            machine.outputs[machine.transitions.state(after: $0, from: a)]
              != machine.outputs[machine.transitions.state(after: $0, from: b)]
          }
          #expect(refinement.separationLength(a, b) == word?.count)
          #expect(refinement.shortestDistinguishingWord(a, b) == word)
        }
      }
    }
  }
}
