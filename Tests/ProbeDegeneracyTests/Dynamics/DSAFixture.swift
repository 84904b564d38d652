import ComplexModule
import Foundation
import ProbeLinearAlgebra

/// What dsa-metric 2.0.1 and SciPy say, by scripts/fixtures/make_dsa_fixtures.py.
struct DSAFixture: Decodable {
  struct Model: Decodable {
    struct Errors: Decodable { let meanAbsolute, meanAbsoluteScaled, determination, akaike: Double }

    let data, delays, interval, rank: Int
    let ridge: Double
    let singularValues: [Double]
    let eigenvalues: [[Double]]
    let absoluteOperator: [Double]
    let errors: Errors
  }
  struct ReducedRank: Decodable {
    let delays, rank: Int
    let eigenvalues: [[Double]]
  }
  struct Padded: Decodable {
    let first, second: [Double]
    let squared: Double
  }
  struct Alignment: Decodable {
    let size: Int
    let first, second: [Double]
    let euclidean, angular: Double
  }
  struct Controlled: Decodable {
    let states, inputs: [[Double]]
    let distance, angle, stateDistance, inputDistance: Double
  }

  let trials, steps, units: Int
  let data: [[Double]]
  let models: [Model]
  let reducedRank: ReducedRank
  let wasserstein: Double
  let padded: Padded
  let alignments: [Alignment]
  let controlled: Controlled

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/dsa.json")
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }

  /// One network's trials, each `[steps, units]`.
  func trajectories(_ network: Int) -> [Matrix<Double>] {
    (0..<trials).map {
      Matrix(
        rows: steps, columns: units,
        elements: Array(data[network][$0 * steps * units..<($0 + 1) * steps * units]))
    }
  }
}

/// [real, imaginary] pairs as numbers.
func complex(_ pairs: [[Double]]) -> [Complex<Double>] { pairs.map { Complex($0[0], $0[1]) } }
