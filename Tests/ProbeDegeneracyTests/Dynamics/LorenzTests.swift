import ComplexModule
import ProbeDegeneracy
import ProbeLinearAlgebra
import Testing

/// The benchmark of KoopSTD (Zhang et al., ICML 2025) for delay-embedded spectra, as dsa-metric's authors redid it.
///
/// Lorenz's system at five ρ, clips of 20 time units, every 0.01; each clip standardised; 70 delays, rank 6. They report a
/// silhouette of 0.96 on 20 clips a ρ. Two of their five ρ have a fixed point, where a standardised clip is the integrator's noise.
@Suite("Lorenz's system at five parameters")
struct LorenzTests {
  /// Clips of `[2,000, 3]` after 300 time units, by Runge-Kutta steps of 0.005.
  private func clips(_ rho: Double, count: Int) -> [Matrix<Double>] {
    var state = SIMD4(-8.0, 8, 27, 0)
    func rate(_ s: SIMD4<Double>) -> SIMD4<Double> {
      SIMD4(10 * (s.y - s.x), s.x * (rho - s.z) - s.y, s.x * s.y - 8 / 3 * s.z, 0)
    }
    func step() {
      let h = 0.005
      let a = rate(state)
      let b = rate(state + h / 2 * a)
      let c = rate(state + h / 2 * b)
      let d = rate(state + h * c)
      let slope: SIMD4<Double> = a + 2 * b + 2 * c + d
      state += h / 6 * slope
    }
    for _ in 0..<60_000 { step() }
    return (0..<count).map { _ in
      var elements: [Double] = []
      for _ in 0..<2_000 {
        elements += [state.x, state.y, state.z]
        step()
        step()
      }
      return Matrix(rows: 2_000, columns: 3, elements: elements)
    }
  }

  private func standardized(_ clip: Matrix<Double>) -> Matrix<Double> {
    var result = clip
    for column in 0..<clip.columns {
      let values = (0..<clip.rows).map { clip[$0, column] }
      let mean = values.reduce(0, +) / Double(values.count)
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
        .squareRoot()
      for row in 0..<clip.rows {
        result[row, column] = deviation > 0 ? (clip[row, column] - mean) / deviation : 0
      }
    }
    return result
  }

  private var options: DelayDMD.Options {
    var options = DelayDMD.Options()
    options.embedding = DelayEmbedding(delays: 70)
    options.rank = .fixed(6)
    return options
  }

  @Test("spectra of the three regimes that move form groups")
  func silhouette() throws {
    let rhos = [152.0, 220, 75]
    let count = 6
    let spectra = try rhos.flatMap {
      try clips($0, count: count).map { try DelayDMD([standardized($0)], options: options).eigenvalues }
    }
    var distances = Matrix<Double>(rows: spectra.count, columns: spectra.count)
    for i in spectra.indices {
      for j in spectra.indices { distances[i, j] = try SpectrumDistance()(spectra[i], spectra[j]) }
    }
    // Rousseeuw 1987: (b - a) / max(a, b), a the mean distance within the group, b that to the nearest other one.
    var total = 0.0
    for i in spectra.indices {
      let means = rhos.indices.map { group in
        let members = (group * count..<(group + 1) * count).filter { $0 != i }
        return members.reduce(0) { $0 + distances[i, $1] } / Double(members.count)
      }
      let own = means[i / count]
      let nearest = means.enumerated().filter { $0.offset != i / count }.map(\.element).min() ?? .nan
      total += (nearest - own) / max(own, nearest)
    }
    #expect(total / Double(spectra.count) >= 0.9)
  }

  @Test("a system at rest is called near-constant before anyone standardises it")
  func atRest() throws {
    let warnings = try DelayDMD(clips(10, count: 1), options: options).warnings
    #expect(warnings.contains { $0.hasPrefix("3 of 3 channels are near-constant") })
  }
}
