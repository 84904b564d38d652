/// Why a model could not be built or run.
public enum ModelError: Error, Equatable, CustomStringConvertible {
  /// The batch does not fit the model.
  case batch(model: String, fault: String)
  /// A tensor is missing, or has the wrong shape.
  case weights(file: String, fault: String)
  /// What was asked of the model is not among its sites.
  case site(name: String, known: [String])
  /// The choice of cell, prefix or tensor names is not clear, or not possible.
  case choice(file: String, fault: String)
  /// The model's answers cannot be differentiated by its parameters.
  case derivative(model: String, fault: String)

  /// What was attempted, on what, what was seen, what would be right.
  public var description: String {
    switch self {
    case .batch(let model, let fault): "cannot run \(model): \(fault)"
    case .weights(let file, let fault): "cannot build a model from \(file): \(fault)"
    case .site(let name, let known):
      "no site matches '\(name)'; this model has \(known.joined(separator: ", "))"
    case .choice(let file, let fault): "cannot build a model from \(file): \(fault)"
    case .derivative(let model, let fault): "cannot differentiate \(model) by its parameters: \(fault)"
    }
  }
}
