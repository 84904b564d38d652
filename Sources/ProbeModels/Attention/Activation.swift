/// The nonlinearity of a multilayer perceptron.
public enum Activation: String, Sendable {
  /// x Phi(x).
  case gelu
  /// The tanh approximation of x Phi(x) (Hendrycks and Gimpel, arXiv 1606.08415).
  case geluTanh
  /// x sigmoid(1.702 x).
  case quickGelu
  /// x sigmoid(x).
  case silu
  /// max(x, 0).
  case relu
  /// tanh.
  case tanh

  /// The activation that a configuration's `hidden_act` or `activation_function` names.
  init?(configurationName name: String) {
    switch name {
    case "gelu", "gelu_python": self = .gelu
    case "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_python_tanh": self = .geluTanh
    case "quick_gelu": self = .quickGelu
    case "silu", "swish": self = .silu
    case "relu": self = .relu
    case "tanh": self = .tanh
    default: return nil
    }
  }

  /// The names that a configuration may use.
  static let configurationNames =
    "gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, quick_gelu, silu, swish, relu, tanh"
}
