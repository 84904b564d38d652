import ProbeLinearAlgebra
import ProbeTasks
import Testing

@Suite("Task specifications")
struct TaskSpecificationTests {
  @Test("a name alone, and a name with values")
  func plain() throws {
    #expect(try TaskSpecification(parsing: "sine").values.isEmpty)
    let given = try TaskSpecification(parsing: " flipflop : bits = 3 ,steps=64")
    #expect(given.name == "flipflop")
    #expect(given.values == ["bits": "3", "steps": "64"])
  }

  @Test("a quoted value keeps its commas")
  func quoted() throws {
    let given = try TaskSpecification(parsing: "any:list=\"1,2,3\",word=\"a\"")
    #expect(given.values == ["list": "1,2,3", "word": "a"])
  }

  @Test(
    "malformed text is refused with the fault",
    arguments: [
      ("", "it does not begin with a task's name"), (":bits=3", "it does not begin with a task's name"),
      ("flipflop:", "'' is not key=value"), ("flipflop:bits", "'bits' is not key=value"),
      ("flipflop:=3", "'=3' has no key"), ("flipflop:bits=", "'bits' has no value"),
      ("flipflop:bits=3,bits=4", "'bits' is given twice"),
      ("flipflop:a=\"1,2", "a quotation mark is not closed"),
    ])
  func malformed(text: String, fault: String) {
    #expect(throws: TaskError.syntax(text: text, fault: fault)) { try TaskSpecification(parsing: text) }
    #expect(
      TaskError.syntax(text: text, fault: fault).description
        == "cannot read the task '\(text)': \(fault); write NAME or NAME:key=value,key=value, with values that "
        + "hold commas in double quotes")
  }
}

@Suite("The nearest name")
struct NearestNameTests {
  @Test(
    "is the one fewest edits away, or none",
    arguments: [
      ("flipflop", "flipflop"), ("flip-flop", "flipflop"), ("filpflop", "flipflop"), ("Sine", "sine"),
      ("delayed", "delayed-discrimination"), ("parrity", "parity"), ("spectrum", nil), ("", nil),
    ] as [(String, String?)])
  func nearest(name: String, expected: String?) {
    #expect(nearestName(to: name, among: TaskRegistry.descriptors.map(\.name)) == expected)
  }
}
