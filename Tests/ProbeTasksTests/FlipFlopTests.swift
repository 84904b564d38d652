import ProbeLinearAlgebra
import ProbeTasks
import Testing

@Suite("The flip-flop")
struct FlipFlopTests {
  @Test("every target is the last nonzero pulse of its channel", arguments: [1, 3, 5])
  func targetsHoldPulses(bits: Int) throws {
    let task = try FlipFlop(parsing: "flipflop:bits=\(bits),steps=50,pulse=0.15,seed=9")
    for index in 0..<20 {
      let trial = task.trial(index)
      let inputs = try values(of: trial)
      #expect(inputs.shape == [50, bits])
      #expect(trial.mask == Array(repeating: true, count: 50))
      for bit in 0..<bits {
        let channel = (0..<50).map { inputs.elements[$0 * bits + bit] }
        #expect(channel.allSatisfy { [-1, 0, 1].contains($0) })
        for step in 0..<50 {
          let last = try #require(channel[...step].last { $0 != 0 })
          #expect(trial.targets.elements[step * bits + bit] == last)
          #expect((trial.labels?[step] ?? -1) >> bit & 1 == (last > 0 ? 1 : 0))
        }
      }
    }
  }

  @Test("with pulse=0 the first pulse is all there is; with pulse=1 there is no rest")
  func extremePulseProbabilities() throws {
    let still = try values(of: FlipFlop(parsing: "flipflop:pulse=0,steps=10").trial(0))
    #expect(still.elements[..<3].allSatisfy { abs($0) == 1 })
    #expect(still.elements[3...].allSatisfy { $0 == 0 })
    let busy = try values(of: FlipFlop(parsing: "flipflop:pulse=1,steps=10").trial(0))
    #expect(busy.elements.allSatisfy { abs($0) == 1 })
  }

  @Test("pulses occur with their probability and either sign equally often, within five standard errors")
  func pulseFrequencies() throws {
    let task = try FlipFlop(parsing: "flipflop:bits=1,steps=1001,pulse=0.2")
    var pulses = 0
    var positive = 0
    let trials = 20
    for index in 0..<trials {
      for value in try values(of: task.trial(index)).elements.dropFirst() {
        if value != 0 { pulses += 1 }
        if value > 0 { positive += 1 }
      }
    }
    // Binomial: variances n p (1 - p) and n / 4.
    let draws = Double(trials * 1000)
    #expect(abs(Double(pulses) - 0.2 * draws) < 5 * (draws * 0.16).squareRoot())
    #expect(abs(Double(positive) - Double(pulses) / 2) < 5 * (Double(pulses) / 4).squareRoot())
  }

  @Test("following the automaton's rule from the first state gives the labels")
  func automatonMatchesTrials() throws {
    let task = try FlipFlop(parsing: "flipflop:bits=3,steps=40,pulse=0.3")
    let trial = task.trial(3)
    let inputs = try values(of: trial).elements
    let labels = try #require(trial.labels)
    for step in 1..<40 {
      let input = Array(inputs[step * 3..<step * 3 + 3])
      #expect(task.state(after: input, from: labels[step - 1]) == labels[step])
      #expect(task.memory(of: labels[step]) == Array(trial.targets.elements[step * 3..<step * 3 + 3]))
    }
  }

  @Test("the 2-bit automaton has 4 states; no pulse stays, a pulse sets its bit")
  func twoBitAutomaton() throws {
    let automaton = try #require(FlipFlop(parsing: "flipflop:bits=2").automaton)
    #expect(automaton.states == ["--", "+-", "-+", "++"])
    #expect(
      automaton.symbols == ["no pulse", "channel 0 -1", "channel 0 +1", "channel 1 -1", "channel 1 +1"])
    #expect(automaton.inputVectors == [[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]])
    #expect(automaton.next == [[0, 0, 1, 0, 2], [1, 0, 1, 1, 3], [2, 2, 3, 0, 2], [3, 2, 3, 1, 3]])
    #expect(automaton.outputs == [[-1, -1], [1, -1], [-1, 1], [1, 1]])
    #expect(automaton.start == nil)
    #expect(automaton.state(after: [2, 4, 1], from: 0) == 2)
  }

  @Test("a single step and a single bit make a trial")
  func smallest() throws {
    let trial = try FlipFlop(parsing: "flipflop:bits=1,steps=1").trial(0)
    #expect(trial.steps == 1)
    #expect(try values(of: trial) == trial.targets)
  }
}
