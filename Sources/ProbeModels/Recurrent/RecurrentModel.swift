public import ProbeLinearAlgebra

/// A stack of recurrent layers with an optional token embedding and an optional linear readout.
public struct RecurrentModel: SequenceModel {
  /// One layer: a cell, and a second one that reads the sequence backwards where the layer is bidirectional.
  public struct Layer: Sendable {
    /// Reads from the first step to the last.
    public let forward: any RecurrentCell
    /// Reads from the last step to the first, or nil.
    public let reverse: (any RecurrentCell)?

    /// A layer.
    public init(forward: any RecurrentCell, reverse: (any RecurrentCell)? = nil) {
      self.forward = forward
      self.reverse = reverse
    }

    /// What the next layer sees: the hidden values of both directions.
    public var outputSize: Int { forward.hiddenSize + (reverse?.hiddenSize ?? 0) }
  }

  /// A linear readout `W h + b` of the last layer.
  public struct Readout: Sendable {
    /// `[output, hidden]`.
    public let weight: Matrix<Double>
    /// `[output]`, or nil.
    public let bias: [Double]?

    /// A readout.
    public init(weight: Matrix<Double>, bias: [Double]?) {
      self.weight = weight
      self.bias = bias
    }
  }

  /// Who the model is.
  public let identity: ModelIdentity
  /// The layers, lowest first.
  public let layers: [Layer]
  /// `[vocabulary, features]`: turns tokens into inputs.
  public let embedding: Matrix<Double>?
  /// What the model says.
  public let readout: Readout?
  /// Every place that can be observed.
  public let sites: [Site]
  /// The sites of the state.
  public let stateSites: [Int]
  let places: [SitePlace]

  /// Stacks layers.
  ///
  /// - Throws: ``ModelError/weights(file:fault:)`` if the sizes of the parts do not follow one another.
  public init(
    identity: ModelIdentity, layers: [Layer], embedding: Matrix<Double>? = nil, readout: Readout? = nil
  ) throws(ModelError) {
    func fault(_ text: String) -> ModelError { .weights(file: identity.source, fault: text) }
    guard let first = layers.first else { throw fault("it has no recurrent layer") }
    if let embedding, embedding.columns != first.forward.inputSize {
      throw fault(
        "the embedding gives \(embedding.columns) features, the first layer reads \(first.forward.inputSize)")
    }
    for (index, layer) in layers.enumerated() {
      if index > 0 && layer.forward.inputSize != layers[index - 1].outputSize {
        throw fault(
          "layer \(index) reads \(layer.forward.inputSize) features, layer \(index - 1) gives "
            + "\(layers[index - 1].outputSize)")
      }
      if let reverse = layer.reverse, reverse.inputSize != layer.forward.inputSize {
        throw fault("the two directions of layer \(index) read different numbers of features")
      }
    }
    if let readout, readout.weight.columns != layers[layers.count - 1].outputSize {
      throw fault(
        "the readout reads \(readout.weight.columns) values, the last layer gives "
          + "\(layers[layers.count - 1].outputSize)")
    }
    self.identity = identity
    self.layers = layers
    self.embedding = embedding
    self.readout = readout
    let (sites, places) = Self.describeSites(layers: layers, readout: readout)
    self.sites = sites
    self.places = places
    stateSites = sites.indices.filter { sites[$0].role == .state }
  }

  /// Tokens where there is an embedding, else vectors.
  public var input: InputKind {
    embedding.map { .tokens(vocabulary: $0.rows) } ?? .values(features: layers[0].forward.inputSize)
  }

  /// Whether some layer reads the sequence backwards: such a model is no map of a state.
  public var isBidirectional: Bool { layers.contains { $0.reverse != nil } }

  /// The number of scalars of the whole forward state: per layer hidden, then cell, layers ascending.
  public var stateSize: Int { layers.reduce(0) { $0 + $1.forward.stateSize } }

  /// Input vectors for tokens: the embedding's row; the vector itself for models that read values.
  public func inputVector(token: Int) -> [Double]? {
    guard let embedding, embedding.rows > token, token >= 0 else { return nil }
    return Array(embedding.row(token))
  }
}
