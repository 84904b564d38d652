import Foundation
import ProbeLinearAlgebra
import ProbeModels
import Testing

@testable import ProbeCapture

@Suite("A capture that is written and read")
struct CaptureRoundTripTests {
  @Test(
    "gives back every value, and NaN beyond a trial's length",
    arguments: [CaptureCompression.none, .deflate], [CaptureType.f32, .f64, .f16, .bf16])
  func roundTrip(compression: CaptureCompression, type: CaptureType) throws {
    let folder = try TemporaryFolder()
    let trials = ToyTrials(trialCount: 11, steps: 23, shortening: 4)
    let path = folder.file("a.h5")
    let summary = try toyRunner(
      trials, options: CaptureOptions(sites: [0, 1, 2], type: type, compression: compression, threads: 2)
    ).run(to: path)
    #expect(summary.trials == 11)
    #expect(summary.steps == (0..<11).reduce(0) { $0 + trials.length(of: $1) })
    let reader = try CaptureReader(path)
    #expect(reader.metadata.isComplete)
    #expect(reader.metadata.warnings.isEmpty)
    // Half a unit in the last place of a value below 1: 2^-1 ulp with 11 and 8 significant bits.
    let tolerance: Double =
      switch type {
      case .f32, .f64: 0
      case .f16: 0x1p-12
      case .bf16: 0x1p-9
      }
    for (index, site) in ToyModel.small.sites.enumerated() {
      let values: Tensor<Double> = try reader.values(of: site.name)
      #expect(values.shape == [11, 23] + site.shape)
      let width = site.elementCount
      for trial in 0..<11 {
        for step in 0..<23 {
          for element in 0..<width {
            let value = values.elements[(trial * 23 + step) * width + element]
            if step < trials.length(of: trial) {
              let wanted = ToyModel.value(trial: trial, step: step, site: index, element: element)
              #expect(abs(value - wanted) <= tolerance)
            } else {
              #expect(value.isNaN)
            }
          }
        }
      }
    }
  }
}
