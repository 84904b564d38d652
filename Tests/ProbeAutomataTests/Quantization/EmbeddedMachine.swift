import ProbeLinearAlgebra

@testable import ProbeAutomata

/// A machine whose states are points with noise around them: a network whose clusters are known.
struct EmbeddedMachine {
  let machine: MooreMachine
  let points: Matrix<Double>

  /// Puts the states at random points of the given dimension.
  init(_ machine: MooreMachine, units: Int = 6, seed: UInt64) {
    var random = RandomGenerator(seed: seed)
    self.machine = machine
    points = Matrix(
      rows: machine.stateCount, columns: units,
      elements: (0..<machine.stateCount * units).map { _ in random.normal() })
  }

  /// Random words of one length, with what the machine goes through.
  func record(trials: Int, length: Int, noise: Double, seed: UInt64) throws -> RecordedStates {
    var random = RandomGenerator(seed: seed)
    var values: [Double] = []
    var symbols: [Int32] = []
    var outputs: [Int32] = []
    var starts = [0]
    for _ in 0..<trials {
      var state = machine.transitions.start
      for step in 0...length {
        var symbol = -1
        if step > 0 {
          symbol = random.integer(below: machine.alphabet.count)
          state = machine.transitions[state, symbol]
        }
        symbols.append(Int32(symbol))
        outputs.append(machine.outputs[state])
        values += points.row(state).map { $0 + noise * random.normal() }
      }
      starts.append(symbols.count)
    }
    return try RecordedStates(
      alphabet: machine.alphabet, outputNames: machine.outputNames,
      states: Matrix(rows: symbols.count, columns: points.columns, elements: values), symbols: symbols,
      outputs: outputs, starts: starts)
  }
}
