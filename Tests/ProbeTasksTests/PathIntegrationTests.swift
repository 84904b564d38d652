import Foundation
import ProbeLinearAlgebra
import ProbeTasks
import Testing

@Suite("Path integration")
struct PathIntegrationTests {
  @Test("the position is the sum of the displacements given, also after hitting a wall", arguments: [2, 3])
  func positionsSum(dimensions: Int) throws {
    let task = try PathIntegration(
      parsing: "path-integration:dimensions=\(dimensions),box=1,speed=0.3,steps=200")
    var furthest = 0.0
    for index in 0..<20 {
      let trial = task.trial(index)
      let inputs = try values(of: trial)
      #expect(inputs.shape == [200, dimensions])
      var position = Array(repeating: 0.0, count: dimensions)
      for step in 0..<200 {
        let row = inputs.elements[step * dimensions..<(step + 1) * dimensions].map { $0 }
        let distance = row[dimensions - 1]
        let flat = dimensions == 3 ? cos(row[1]) : 1
        position[0] += distance * cos(row[0]) * flat
        position[1] += distance * sin(row[0]) * flat
        if dimensions == 3 { position[2] += distance * sin(row[1]) }
        #expect(row[0] >= -Double.pi && row[0] <= Double.pi)
        #expect(distance >= 0 && distance < 0.3)
        for axis in 0..<dimensions {
          let target = trial.targets.elements[step * dimensions + axis]
          // Angles come back from atan2 and asin; near the poles asin loses half the digits.
          #expect(abs(position[axis] - target) < 200 * 0.3 * 1e-7)
          #expect(abs(target) <= 1)
          furthest = max(furthest, abs(target))
        }
      }
    }
    #expect(furthest > 0.9, "the walls were reached")
  }

  @Test("without turns and walls the path is straight")
  func straight() throws {
    let trial = try PathIntegration(parsing: "path-integration:turn=0,box=1000,steps=50").trial(2)
    let headings = Swift.stride(from: 0, to: 100, by: 2).map { trial.inputsAt($0) }
    for heading in headings { #expect(abs(heading - headings[0]) < 1e-13) }
  }

  @Test("at speed 0 nothing moves")
  func still() throws {
    let trial = try PathIntegration(parsing: "path-integration:speed=0").trial(0)
    #expect(trial.targets.elements.allSatisfy { $0 == 0 })
    #expect(trial.labels == nil)
  }

  @Test("steps larger than the box are refused")
  func tooFast() {
    #expect(
      fault("path-integration:speed=6")
        == "task path-integration cannot take speed=6: wanted a number from 0.0 to 5.0")
  }
}

extension Trial {
  fileprivate func inputsAt(_ index: Int) -> Double {
    if case .values(let tensor) = inputs { tensor.elements[index] } else { .nan }
  }
}
