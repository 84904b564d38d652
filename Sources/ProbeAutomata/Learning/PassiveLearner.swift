/// A learner that is given words with labels and asks nothing.
public protocol PassiveLearner {
  /// The name in reports: `RPNI`.
  static var name: String { get }

  /// A machine for a sample.
  ///
  /// What the sample leaves open is closed as the learner says; words without a label are left out.
  ///
  /// - Throws: ``AutomataError`` where the sample contradicts itself or has symbols or labels without a name.
  func learn(from sample: LabelledSample) throws(AutomataError) -> MooreMachine
}
