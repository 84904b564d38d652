import ProbeModels
import Testing

@Suite struct ArgmaxRecorderTests {
  static func answers(_ rows: [[Float]]) -> [Int] {
    var recorder = ArgmaxRecorder(trials: 1, steps: rows.count + 1)
    rows.flatMap { $0 }.withUnsafeBufferPointer {
      recorder.record($0, site: 0, trial: 0, steps: 0..<rows.count)
    }
    return recorder.answers[0]
  }

  @Test("the largest of each row, the first of equal ones, -1 for NaN and for what was not recorded")
  func rows() {
    #expect(Self.answers([[1, 3, 2], [5, 5, 4], [-3, -2, -1]]) == [1, 0, 2, -1])
    #expect(
      Self.answers([[1, .nan, 2], [.infinity, 1, 2], [-.infinity, -.infinity, -.infinity]]) == [-1, 0, 0, -1])
    #expect(Self.answers([]) == [-1])
  }

  @Test("rows land at their steps, and generated tokens are kept")
  func steps() {
    var recorder = ArgmaxRecorder(trials: 2, steps: 3)
    [0.0, 1.0, 2.0, 1.0].withUnsafeBufferPointer { recorder.record($0, site: 0, trial: 1, steps: 1..<3) }
    recorder.end(trial: 1, generated: [7, 8])
    #expect(recorder.answers == [[-1, -1, -1], [-1, 1, 0]])
    #expect(recorder.generated == [[], [7, 8]])
  }
}
