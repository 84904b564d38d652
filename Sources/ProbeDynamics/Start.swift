/// Where a search for fixed points begins.
public struct Start: Sendable {
  /// How the state was chosen; the table's column `found_by`.
  public enum Origin: Sendable, Hashable, CustomStringConvertible {
    /// A recorded state, with Gaussian noise of this width in units of the states' spread (0: none).
    case recorded(noise: Double)
    /// The zero state.
    case origin
    /// A point between two fixed points found before.
    case interpolation
    /// Newton's method on the deflated residual, which pushes away from the points found before.
    case deflation
    /// A fresh start, drawn after the search to test it.
    case fresh
    /// Given by the caller.
    case given

    /// The word in the table.
    public var description: String {
      switch self {
      case .recorded(let noise): noise == 0 ? "recorded" : "recorded+noise \(noise)"
      case .origin: "origin"
      case .interpolation: "interpolation"
      case .deflation: "deflation"
      case .fresh: "fresh"
      case .given: "given"
      }
    }
  }

  /// The state.
  public let state: [Double]
  /// How it was chosen.
  public let origin: Origin

  /// A start.
  public init(state: [Double], origin: Origin) {
    self.state = state
    self.origin = origin
  }
}
