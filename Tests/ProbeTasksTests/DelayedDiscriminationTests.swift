import ProbeLinearAlgebra
import ProbeTasks
import Testing

@Suite("Delayed discrimination")
struct DelayedDiscriminationTests {
  @Test("two pulses a permitted delay apart, then the sign of their difference to the end")
  func structure() throws {
    let task = try DelayedDiscrimination(parsing: "delayed-discrimination:channels=2,steps=26")
    var delays: Set<Int> = []
    for index in 0..<300 {
      let trial = task.trial(index)
      let inputs = try values(of: trial).elements
      for channel in 0..<2 {
        let column = (0..<26).map { inputs[2 * $0 + channel] }
        let target = (0..<26).map { trial.targets.elements[2 * $0 + channel] }
        let pulses = column.indices.filter { column[$0] != 0 }
        try #require(pulses.count == 2 && pulses[0] == 0)
        delays.insert(pulses[1] - 1)
        #expect(column[0] != column[pulses[1]])
        #expect(column.filter { $0 != 0 }.allSatisfy { (2...10).contains(($0 * 10).rounded()) })
        let sign: Double = column[pulses[1]] > column[0] ? 1 : -1
        #expect(target == column.indices.map { $0 < pulses[1] ? 0 : sign })
        #expect((trial.labels?[0] ?? -1) >> channel & 1 == (sign > 0 ? 1 : 0))
      }
    }
    #expect(delays == Set(5...20))
  }

  @Test("without a delay the answer is due at the second step")
  func noDelay() throws {
    let trial = try DelayedDiscrimination(
      parsing: "delayed-discrimination:delay_min=0,delay_max=0,steps=2,low=1,high=2"
    ).trial(0)
    let inputs = try values(of: trial).elements
    #expect(Set(inputs) == [0.5, 1])
    #expect(trial.targets.elements == [0, inputs[1] > inputs[0] ? 1 : -1])
  }

  @Test("a trial too short for its delay is refused, with the shortest that would do")
  func tooShort() {
    #expect(
      fault("delayed-discrimination:steps=20")
        == "task delayed-discrimination cannot take steps=20: wanted a whole number from 22 to 100000000 "
        + "(both pulses and a delay of 20 steps)")
    #expect(
      fault("delayed-discrimination:low=5,high=5")
        == "task delayed-discrimination cannot take high=5: wanted a whole number from 6 to 1000000 "
        + "(above low=5)")
  }
}
