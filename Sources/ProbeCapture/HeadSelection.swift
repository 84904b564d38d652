internal import ProbeLinearAlgebra
internal import ProbeModels

/// Keeps some heads of the sites that have one value, or row of values, a query head.
struct HeadSelection {
  /// The heads that are kept, ascending.
  let heads: [Int]
  /// The query heads of the model: sites of as many have them as their first axis.
  let count: Int

  /// - Throws: ``CaptureError/range(file:fault:)`` for a head that there is not.
  init(_ heads: [Int], sites: [Site]) throws(CaptureError) {
    count = sites.first { $0.axes.first == "head" && $0.role == .summary }?.shape.first ?? 0
    let count = count
    if let wrong = heads.first(where: { !(0..<count).contains($0) }) {
      throw .range(file: "the model", fault: "there is no head \(wrong); its layers have \(count)")
    }
    self.heads = Array(Set(heads)).sorted()
  }

  /// Whether a site is narrowed.
  func applies(to site: Site) -> Bool { site.axes.first == "head" && site.shape.first == count }

  /// The site as the capture holds it.
  func narrowed(_ site: Site) -> Site {
    guard applies(to: site) else { return site }
    return Site(
      name: site.name, axes: site.axes, shape: [heads.count] + site.shape.dropFirst(), role: site.role,
      units: site.units, isInteger: site.isInteger)
  }
}

/// Hands the chosen heads on.
struct HeadSelectingRecorder<Base: Recorder>: Recorder {
  var base: Base
  let selection: HeadSelection
  /// By position in the plan: the values of one head, where the site is narrowed.
  let widths: [Int: Int]

  mutating func record<Scalar: BLASScalar>(
    _ values: UnsafeBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
  ) throws {
    guard let width = widths[site] else {
      return try base.record(values, site: site, trial: trial, steps: steps)
    }
    var kept: [Scalar] = []
    kept.reserveCapacity(steps.count * selection.heads.count * width)
    for row in 0..<steps.count {
      for head in selection.heads {
        let start = (row * selection.count + head) * width
        kept.append(contentsOf: values[start..<start + width])
      }
    }
    try kept.withUnsafeBufferPointer { try base.record($0, site: site, trial: trial, steps: steps) }
  }

  mutating func end(trial: Int, generated: [Int]) throws { try base.end(trial: trial, generated: generated) }
}
