import CVectorMath
public import ProbeModels

/// Newton's method on F(x) - x = 0, with a line search, for many starts at once.
///
/// Each step solves (J - I) d = -(F(x) - x) and halves d until the residual's 2-norm falls (Dennis & Schnabel,
/// Numerical Methods for Unconstrained Optimization and Nonlinear Equations, 1996, section 6.3). The small systems
/// are eliminated eight at a time; from `krylovSize` on they are solved by GMRES without a Jacobian
/// (``KrylovSteps``). A start that comes so near to a known point that Newton's method is proved to lead there is
/// not finished.
public struct NewtonSolver: Sendable {
  /// The residual's infinity norm at which a start has converged.
  public var tolerance = 1e-13
  /// The most steps.
  public var stepLimit = 60
  /// The most halvings of a step.
  public var halvings = 8
  /// After this many steps in a row that lower the squared residual by less than half, a start has stalled.
  public var patience = 4
  /// The longest step, in units of the square root of the dimension.
  public var longestStep = 2.0
  /// The dimension from which systems are solved by GMRES.
  public var krylovSize = 512

  /// The defaults.
  public init() {}

  /// How a start ended.
  public enum Outcome: Sendable {
    /// The residual is below the tolerance, or no step lowers it further and it is near rounding.
    case converged(state: [Double], steps: Int)
    /// It came within the attraction radius of the known point of this index.
    case joined(known: Int)
    /// No step lowered the residual, or the steps ran out.
    case stalled(state: [Double])
    /// A value became infinite or NaN.
    case diverged
  }

  /// A point that starts may run into.
  public struct Attractor: Sendable {
    /// The point.
    public let state: [Double]
    /// Newton's method from any point nearer than this converges to the point.
    public let radius: Double

    /// A point with its radius.
    public init(state: [Double], radius: Double) {
      self.state = state
      self.radius = radius
    }
  }

  /// Runs every start.
  ///
  /// - Parameters:
  ///   - map: F.
  ///   - starts: `[count, dimension]`.
  ///   - known: points that need not be found again.
  ///   - deflated: points whose neighbourhoods are pushed away from (Farrell, Birkisson & Funke 2015,
  ///     doi:10.1137/140984798: the step becomes d / (1 - grad(log m) d), m = prod(|x - x_i|^-2 + 1)).
  /// - Returns: one outcome a start, in order.
  /// - Complexity: O(steps n³) a start, O(steps products n²) with GMRES.
  public func solve(
    _ map: some DynamicalMap, starts: [Double], known: [Attractor] = [], deflated: [[Double]] = []
  ) -> [Outcome] {
    let n = map.dimension
    let count = n == 0 ? 0 : starts.count / n
    var outcomes = [Outcome](repeating: .diverged, count: count)
    var batch = NewtonBatch(map: map, states: starts, active: Array(0..<count))
    var workspace = DenseWorkspace(size: n < krylovSize ? n : 0)
    var steps = 0
    while !batch.active.isEmpty {
      batch.retire { slowSteps, state, residual, sum in
        if !sum.isFinite { return .diverged }
        if deflated.isEmpty, let index = nearest(state, known) { return .joined(known: index) }
        if residual <= tolerance { return .converged(state: Array(state), steps: steps) }
        return steps >= stepLimit || slowSteps >= patience ? .stalled(state: Array(state)) : nil
      } store: {
        outcomes[$0] = $1
      }
      guard !batch.active.isEmpty else { break }
      let directions = n >= krylovSize ? KrylovSteps().solve(batch, map) : denseSteps(batch, map, &workspace)
      let stuck = batch.advance(
        directions, map: map, solver: self, deflated: deflated)
      for (slot, state, residual) in stuck {
        // At the floor of rounding no step helps: that is convergence.
        let scale = state.reduce(1) { max($0, abs($1)) }
        outcomes[slot] =
          residual <= 64 * Double(n) * 0x1p-53 * scale
          ? .converged(state: state, steps: steps) : .stalled(state: state)
      }
      steps += 1
    }
    return outcomes
  }

  private func nearest(_ state: ArraySlice<Double>, _ known: [Attractor]) -> Int? {
    known.firstIndex { point in
      let limit = point.radius * point.radius
      guard limit > 0 else { return false }
      var sum = 0.0
      var index = state.startIndex
      for value in point.state {
        let difference = state[index] - value
        sum += difference * difference
        if sum >= limit { return false }
        index += 1
      }
      return true
    }
  }

  /// Newton directions of all active starts, eight systems at a time.
  private func denseSteps(
    _ batch: NewtonBatch, _ map: some DynamicalMap, _ workspace: inout DenseWorkspace
  ) -> [Double] {
    let n = map.dimension
    let lanes = Int(RP_LANES)
    let count = batch.active.count
    var directions = [Double](repeating: 0, count: count * n)
    let stride = workspace.stride
    var first = 0
    while first < count {
      let filled = min(lanes, count - first)
      batch.states.withUnsafeBufferPointer { states in
        guard let base = states.baseAddress else { return }
        map.jacobians(at: base + first * n, count: filled, into: &workspace.jacobians)
      }
      workspace.jacobians.withUnsafeBufferPointer { jacobians in
        workspace.systems.withUnsafeMutableBufferPointer { systems in
          guard let from = jacobians.baseAddress, let to = systems.baseAddress else { return }
          interleave(from, size: n, stride: stride, filled: filled, into: to)
        }
      }
      for index in 0..<n {
        for lane in 0..<lanes {
          workspace.right[index * lanes + lane] =
            lane < filled ? -batch.residuals[(first + lane) * n + index] : 0
        }
      }
      let failed = rp_solve8_f64(&workspace.systems, &workspace.right, n, workspace.stride)
      for lane in 0..<filled {
        // A singular system gives no Newton direction: follow the flow instead.
        let usable = failed & (1 << UInt32(lane)) == 0
        for index in 0..<n {
          directions[(first + lane) * n + index] =
            usable ? workspace.right[index * lanes + lane] : batch.residuals[(first + lane) * n + index]
        }
      }
      first += filled
    }
    return directions
  }

  /// J - I of up to eight systems, entry by entry side by side; unused lanes hold the identity.
  ///
  /// `stride` counts the entries from row to row of `systems`.
  private func interleave(
    _ jacobians: UnsafePointer<Double>, size n: Int, stride: Int, filled: Int,
    into systems: UnsafeMutablePointer<Double>
  ) {
    let lanes = Int(RP_LANES)
    for row in 0..<n {
      let target = systems + row * stride * lanes
      for lane in 0..<lanes {
        if lane < filled {
          let source = jacobians + (lane * n + row) * n
          for column in 0..<n { target[column * lanes + lane] = source[column] }
          target[row * lanes + lane] -= 1
        } else {
          for column in 0..<n { target[column * lanes + lane] = column == row ? 1 : 0 }
        }
      }
    }
  }
}

/// Memory for eight systems, kept from step to step.
private struct DenseWorkspace {
  /// `[8, n, n]`.
  var jacobians: [Double]
  /// `[n, stride, 8]`.
  var systems: [Double]
  /// Entries from row to row: odd, so that rows do not fall into the same cache sets.
  let stride: Int
  /// `[n, 8]`.
  var right: [Double]

  init(size n: Int) {
    let lanes = Int(RP_LANES)
    jacobians = Array(repeating: 0, count: lanes * n * n)
    stride = n | 1
    systems = Array(repeating: 0, count: lanes * n * stride)
    right = Array(repeating: 0, count: lanes * n)
  }
}
