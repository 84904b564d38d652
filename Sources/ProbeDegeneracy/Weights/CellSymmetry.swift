/// Which exchanges of units leave what a recurrent network computes unchanged.
public enum CellSymmetry: String, Sendable, CaseIterable {
  /// Units may be exchanged: every cell.
  case permutations
  /// Units may be exchanged and change sign: tanh and other odd activations; GRU and LSTM too, whose gates see
  /// the sign taken back by the columns that read the state.
  case signedPermutations = "signed_permutations"
  /// Units may be exchanged and scaled by positive numbers: ReLU. Each network is brought to its balanced form
  /// first, in which every unit's incoming and outgoing weights have the same norm; then units are exchanged.
  case scaledPermutations = "scaled_permutations"
}
