/// The multilayer perceptron of a block: `down(act(up x))`, or gated: `down(act(gate x) * up x)`.
///
/// Shazeer, GLU variants improve Transformer, arXiv 2002.05202, for the gated form.
public struct MLPLayer: Sendable {
  /// `[hidden, width]`.
  public let up: LinearLayer
  /// `[hidden, width]`, or nil.
  public let gate: LinearLayer?
  /// `[width, hidden]`.
  public let down: LinearLayer
  /// The nonlinearity.
  public let activation: Activation

  /// A perceptron.
  public init(up: LinearLayer, gate: LinearLayer? = nil, down: LinearLayer, activation: Activation) {
    self.up = up
    self.gate = gate
    self.down = down
    self.activation = activation
  }

  /// The number of hidden units.
  public var hiddenSize: Int { up.weight.outputs }
}
