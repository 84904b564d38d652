import ProbeDynamics
import ProbeLinearAlgebra
import ProbeModels

/// A map x -> F(x) of one layer without input.
func map(of cell: some RecurrentCell) throws -> RecurrentMap {
  let identity = ModelIdentity(
    family: cell.family, name: "test", configuration: "", source: "test", sha256: "")
  return try RecurrentMap(
    RecurrentModel(identity: identity, layers: [RecurrentModel.Layer(forward: cell)]), input: [])
}

/// h' = tanh(U h + b).
func tanhMap(_ weight: Matrix<Double>, bias: [Double]? = nil) throws -> RecurrentMap {
  try map(
    of: ElmanCell(
      inputWeight: Matrix(rows: weight.rows, columns: 0), recurrentWeight: weight, bias: bias,
      nonlinearity: .tanh))
}

/// z' = A z + W relu(z) + h, the last `rectified` units rectified.
func piecewiseLinearMap(
  _ diagonal: [Double], _ weight: Matrix<Double>, _ bias: [Double], rectified: Int? = nil
) throws -> RecurrentMap {
  try map(
    of: PLRNNCell(
      diagonal: diagonal, weight: weight, inputWeight: Matrix(rows: diagonal.count, columns: 0), bias: bias,
      rectifiedUnits: rectified ?? diagonal.count))
}

/// x' = J x + b.
func linearMap(_ jacobian: Matrix<Double>, bias: [Double]? = nil) throws -> RecurrentMap {
  let n = jacobian.rows
  return try piecewiseLinearMap(
    Array(repeating: 0, count: n), jacobian, bias ?? Array(repeating: 0, count: n), rectified: 0)
}

/// N bits that remember themselves: h_i' = tanh(2 h_i).
func separableFlipFlop(bits: Int) throws -> RecurrentMap {
  var weight = Matrix<Double>.identity(bits)
  for index in weight.elements.indices { weight.elements[index] *= 2 }
  return try tanhMap(weight)
}

/// The positive root of x = tanh(2 x), to 25 digits 0.9575040240772687406765015 (mpmath's findroot with 40 digits).
let flipFlopRoot = 0.9575040240772687
/// 2 (1 - x²) there.
let flipFlopEigenvalue = 0.16637208775167433

/// States drawn uniformly from a cube around the origin.
func uniformStates(count: Int, dimension: Int, halfWidth: Double, seed: UInt64) -> Matrix<Double> {
  var random = RandomGenerator(seed: seed)
  return Matrix(
    rows: count, columns: dimension,
    elements: (0..<count * dimension).map { _ in random.uniform(-halfWidth, halfWidth) })
}

/// Starts drawn uniformly from a cube around the origin.
func starts(count: Int, dimension: Int, halfWidth: Double = 1.2, seed: UInt64 = 1) -> [Start] {
  let states = uniformStates(count: count, dimension: dimension, halfWidth: halfWidth, seed: seed)
  return (0..<count).map { Start(state: Array(states.row($0)), origin: .given) }
}

/// The Euclidean distance.
func distance(_ a: [Double], _ b: [Double]) -> Double {
  euclideanNorm(zip(a, b).map { $0 - $1 })
}

/// The fixed point at a state, analysed as if the search had found it.
func fixedPoint(
  _ map: RecurrentMap, at state: [Double], options: NeighbourhoodOptions = NeighbourhoodOptions()
) throws -> FixedPoint {
  try FixedPoint(map, state: state, origin: .given, norms: WeightNorms(), options: options)
}
