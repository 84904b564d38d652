public import ProbeLinearAlgebra

/// The states that a system went through, trial by trial, with the symbols that it read and what it put out.
///
/// A trial of n symbols has n + 1 states: the one before the first symbol, and the one after each. They lie trial after trial
/// as the rows of one matrix.
public struct RecordedStates: Sendable {
  /// The symbols that were read.
  public let alphabet: Alphabet
  /// The names of the outputs.
  public let outputNames: [String]
  /// `[state, unit]`: the states, trial after trial.
  public let states: Matrix<Double>
  /// `[state]`: the symbol that led to each state; -1 at the first of each trial.
  public let symbols: [Int32]
  /// `[state]`: the index of the output in each state; -1 where it is not known.
  public let outputs: [Int32]
  /// `[trial + 1]`: the row where each trial begins, and the number of rows.
  public let starts: [Int]

  /// Packs padded records.
  ///
  /// - Parameters:
  ///   - alphabet: the symbols.
  ///   - outputNames: the names of the outputs.
  ///   - lengths: `[trial]`, the number of symbols of each trial, at most `steps`.
  ///   - steps: the padded number of steps.
  ///   - values: `[trial, time, unit]`, the state after each symbol; beyond a trial's length it is not read.
  ///   - initial: `[unit]` or `[trial, unit]`, the states before the first symbols.
  ///   - symbols: `[trial, time]`.
  ///   - outputs: `[trial, time]`, the output in each state; -1 where it is not known.
  ///   - initialOutput: the output in the states before the first symbols; -1 where it is not known.
  /// - Throws: ``AutomataError`` where there is no trial, a symbol or output has no name, or a state is not finite.
  /// - Precondition: the buffers have the shapes above.
  public init<Scalar: BLASScalar>(
    alphabet: Alphabet, outputNames: [String], lengths: [Int], steps: Int, values: [Scalar],
    initial: [Scalar],
    symbols: [Int32], outputs: [Int32], initialOutput: Int32 = -1
  ) throws(AutomataError) {
    let trials = lengths.count
    guard trials > 0 else { throw .noRecordedStates }
    let units = steps > 0 ? values.count / (trials * steps) : initial.count
    precondition(values.count == trials * steps * units, "values are not [trial, time, unit]")
    precondition(initial.count == units || initial.count == trials * units, "initial states of other sizes")
    precondition(symbols.count == trials * steps && outputs.count == trials * steps, "not [trial, time]")
    precondition(lengths.allSatisfy { (0...steps).contains($0) }, "a trial longer than its padding")

    var starts = [0]
    for length in lengths { starts.append(starts[starts.count - 1] + length + 1) }
    let rows = starts[trials]
    var packed: [Double] = []
    var packedSymbols: [Int32] = []
    var packedOutputs: [Int32] = []
    packed.reserveCapacity(rows * units)
    packedSymbols.reserveCapacity(rows)
    packedOutputs.reserveCapacity(rows)
    for trial in 0..<trials {
      let length = lengths[trial]
      let offset = initial.count == units ? 0 : trial * units
      for unit in 0..<units { packed.append(Double(initial[offset + unit])) }
      let block = trial * steps * units
      for place in block..<block + length * units { packed.append(Double(values[place])) }
      packedSymbols.append(-1)
      packedOutputs.append(initialOutput)
      packedSymbols.append(contentsOf: symbols[trial * steps..<trial * steps + length])
      packedOutputs.append(contentsOf: outputs[trial * steps..<trial * steps + length])
    }
    try self.init(
      alphabet: alphabet, outputNames: outputNames,
      states: Matrix(rows: rows, columns: units, elements: packed), symbols: packedSymbols,
      outputs: packedOutputs, starts: starts)
  }

  /// Checks and takes records that are packed already; see the properties.
  ///
  /// - Throws: ``AutomataError`` where there is no trial, a symbol or output has no name, or a state is not finite.
  /// - Precondition: a symbol and an output for each state; -1 as the symbol at each start.
  public init(
    alphabet: Alphabet, outputNames: [String], states: Matrix<Double>, symbols: [Int32], outputs: [Int32],
    starts: [Int]
  ) throws(AutomataError) {
    guard starts.count > 1 else { throw .noRecordedStates }
    precondition(
      symbols.count == states.rows && outputs.count == states.rows, "not one symbol and output a state")
    precondition(starts.first == 0 && starts.last == states.rows, "starts do not cover the states")
    for trial in 0..<starts.count - 1 {
      precondition(starts[trial] < starts[trial + 1], "a trial without its first state")
      for row in starts[trial]..<starts[trial + 1] {
        let step = row - starts[trial]
        precondition(step > 0 || symbols[row] == -1, "a symbol that led to a first state")
        if step > 0, symbols[row] < 0 || symbols[row] >= alphabet.count {
          throw .recordOutOfRange(
            what: "symbol", trial: trial, step: step, value: Int(symbols[row]), count: alphabet.count)
        }
        if outputs[row] < -1 || outputs[row] >= outputNames.count {
          throw .recordOutOfRange(
            what: "output", trial: trial, step: step, value: Int(outputs[row]), count: outputNames.count)
        }
        if let unit = states.row(row).firstIndex(where: { !$0.isFinite }) {
          throw .stateNotFinite(trial: trial, step: step, unit: unit - row * states.columns)
        }
      }
    }
    self.alphabet = alphabet
    self.outputNames = outputNames
    self.states = states
    self.symbols = symbols
    self.outputs = outputs
    self.starts = starts
  }

  /// The number of trials.
  public var trialCount: Int { starts.count - 1 }
  /// The number of units of a state.
  public var stateSize: Int { states.columns }

  /// The rows of a trial's states.
  public func rows(of trial: Int) -> Range<Int> { starts[trial]..<starts[trial + 1] }

  /// The word that a trial had read when it came to a row.
  public func word(to row: Int, of trial: Int) -> Word {
    symbols[starts[trial] + 1..<row + 1].map { Int($0) }
  }

  /// Some of the trials.
  ///
  /// - Throws: ``AutomataError/noRecordedStates`` where none is chosen.
  public func trials(_ chosen: [Int]) throws(AutomataError) -> RecordedStates {
    var starts = [0]
    var values: [Double] = []
    var symbols: [Int32] = []
    var outputs: [Int32] = []
    for trial in chosen {
      let rows = rows(of: trial)
      values += states.elements[rows.lowerBound * stateSize..<rows.upperBound * stateSize]
      symbols += self.symbols[rows]
      outputs += self.outputs[rows]
      starts.append(symbols.count)
    }
    return try RecordedStates(
      alphabet: alphabet, outputNames: outputNames,
      states: Matrix(rows: symbols.count, columns: stateSize, elements: values), symbols: symbols,
      outputs: outputs, starts: starts)
  }

  /// Parts the trials at random: those to fit on, and a share held out.
  ///
  /// - Throws: ``AutomataError/noRecordedStates`` where either part would be empty.
  public func split(holdingOut share: Double, seed: UInt64) throws(AutomataError) -> (
    fitted: RecordedStates, heldOut: RecordedStates
  ) {
    var random = RandomGenerator(seed: seed)
    let order = random.sample(trialCount, of: trialCount)
    let held = Int((Double(trialCount) * share).rounded())
    guard held > 0, held < trialCount else { throw .noRecordedStates }
    return (try trials(order.dropFirst(held).sorted()), try trials(order.prefix(held).sorted()))
  }
}
