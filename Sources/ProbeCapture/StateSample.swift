internal import ProbeHDF5
public import ProbeLinearAlgebra

/// States drawn from a capture.
public struct StateSample: Sendable, Equatable {
  /// `[count, state]`: the sites one after the other.
  public let states: Tensor<Double>
  /// The trial of each state.
  public let trials: [Int]
  /// The time step of each state.
  public let steps: [Int]
}

extension CaptureReader {
  /// Draws states uniformly, without repetition, over all valid steps of the trials that are done.
  ///
  /// Only the chunks that hold a drawn step are read.
  ///
  /// - Parameters:
  ///   - count: how many; all of them where the capture holds fewer.
  ///   - seed: of the draw.
  ///   - sites: whose values make up a state; the state sites in the order of the state vector by default.
  ///   - steps: where given, only these steps of each trial are drawn from.
  /// - Returns: the states in order of trial and step.
  /// - Throws: ``CaptureError/site(pattern:known:)`` where the capture has no state site.
  public func sampleStates(
    count: Int, seed: UInt64, sites: [String]? = nil, steps: Range<Int>? = nil
  ) throws(CaptureError) -> StateSample {
    let names = sites ?? metadata.stateSites.map(\.name)
    var chosen: [CapturedSite] = []
    for name in names {
      guard let site = metadata.site(SiteGlob.withoutHooks(name)) else {
        throw .site(pattern: name, known: metadata.sites.map(\.name))
      }
      chosen.append(site)
    }
    if chosen.isEmpty { throw .site(pattern: "*.hidden", known: metadata.sites.map(\.name)) }
    let window = steps ?? 0..<metadata.steps
    try checkRange(window, within: metadata.steps, "steps")
    let positions = draw(count, window: window, seed: seed)
    let width = chosen.reduce(0) { $0 + $1.elementCount }
    var states = [Double](repeating: 0, count: positions.count * width)
    var column = 0
    for site in chosen {
      try gather(site, positions, into: &states, width: width, column: column)
      column += site.elementCount
    }
    return StateSample(
      states: Tensor(shape: [positions.count, width], elements: states), trials: positions.map(\.trial),
      steps: positions.map(\.step))
  }

  /// Floyd's algorithm (Bentley and Floyd 1987, doi:10.1145/30401.315746): memory for the drawn ones alone.
  private func draw(_ count: Int, window: Range<Int>, seed: UInt64) -> [(trial: Int, step: Int)] {
    let counts = metadata.lengths.indices.map { trial in
      metadata.done[trial] ? window.clamped(to: 0..<metadata.lengths[trial]).count : 0
    }
    let population = counts.reduce(0, +)
    var generator = RandomGenerator(seed: seed)
    var drawn = Set<Int>()
    for candidate in max(0, population - count)..<population {
      let index = generator.integer(below: candidate + 1)
      if !drawn.insert(index).inserted { drawn.insert(candidate) }
    }
    var positions: [(trial: Int, step: Int)] = []
    positions.reserveCapacity(drawn.count)
    var (trial, start) = (0, 0)
    for index in drawn.sorted() {
      while index >= start + counts[trial] {
        start += counts[trial]
        trial += 1
      }
      positions.append((trial, window.lowerBound + index - start))
    }
    return positions
  }

  /// Copies one site's values of the drawn steps, reading at most a chunk's steps at a time.
  private func gather(
    _ site: CapturedSite, _ positions: [(trial: Int, step: Int)], into states: inout [Double], width: Int,
    column: Int
  ) throws(CaptureError) {
    let count = site.elementCount
    let span = max(1, site.chunk?[1] ?? 256)
    try reading { () throws(HDF5Error) in
      // One open dataset keeps its last chunk decompressed for the next trial that shares it.
      let dataset = try file.dataset("sites/\(site.name)")
      let inner = site.shape.map { _ in 0 }
      var first = 0
      while first < positions.count {
        let (trial, step) = positions[first]
        var end = first
        while end < positions.count, positions[end].trial == trial, positions[end].step / span == step / span
        {
          end += 1
        }
        let steps = positions[end - 1].step + 1 - step
        let values = try dataset.readFloats(
          start: [trial, step] + inner, counts: [1, steps] + site.shape, dtype: site.dtype, as: Double.self)
        for index in first..<end {
          let source = (positions[index].step - step) * count
          for element in 0..<count { states[index * width + column + element] = values[source + element] }
        }
        first = end
      }
    }
  }
}
