import Glibc
import ProbeLinearAlgebra

/// Path integration: the position, given the heading and the speed at every step.
///
/// Huang et al., arXiv 2410.03972: inputs (heading, speed), or (azimuth, elevation, speed) in three dimensions;
/// targets the position, within [-5, 5] on each axis. The walk starts at the origin, its heading drifts by
/// normally distributed turns, and a step that would leave the box has the offending component of its direction
/// mirrored. The input is the mirrored heading: the position is always the sum of the displacements given.
public struct PathIntegration: SequenceTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "path-integration", summary: "Integrate headings and speeds into a position.",
    inputs: "heading in radians, (-pi, pi], and the distance moved; in 3-D azimuth, elevation and distance",
    targets: "the position after the step, one output an axis, starting from the origin",
    labels: nil, source: "Huang et al., arXiv 2410.03972",
    parameters: [
      TaskParameter("dimensions", "2", "2 or 3"),
      TaskParameter("speed", "0.2", "the largest distance of a step; distances are uniform from 0 to it"),
      TaskParameter("turn", "0.5", "the standard deviation of a step's turn, radians"),
      TaskParameter("box", "5", "half the side of the box"),
    ],
    steps: 100, score: .meanSquaredError(threshold: 0.05))

  /// The parameters given.
  public let parameters: TaskParameters
  /// Trials, steps and seed.
  public let plan: TrialPlan
  /// 2 or 3.
  public let dimensions: Int
  /// The largest distance of a step.
  public let speed: Double
  /// The standard deviation of a step's turn, radians.
  public let turn: Double
  /// Half the side of the box.
  public let box: Double

  /// Builds the task.
  public init(_ parameters: TaskParameters) throws(TaskError) {
    self.parameters = parameters
    plan = try TrialPlan(parameters)
    dimensions = try parameters.integer("dimensions", in: 2...3)
    box = try parameters.number("box", in: 1e-9...1e9)
    speed = try parameters.number("speed", in: 0...box)
    turn = try parameters.number("turn", in: 0...1e3)
  }

  /// One or two angles, and the distance.
  public var input: TaskInput { .values(features: dimensions) }
  /// One output an axis.
  public var outputSize: Int { dimensions }

  /// The trial of the given index.
  public func trial(_ index: Int) -> Trial {
    var random = plan.generator(of: index)
    var inputs = Tensor(shape: [plan.steps, dimensions], repeating: 0.0)
    var targets = inputs
    var position = Array(repeating: 0.0, count: dimensions)
    var azimuth = random.uniform(-.pi, .pi)
    var elevation = dimensions == 3 ? asin(random.uniform(-1, 1)) : 0
    for step in 0..<plan.steps {
      azimuth += turn * random.normal()
      if dimensions == 3 { elevation += turn * random.normal() }
      let distance = random.uniform(0, speed)
      var direction = [cos(azimuth) * cos(elevation), sin(azimuth) * cos(elevation)]
      if dimensions == 3 { direction.append(sin(elevation)) }
      for axis in 0..<dimensions {
        if abs(position[axis] + distance * direction[axis]) > box { direction[axis].negate() }
        position[axis] += distance * direction[axis]
        targets.elements[step * dimensions + axis] = position[axis]
      }
      azimuth = atan2(direction[1], direction[0])
      inputs.elements[step * dimensions] = azimuth
      if dimensions == 3 {
        elevation = asin(direction[2])
        inputs.elements[step * dimensions + 1] = elevation
      }
      inputs.elements[(step + 1) * dimensions - 1] = distance
    }
    return Trial(
      inputs: .values(inputs), targets: targets, mask: Array(repeating: true, count: plan.steps), labels: nil)
  }

  /// The mean squared error.
  public func scorer() -> any TaskScorer { MeanSquaredErrorScorer(Self.descriptor.score) }
}
