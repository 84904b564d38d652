import ProbeLinearAlgebra
import ProbeTasks
import Testing

@Suite("Parity and delayed match to sample")
struct RecentBitsTests {
  @Test("parity is that of the last n ones", arguments: [1, 2, 5])
  func parity(n: Int) throws {
    let task = try Parity(parsing: "parity:n=\(n),steps=40")
    for index in 0..<20 {
      try check(task.trial(index), n: n) { bits in bits.filter { $0 == 1 }.count % 2 }
    }
  }

  @Test("a match is between the ends of the last n bits", arguments: [2, 3, 7])
  func match(n: Int) throws {
    let task = try DelayedMatchToSample(parsing: "delayed-match-to-sample:n=\(n),steps=40")
    for index in 0..<20 {
      try check(task.trial(index), n: n) { bits in bits[0] == bits[bits.count - 1] ? 1 : 0 }
    }
  }

  @Test("a trial shorter than n has no answer and is refused")
  func tooShort() {
    #expect(
      fault("parity:n=10,steps=9")
        == "task parity cannot take steps=9: wanted a whole number from 10 to 100000000 "
        + "(the first answer is due at step n=10)")
    #expect(
      fault("delayed-match-to-sample:n=1")
        == "task delayed-match-to-sample cannot take n=1: wanted a whole number from 2 to 1000000")
  }

  private func check(_ trial: Trial, n: Int, answer: ([Double]) -> Int) throws {
    let bits = try values(of: trial).elements
    #expect(bits.allSatisfy { $0 == 0 || $0 == 1 })
    for step in bits.indices {
      let target = Array(trial.targets.elements[2 * step...2 * step + 1])
      if step < n - 1 {
        #expect(!trial.mask[step] && trial.labels?[step] == -1 && target == [0, 0])
      } else {
        let right = answer(Array(bits[step - n + 1...step]))
        #expect(trial.mask[step] && trial.labels?[step] == right)
        #expect(target == (right == 1 ? [0, 1] : [1, 0]))
      }
    }
  }
}
