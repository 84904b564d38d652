/// Why something could not be done with an automaton or with what answers for one.
public enum AutomataError: Error, Equatable, CustomStringConvertible {
  /// Two symbols of an alphabet have one name.
  case repeatedSymbol(String, first: Int, second: Int)
  /// A system gave two answers to one word.
  case nondeterministic(word: String, first: String, second: String)
  /// There is no recorded trial to work on.
  case noRecordedStates
  /// A recorded state holds an infinity or a NaN.
  case stateNotFinite(trial: Int, step: Int, unit: Int)
  /// A recorded symbol or output is none of those that have names.
  case recordOutOfRange(what: String, trial: Int, step: Int, value: Int, count: Int)
  /// As many clusters cannot be made of as many states.
  case clusterCount(Int, states: Int)
  /// No transition was counted.
  case noTransitions(lag: Int)
  /// Metastable sets cannot be of as many as were asked for.
  case setCount(Int, states: Int, reason: String)

  /// What was attempted, on what, what was seen and what would be right.
  public var description: String {
    switch self {
    case .repeatedSymbol(let symbol, let first, let second):
      "an alphabet has the symbol \(symbol.debugDescription) at \(first) and at \(second); names must differ"
    case .nondeterministic(let word, let first, let second):
      "the word \(word) was answered \(first) and, asked again, \(second); an automaton can be learnt only from a system "
        + "that always gives the same answer"
    case .noRecordedStates:
      "a partition of states was asked for, but no trial was recorded or left after a choice; give at least one trial"
    case .stateNotFinite(let trial, let step, let unit):
      "the recorded state of trial \(trial) after \(step) symbols is not finite in unit \(unit); states must be finite"
    case .recordOutOfRange(let what, let trial, let step, let value, let count):
      "trial \(trial) has the \(what) \(value) at step \(step); there are \(count), numbered from 0"
    case .clusterCount(let clusters, let states):
      "\(clusters) clusters of \(states) states were asked for; the number must be between 1 and that of the states"
    case .noTransitions(let lag):
      "a Markov chain was to be estimated at a lag of \(lag) steps, but no path has two known states so far apart; give longer "
        + "paths or a shorter lag"
    case .setCount(let count, let states, let reason):
      "\(count) metastable sets of a chain of \(states) states were asked for; \(reason)"
    }
  }
}
