/// Regular positive and negative inference, for any number of labels.
///
/// Prefixes of the sample are taken by length and then by symbols; each is merged into the first state with which it agrees on
/// all labels, or becomes a state. From a sample that holds a characteristic one the minimal machine comes back exactly, whatever
/// else it holds and in whatever order. Oncina and García, "Inferring regular languages in polynomial updated time", Pattern
/// Recognition and Image Analysis (1992) 49; Moore outputs as in Giantamidis, Saidi and Tripakis, "Learning Moore machines
/// from input-output traces", STTT 23 (2021) 1, doi:10.1007/s10009-019-00544-0.
///
/// - Complexity: O(states² * symbols) folds, most of which fail after a few prefixes.
public struct RPNI: PassiveLearner {
  /// The name in reports.
  public static let name = "RPNI"

  /// The output of states no labelled word ends in, and of the state that symbols lead to of which the sample says nothing.
  public var unlabelledOutput: Int32

  /// A learner.
  public init(unlabelledOutput: Int32 = 0) { self.unlabelledOutput = unlabelledOutput }

  /// A machine that agrees with the sample.
  ///
  /// - Throws: ``AutomataError`` where the sample contradicts itself or has symbols or labels without a name.
  public func learn(from sample: LabelledSample) throws(AutomataError) -> MooreMachine {
    var labels = try LabelForest(sample, isExact: true)
    while let blue = labels.forest.firstBlue() {
      var isMerged = false
      for state in labels.forest.red {
        if labels.forest.fold(blue, into: state, accept: LabelForest.agree) {
          labels.forest.keep()
          isMerged = true
          break
        }
        labels.forest.undo()
      }
      if !isMerged { labels.forest.promote(blue) }
    }
    return labels.machine(unlabelled: unlabelledOutput)
  }
}
