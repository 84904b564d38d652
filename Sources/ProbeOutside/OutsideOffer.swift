/// What an outside program says of itself in its `hello`.
public struct OutsideOffer: Sendable, Equatable {
  /// What the program calls its model.
  public var name: String
  /// The map from state to state, where it offers one.
  public var map: MapOffer?
  /// The labels of words, where it offers them.
  public var words: WordOffer?

  /// A map that a program offers.
  public struct MapOffer: Sendable, Equatable, Decodable {
    /// The number of state variables.
    public var dimension: Int
    /// The number of input features.
    public var inputs: Int
    /// Whether it answers `jacobian`; otherwise Jacobians are differences.
    public var jacobian: Bool
    /// Whether it answers `input_jacobian`.
    public var inputJacobian: Bool
    /// Whether it answers `states` with states that the model is typically in.
    public var states: Bool
    /// Whether the map is infinitely differentiable.
    public var smooth: Bool
    /// Half-widths of a box around the origin that the map keeps and that holds every fixed point, as the program claims.
    public var box: [Double]?

    private enum CodingKeys: String, CodingKey {
      case dimension, inputs, jacobian, states, smooth, box
      case inputJacobian = "input_jacobian"
    }

    /// Reads an offer; all but the dimension may be left out.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      dimension = try values.decode(Int.self, forKey: .dimension)
      inputs = try values.decodeIfPresent(Int.self, forKey: .inputs) ?? 0
      jacobian = try values.decodeIfPresent(Bool.self, forKey: .jacobian) ?? false
      inputJacobian = try values.decodeIfPresent(Bool.self, forKey: .inputJacobian) ?? false
      states = try values.decodeIfPresent(Bool.self, forKey: .states) ?? false
      smooth = try values.decodeIfPresent(Bool.self, forKey: .smooth) ?? true
      box = try values.decodeIfPresent([Double].self, forKey: .box)
    }
  }

  /// Labels of words that a program offers.
  public struct WordOffer: Sendable, Equatable, Decodable {
    /// The symbols' names.
    public var alphabet: [String]
    /// The outputs' names.
    public var outputs: [String]
  }

  /// A `hello` as it comes, everything optional.
  struct Hello: Decodable {
    var type: String
    var `protocol`: String?
    var version: Int?
    var message: String?
    var name: String?
    var map: MapOffer?
    var words: WordOffer?
  }

  /// What cannot be in an offer, in words; nil where all is well.
  var fault: String? {
    if map == nil && words == nil { return "it offers neither a map nor words" }
    if let map {
      // States of this size go by the hundred into one message.
      if map.dimension < 1 || map.dimension > 1_000_000 {
        return "its map has dimension \(map.dimension); 1 to 1,000,000 can be"
      }
      if map.inputs < 0 || map.inputs > 1_000_000 {
        return "its map has \(map.inputs) inputs; 0 to 1,000,000 can be"
      }
      if let box = map.box {
        if box.count != map.dimension {
          return "its map's box has \(box.count) half-widths for \(map.dimension) state variables"
        }
        if let width = box.first(where: { !($0 >= 0) || !$0.isFinite }) {
          return "its map's box has the half-width \(width); all must be finite and at least 0"
        }
      }
    }
    if let words, words.alphabet.isEmpty || words.outputs.isEmpty {
      return
        "its words have \(words.alphabet.count) symbols and \(words.outputs.count) outputs; each needs one"
    }
    return nil
  }
}
