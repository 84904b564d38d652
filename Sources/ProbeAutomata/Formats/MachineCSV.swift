/// A machine as two tables: `automaton_states.csv` and `automaton_edges.csv` of a report.
///
/// States: `state`, `output`, `start` (`true` or `false`); edges: `state`, `symbol`, `next`. Further columns are ignored, and
/// columns may stand in any order. Symbols and outputs are numbered in the order in which they first come, but the outputs
/// `reject` and `accept` are always those of an acceptor; outputs that no state has are not written.
public enum MachineCSV {
  /// The table of states.
  public static func states(_ machine: MooreMachine) -> String {
    var text = DelimitedText.row(["state", "output", "start"])
    for state in 0..<machine.stateCount {
      text += DelimitedText.row([
        "\(state)", machine.outputNames[Int(machine.outputs[state])], "\(state == machine.transitions.start)",
      ])
    }
    return text
  }

  /// The table of transitions.
  public static func edges(_ machine: MooreMachine) -> String {
    var text = DelimitedText.row(["state", "symbol", "next"])
    for state in 0..<machine.stateCount {
      for (symbol, name) in machine.alphabet.symbols.enumerated() {
        text += DelimitedText.row(["\(state)", name, "\(machine.transitions[state, symbol])"])
      }
    }
    return text
  }

  /// The machine of two tables.
  ///
  /// - Parameters:
  ///   - states: the text of `automaton_states.csv`; where it has no column `start`, the first state is the start.
  ///   - edges: the text of `automaton_edges.csv`.
  ///   - sinkOutput: the output of the state that takes missing transitions; nil to refuse them.
  /// - Returns: the machine, with the names of its states.
  /// - Throws: ``AutomataError``: a text is no such table; states, transitions or the start are missing or there twice.
  public static func machine(
    states: String, edges: String, sinkOutput: String? = nil
  ) throws(AutomataError) -> NamedMachine {
    let stateTable = try Columns(states, ["state", "output"], optional: ["start"])
    let edgeTable = try Columns(edges, ["state", "symbol", "next"])
    let outputs = NameTable(stateTable.rows.map { $0[1] }).names
    let isAcceptor = outputs.allSatisfy { MooreMachine.acceptorOutputs.contains($0) }
    var builder = MachineBuilder(outputNames: isAcceptor ? MooreMachine.acceptorOutputs : [])
    for row in stateTable.rows { try builder.addState(row[0], output: row[1]) }
    if stateTable.hasOptional {
      for row in stateTable.rows where row[2] == "true" { try builder.setStart(row[0]) }
    } else if let first = stateTable.rows.first {
      try builder.setStart(first[0])
    }
    for row in edgeTable.rows { try builder.addTransition(from: row[0], on: row[1], to: row[2]) }
    return try builder.machine(sinkOutput: sinkOutput)
  }

  /// Columns of a table, picked by name.
  private struct Columns {
    var rows: [[String]]
    var hasOptional: Bool

    init(_ text: String, _ required: [String], optional: [String] = []) throws(AutomataError) {
      let table = try DelimitedText.rows(text)
      guard let header = table.first?.fields else {
        throw .unreadableText(
          format: "CSV", line: 1, reason: "the text is empty; the columns \(required) were expected")
      }
      let known = optional.filter { header.contains($0) }
      hasOptional = !known.isEmpty
      var places: [Int] = []
      for name in required + known {
        guard let place = header.firstIndex(of: name) else {
          throw .unreadableText(format: "CSV", line: 1, reason: "the columns are \(header), without \(name)")
        }
        places.append(place)
      }
      rows = []
      for (line, fields) in table.dropFirst() {
        guard fields.count == header.count else {
          throw .unreadableText(
            format: "CSV", line: line, reason: "\(fields.count) fields in a table of \(header.count) columns")
        }
        rows.append(places.map { fields[$0] })
      }
    }
  }
}
