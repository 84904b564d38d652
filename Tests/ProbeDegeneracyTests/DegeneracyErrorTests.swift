import ProbeDegeneracy
import Testing

@Suite("An error of a comparison")
struct DegeneracyErrorTests {
  @Test("says what was seen and what would be right")
  func texts() {
    #expect(
      "\(DegeneracyError.tooFew(object: "networks", needed: 3, found: 2))"
        == "2 networks are too few; at least 3 are needed")
  }
}
