public import ProbeLinearAlgebra

/// How far a machine's outputs agree with recorded ones, over all prefixes of all trials whose output is known.
public struct RecordedAgreement: Sendable, Equatable {
  /// `[recorded output, machine's output]`: how often each pair was seen.
  public let confusion: Matrix<Double>
  /// `[length]`: of prefixes of each length how many agree, and how many there are.
  public let byLength: [LengthCount]
  /// A shortest recorded word on which machine and record differ; nil where there is none.
  public let shortestDisagreement: Word?

  /// The prefixes of one length.
  public struct LengthCount: Sendable, Equatable {
    /// How many have the same output.
    public var agreeing = 0
    /// How many there are.
    public var total = 0
  }

  /// Compares a machine with a record.
  ///
  /// - Precondition: the record's alphabet is the machine's; the machine's first outputs are the record's.
  public init(of machine: MooreMachine, with recorded: RecordedStates) {
    precondition(
      machine.outputNames.starts(with: recorded.outputNames), "a machine with other outputs than the record")
    let states = machine.states(along: recorded)
    var confusion = Matrix<Double>(rows: recorded.outputNames.count, columns: machine.outputNames.count)
    var lengths: [LengthCount] = []
    var shortest: (length: Int, row: Int, trial: Int)?
    for trial in 0..<recorded.trialCount {
      let rows = recorded.rows(of: trial)
      while lengths.count < rows.count { lengths.append(LengthCount()) }
      for row in rows where recorded.outputs[row] >= 0 {
        let length = row - rows.lowerBound
        let output = Int(machine.outputs[Int(states[row])])
        confusion[Int(recorded.outputs[row]), output] += 1
        lengths[length].total += 1
        if output == Int(recorded.outputs[row]) {
          lengths[length].agreeing += 1
        } else if length < shortest?.length ?? .max {
          shortest = (length, row, trial)
        }
      }
    }
    self.confusion = confusion
    byLength = lengths
    shortestDisagreement = shortest.map { recorded.word(to: $0.row, of: $0.trial) }
  }

  /// The number of outputs compared.
  public var total: Int { byLength.reduce(0) { $0 + $1.total } }
  /// The share of outputs that agree; NaN where none is known.
  public var share: Double { Double(byLength.reduce(0) { $0 + $1.agreeing }) / Double(total) }

  /// The mean over the recorded outputs of the share that agrees; NaN where none is known.
  ///
  /// A machine that knows only the most frequent output has 1 / outputs here, however rare the others are.
  public var balancedShare: Double {
    var shares: [Double] = []
    for output in 0..<confusion.rows {
      let seen = confusion.row(output).reduce(0, +)
      if seen > 0 { shares.append(confusion[output, output] / seen) }
    }
    return shares.reduce(0, +) / Double(shares.count)
  }
}
