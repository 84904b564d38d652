import ProbeModels

/// The starts that are still running, packed.
struct NewtonBatch {
  /// `[active, dimension]`.
  private(set) var states: [Double]
  /// F(x) - x, `[active, dimension]`.
  private(set) var residuals: [Double]
  /// The starts' numbers.
  private(set) var active: [Int]
  /// Steps in a row, by start, that lowered the squared residual by less than half.
  private var slowSteps: [Int]
  private let dimension: Int

  init(map: some DynamicalMap, states: [Double], active: [Int]) {
    self.states = states
    self.active = active
    slowSteps = Array(repeating: 0, count: active.count)
    dimension = map.dimension
    residuals = Self.residuals(map, states, count: active.count)
  }

  static func residuals(_ map: some DynamicalMap, _ states: [Double], count: Int) -> [Double] {
    var result = [Double](repeating: 0, count: states.count)
    map.apply(states, count: count, into: &result)
    for index in result.indices { result[index] -= states[index] }
    return result
  }

  /// Removes the starts for which `decide` gives an outcome.
  ///
  /// `decide` maps (steps in a row that hardly helped, state, infinity norm and squared 2-norm of the residual) to an
  /// outcome or nil; `store` takes a start and its outcome.
  mutating func retire(
    _ decide: (Int, ArraySlice<Double>, Double, Double) -> NewtonSolver.Outcome?,
    store: (Int, NewtonSolver.Outcome) -> Void
  ) {
    var kept = 0
    for position in active.indices {
      let range = position * dimension..<(position + 1) * dimension
      var largest = 0.0
      var sum = 0.0
      for index in range {
        largest = max(largest, abs(residuals[index]))
        sum += residuals[index] * residuals[index]
      }
      if let outcome = decide(slowSteps[active[position]], states[range], largest, sum) {
        store(active[position], outcome)
      } else {
        move(position, to: kept)
        kept += 1
      }
    }
    truncate(to: kept)
  }

  /// Steps along the directions, halving each step until the (deflated) residual falls.
  ///
  /// - Returns: the starts that no step helped, with their states and residuals' infinity norms; they are removed.
  mutating func advance(
    _ directions: [Double], map: some DynamicalMap, solver: NewtonSolver, deflated: [[Double]]
  ) -> [(slot: Int, state: [Double], residual: Double)] {
    let n = dimension
    let count = active.count
    var lengths = [Double](repeating: 1, count: count)
    let limit = solver.longestStep * Double(n).squareRoot()
    var merits = [Double](repeating: 0, count: count)
    for position in 0..<count {
      let direction = directions[position * n..<(position + 1) * n]
      let state = states[position * n..<(position + 1) * n]
      var squared = 0.0
      for value in direction { squared += value * value }
      let deflation = Deflation.evaluate(state, direction: direction, points: deflated)
      lengths[position] = deflation.factor
      let length = squared.squareRoot() * abs(deflation.factor)
      if length > limit { lengths[position] *= limit / length }
      merits[position] = deflation.multiplier * squaredNorm(residuals, position)
    }
    var pending = Array(0..<count)
    var trials = [Double](repeating: 0, count: count * n)
    var halvings = 0
    while !pending.isEmpty && halvings <= solver.halvings {
      for (row, position) in pending.enumerated() {
        for index in 0..<n {
          trials[row * n + index] =
            states[position * n + index] + lengths[position] * directions[position * n + index]
        }
      }
      let size = pending.count * n
      var values = [Double](repeating: 0, count: size)
      map.apply(trials, count: pending.count, into: &values)
      var rest: [Int] = []
      for (row, position) in pending.enumerated() {
        var sum = 0.0
        for index in 0..<n {
          values[row * n + index] -= trials[row * n + index]
          sum += values[row * n + index] * values[row * n + index]
        }
        let multiplier = Deflation.multiplier(trials[row * n..<(row + 1) * n], points: deflated)
        // Armijo's condition on the squared norm, with the customary constant 1e-4.
        if multiplier * sum <= (1 - 2e-4 * min(1, abs(lengths[position]))) * merits[position] {
          slowSteps[active[position]] =
            multiplier * sum > merits[position] / 2 ? slowSteps[active[position]] + 1 : 0
          for index in 0..<n {
            states[position * n + index] = trials[row * n + index]
            residuals[position * n + index] = values[row * n + index]
          }
        } else {
          lengths[position] /= 2
          rest.append(position)
        }
      }
      pending = rest
      halvings += 1
    }
    let stuck = pending.map { position in
      (
        active[position], Array(states[position * n..<(position + 1) * n]),
        residuals[position * n..<(position + 1) * n].reduce(0) { max($0, abs($1)) }
      )
    }
    let stuckSet = Set(pending)
    var kept = 0
    for position in 0..<count where !stuckSet.contains(position) {
      move(position, to: kept)
      kept += 1
    }
    truncate(to: kept)
    return stuck
  }

  private func squaredNorm(_ values: [Double], _ position: Int) -> Double {
    var sum = 0.0
    for index in position * dimension..<(position + 1) * dimension { sum += values[index] * values[index] }
    return sum
  }

  private mutating func move(_ from: Int, to: Int) {
    guard from != to else { return }
    active[to] = active[from]
    for index in 0..<dimension {
      states[to * dimension + index] = states[from * dimension + index]
      residuals[to * dimension + index] = residuals[from * dimension + index]
    }
  }

  private mutating func truncate(to count: Int) {
    active.removeLast(active.count - count)
    states.removeLast(states.count - count * dimension)
    residuals.removeLast(residuals.count - count * dimension)
  }
}

/// m(x)² with m = prod(|x - x_i|^-2 + 1), and how it changes Newton's step.
enum Deflation {
  static func evaluate(
    _ state: ArraySlice<Double>, direction: ArraySlice<Double>, points: [[Double]]
  ) -> (factor: Double, multiplier: Double) {
    var slope = 0.0
    for point in points {
      var squared = 0.0
      var along = 0.0
      for (offset, value) in point.enumerated() {
        let difference = state[state.startIndex + offset] - value
        squared += difference * difference
        along += difference * direction[direction.startIndex + offset]
      }
      // grad log(|e|^-2 + 1) = -2 e / (|e|^2 (1 + |e|^2)).
      if squared > 0 { slope -= 2 * along / (squared * (1 + squared)) }
    }
    let factor = 1 / (1 - slope)
    return (factor.isFinite && factor != 0 ? factor : 1, multiplier(state, points: points))
  }

  static func multiplier(_ state: ArraySlice<Double>, points: [[Double]]) -> Double {
    var product = 1.0
    for point in points {
      var squared = 0.0
      for (offset, value) in point.enumerated() {
        let difference = state[state.startIndex + offset] - value
        squared += difference * difference
      }
      let factor = 1 / squared + 1
      product *= factor * factor
    }
    return product
  }
}
