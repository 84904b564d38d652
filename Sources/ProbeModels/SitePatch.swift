public import ProbeLinearAlgebra

/// Puts recorded values in the place of a model's own: activation patching.
public struct SitePatch: Intervention {
  /// The site that is edited.
  public let sites: [Int]
  private let values: Tensor<Float>
  private let isPatched: @Sendable (Int) -> Bool

  /// Patches one site.
  ///
  /// - Parameters:
  ///   - site: the position in the model's sites.
  ///   - values: `[trial, time, element]`; a step that holds NaN, or lies beyond the extents, is left as it is.
  ///   - steps: the steps that are patched.
  public init(site: Int, values: Tensor<Float>, steps: @escaping @Sendable (Int) -> Bool = { _ in true }) {
    precondition(values.shape.count == 3, "values are [trial, time, element]")
    sites = [site]
    self.values = values
    isPatched = steps
  }

  /// Copies the recorded values of the steps.
  public func edit<Scalar: BLASScalar>(
    _ target: UnsafeMutableBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
  ) {
    let width = values.shape[2]
    guard trial < values.shape[0], target.count == steps.count * width else { return }
    for step in steps where step < values.shape[1] && isPatched(step) {
      let source = (trial * values.shape[1] + step) * width
      guard width > 0, !values.elements[source].isNaN else { continue }
      for index in 0..<width {
        target[(step - steps.lowerBound) * width + index] = Scalar(values.elements[source + index])
      }
    }
  }
}
