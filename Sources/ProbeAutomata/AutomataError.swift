/// Why something could not be done with an automaton or with what answers for one.
public enum AutomataError: Error, Equatable, CustomStringConvertible {
  /// Two symbols of an alphabet have one name.
  case repeatedSymbol(String, first: Int, second: Int)
  /// A system gave two answers to one word.
  case nondeterministic(word: String, first: String, second: String)
  /// A learner was given a word on which its hypothesis and the system agree.
  case notACounterexample(word: String, learner: String, output: String)
  /// A search that looks at states was given a system that shows none.
  case stateless(oracle: String)
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
  /// The probabilities of a state are not a distribution.
  case notADistribution(state: Int, sum: Double)
  /// A listed word has a symbol that the alphabet does not have.
  case symbolOutOfRange(Int, word: Int, symbols: Int, source: String)
  /// A sample gives one word two labels.
  case contradictorySample(word: String, first: String, second: String)
  /// A word of a sample has a label that has no name.
  case unknownLabel(Int, word: Int, labels: Int)
  /// A sample has no words.
  case emptySample(learner: String)
  /// Two states have one name.
  case repeatedState(String)
  /// A transition or a start names a state that there is not.
  case unknownState(String)
  /// A transition reads a symbol that the alphabet does not have.
  case unknownSymbol(String)
  /// A symbol leads twice from one state.
  case repeatedTransition(state: String, symbol: String)
  /// A symbol leads nowhere from a state.
  case missingTransition(state: String, symbol: String)
  /// No state is where words begin.
  case noStart
  /// Two states are where words begin.
  case repeatedStart(String, String)
  /// Two machines that were to be compared read different symbols.
  case differentAlphabets([String], [String])
  /// A text is not of the format that it was read as.
  case unreadableText(format: String, line: Int, reason: String)
  /// A format has no way to write a name.
  case unwritableName(format: String, name: String)
  /// No minimal machine of a size was drawn.
  case noRandomMachine(states: Int, symbols: Int, outputs: Int)
  /// An output of a next-symbol model is an infinity or a NaN.
  case outputNotFinite(output: Int, value: Double)

  /// What was attempted, on what, what was seen and what would be right.
  public var description: String {
    switch self {
    case .repeatedSymbol(let symbol, let first, let second):
      "an alphabet has the symbol \(symbol.debugDescription) at \(first) and at \(second); names must differ"
    case .nondeterministic(let word, let first, let second):
      "the word \(word) was answered \(first) and, asked again, \(second); an automaton can be learnt only from a system "
        + "that always gives the same answer"
    case .notACounterexample(let word, let learner, let output):
      "\(learner) was to learn from the word \(word), but its hypothesis and the system both answer \(output); "
        + "only a word on which they differ corrects it"
    case .stateless(let oracle):
      "\(oracle) looks at the states of a network, and this system shows none (an attention model's state is its whole past); "
        + "leave it out"
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
    case .notADistribution(let state, let sum):
      "the probabilities of state \(state) sum to \(sum); all must lie in [0, 1] and sum to 1"
    case .symbolOutOfRange(let symbol, let word, let symbols, let source):
      "word \(word) of \(source) has the symbol \(symbol); an alphabet of \(symbols) has the symbols below \(symbols)"
    case .contradictorySample(let word, let first, let second):
      "a sample labels the word \(word) both \(first) and \(second); an exact learner needs one label a word (EDSM tolerates noise)"
    case .unknownLabel(let label, let word, let labels):
      "word \(word) of the sample has the label \(label); \(labels) outputs have names, numbered from 0"
    case .emptySample(let learner):
      "\(learner) was given a sample without words; at least one must be drawn"
    case .repeatedState(let name):
      "a machine has two states named \(name.debugDescription); names must differ"
    case .unknownState(let name):
      "a transition or the start names the state \(name.debugDescription), which the machine does not have"
    case .unknownSymbol(let name):
      "a transition reads the symbol \(name.debugDescription), which the alphabet does not have"
    case .repeatedTransition(let state, let symbol):
      "the symbol \(symbol.debugDescription) leads from the state \(state.debugDescription) twice; a deterministic machine "
        + "has one transition for each state and symbol"
    case .missingTransition(let state, let symbol):
      "the symbol \(symbol.debugDescription) leads nowhere from the state \(state.debugDescription); a machine with missing "
        + "transitions needs the output of a sink to be completed"
    case .noStart: "a machine has no start state"
    case .repeatedStart(let first, let second):
      "a machine starts in the state \(first.debugDescription) and in \(second.debugDescription); one start is right"
    case .differentAlphabets(let first, let second):
      "machines over the symbols \(first) and \(second) cannot be compared; the symbols must be the same, in any order"
    case .unreadableText(let format, let line, let reason): "reading \(format), line \(line): \(reason)"
    case .unwritableName(let format, let name):
      "writing \(format): the format has no way to write the name \(name.debugDescription)"
    case .noRandomMachine(let states, let symbols, let outputs):
      "no minimal machine of \(states) states over \(symbols) symbols with \(outputs) outputs was found in 10,000 draws; with no "
        + "symbol or one output there is none of more than one state"
    case .outputNotFinite(let output, let value):
      "the probabilities of the next symbol were asked of a network, but its output \(output) is \(value); logits must be finite"
    }
  }
}
