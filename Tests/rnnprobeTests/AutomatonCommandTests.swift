import Foundation
import Glibc
import Testing

/// From shipped acceptors to their automata, as the README's tour goes.
@Suite("The automaton of a shipped network")
struct AutomatonCommandTests {
  /// A network, the task it was trained on, and the states of the language's minimal machine.
  struct Acceptor: CustomTestStringConvertible {
    let model: String
    let task: String
    let states: Int
    var testDescription: String { model }

    static let right =
      zip(1...7, [2, 3, 5, 4, 4, 3, 5]).map {
        Acceptor(model: "tomita\($0)-gru.safetensors", task: "tomita:n=\($0)", states: $1)
      }
      + [
        Acceptor(model: "tomita3-sr.safetensors", task: "tomita:n=3", states: 5),
        Acceptor(model: "tomita7-sr.safetensors", task: "tomita:n=7", states: 5),
        Acceptor(model: "parentheses-sr.safetensors", task: "dyck:k=1,depth=4", states: 6),
        Acceptor(model: "tomita4-attention", task: "tomita:n=4,steps=24", states: 4),
      ]
  }

  private func capture(_ model: String, _ task: String, in folder: TemporaryFolder) throws {
    let path = CommandLineProgram.packageFolder + "/notebooks-data/models/" + model
    let result = try CommandLineProgram.run(
      ["capture", path, "--task", task + (task.contains(":") ? "," : ":") + "trials=32", "-o", "net.h5"],
      in: folder.path)
    try #require(result.status == 0, "\(result)")
  }

  private func analyze(
    _ options: [String], in folder: TemporaryFolder, captures: [String] = ["net.h5"]
  ) throws -> CommandLineProgram.Result {
    try CommandLineProgram.run(
      ["analyze", "automaton"] + captures + ["-o", "report"] + options, in: folder.path)
  }

  @Test("has the minimal machine of its language, and says what was looked at", arguments: Acceptor.right)
  func rightAcceptors(_ acceptor: Acceptor) throws {
    let folder = try TemporaryFolder()
    try capture(acceptor.model, acceptor.task, in: folder)
    let result = try analyze(["--clusters", "none"], in: folder)
    try #require(result.status == 0, "\(result)")
    #expect(
      result.output.hasPrefix(
        "The machine learnt from net has \(acceptor.states) states and is that of the task's language; machine and "
          + "network agree on all 131,071 words of length <= 16."), "\(result)")
    #expect(!result.output.contains("equivalent") && !result.error.contains("equivalent"))

    let states = try CSVFile(folder.file("report/automaton_states.csv"))
    #expect(Array(states.header.prefix(2)) == ["state", "output"])
    #expect(states.rows.count == acceptor.states)
    let edges = try CSVFile(folder.file("report/automaton_edges.csv"))
    #expect(Array(edges.header.prefix(3)) == ["state", "symbol", "next"])
    #expect(edges.rows.count == 2 * acceptor.states)
    let differences = try CSVFile(folder.file("report/automaton_differences.csv"))
    #expect(differences.column("shortest_word") == [""])
    let evidence = try CSVFile(folder.file("report/evidence.csv"))
    let statements = evidence.column("statement")
    #expect(statements.contains { $0.hasPrefix("agrees on all 131,071 words of length <= 16") })
    #expect(statements.contains { $0.hasPrefix("error <= 0.5 % with 99 % confidence over words drawn") })
    // Of some languages so few words are accepted that the claim is one on rejected words alone, and says so.
    #expect(statements.contains { $0.contains("the network's class") })
    #expect(statements.contains { $0.hasPrefix("equal if the network's language has at most") })
    for file in ["automaton.dot", "automaton.json", "automaton.svg", "index.html"] {
      #expect(FileManager.default.fileExists(atPath: folder.file("report/" + file)), "\(file)")
    }
  }

  @Test("taught one error departs from its language where it was taught to")
  func slightlyWrong() throws {
    let folder = try TemporaryFolder()
    try capture("tomita2-slightly-wrong.safetensors", "tomita:n=2", in: folder)
    let result = try analyze(["--clusters", "none"], in: folder)
    try #require(result.status == 0, "\(result)")
    #expect(result.output.contains("has 16 states, the task's language 3;"), "\(result)")
    #expect(result.output.contains("the network departs from the language at 101010101010."), "\(result)")
    let differences = try CSVFile(folder.file("report/automaton_differences.csv"))
    let network = try #require(
      differences.rows.firstIndex { $0.first?.hasSuffix("(network)") == true })
    #expect(differences.column("shortest_word")[network] == "101010101010")
    #expect(differences.column("output_a")[network] == "reject")
    #expect(differences.column("output_b")[network] == "accept")
  }

  @Test("is the same whichever learner, and whatever the number of threads")
  func learners() throws {
    let folder = try TemporaryFolder()
    try capture("tomita5-gru.safetensors", "tomita:n=5", in: folder)
    var tables: [String] = []
    for options in [["--threads", "1"], ["--threads", "2"], ["--learner", "lstar"]] {
      let result = try analyze(options + ["--clusters", "3,8"], in: folder)
      try #require(result.status == 0, "\(result)")
      tables.append(
        try folder.text("report/automaton_states.csv") + folder.text("report/automaton_edges.csv")
          + folder.text("report/automaton_clusters.csv") + folder.text("report/automaton.dot"))
      try FileManager.default.removeItem(atPath: folder.file("report"))
    }
    #expect(tables[0] == tables[1])
    #expect(tables[0] == tables[2])
  }

  @Test("judges words of the user's own, whose labels may differ from the network's answers")
  func ownWords() throws {
    let folder = try TemporaryFolder()
    try capture("tomita4-gru.safetensors", "tomita:n=4", in: folder)
    try "# label, then symbols\n1 0 1 0 1\n0 0001\n? 11\n1 000\n".write(
      toFile: folder.file("words.txt"), atomically: true, encoding: .utf8)
    let result = try analyze(["--words", "words.txt", "--clusters", "none"], in: folder)
    try #require(result.status == 0, "\(result)")
    let evidence = try CSVFile(folder.file("report/evidence.csv"))
    #expect(
      evidence.column("statement").contains(
        "agrees with the network on all 4 words of words.txt, of which both label 1 otherwise (000)"))

    for (text, fault) in [
      ("1 02", "words.txt, line 1: '02' is no symbol; there are \"0\", \"1\""),
      ("yes 01", "words.txt, line 1: the label 'yes' is none of reject, accept"),
    ] {
      try text.write(toFile: folder.file("words.txt"), atomically: true, encoding: .utf8)
      let refused = try analyze(["--words", "words.txt"], in: folder)
      #expect(refused.status == 2 && refused.error.contains(fault), "\(refused)")
    }
  }

  @Test("keeps its budget, and reports the best machine so far")
  func budget() throws {
    let folder = try TemporaryFolder()
    try capture("tomita7-gru.safetensors", "tomita:n=7", in: folder)
    let result = try analyze(["--steps", "2000", "--clusters", "none", "--json"], in: folder)
    try #require(result.status == 0, "\(result)")
    let summary = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let warnings = try #require(summary["warnings"] as? [String])
    #expect(warnings.contains { $0.contains("budget of 2,000 steps") }, "\(warnings)")
    let numbers = try #require(summary["numbers"] as? [String: Any])
    #expect(numbers["states"] as? Int == 5)
    let evidence = try CSVFile(folder.file("report/evidence.csv"))
    #expect(evidence.column("complete").contains("false"))
    #expect(FileManager.default.fileExists(atPath: folder.file("report/index.html")))
  }

  @Test("is written as far as it was found when the search is interrupted")
  func interruption() throws {
    let folder = try TemporaryFolder()
    try capture("tomita7-gru.safetensors", "tomita:n=7", in: folder)
    let child = try CommandLineProgram.start(
      [
        "analyze", "automaton", "net.h5", "-o", "report", "--length", "40", "--seconds", "600", "--steps",
        "1000000000000", "--clusters", "none",
      ], in: folder.path)
    usleep(3_000_000)
    kill(child.identifier, SIGINT)
    let result = try child.wait(timeLimit: 120)
    #expect(result.status == 0, "\(result)")
    #expect(result.error.contains("the search ended early, it was interrupted"), "\(result)")
    #expect(result.output.contains("The machine learnt from net has 5 states"), "\(result)")
    #expect(FileManager.default.fileExists(atPath: folder.file("report/automaton.dot")))
  }

  @Test("is set beside those of other networks")
  func severalNetworks() throws {
    let folder = try TemporaryFolder()
    for (model, name) in [("tomita4-gru.safetensors", "gru"), ("tomita7-gru.safetensors", "other")] {
      try capture(model, "tomita:n=4", in: folder)
      try FileManager.default.moveItem(
        atPath: folder.file("net.h5"), toPath: folder.file(name + ".h5"))
    }
    let result = try analyze(["--clusters", "none"], in: folder, captures: ["gru.h5", "other.h5"])
    try #require(result.status == 0, "\(result)")
    let states = try CSVFile(folder.file("report/automaton_states.csv"))
    #expect(states.rows.count == 9)
    #expect(Set(states.column("capture")) == ["gru", "other"])
    let differences = try CSVFile(folder.file("report/automaton_differences.csv"))
    let pair = try #require(differences.rows.firstIndex { $0.prefix(2) == ["gru", "other"] })
    // The shortest word on which Tomita 4 and 7 differ, as an exhaustive comparison of the two tables gives it.
    #expect(differences.column("shortest_word")[pair] == "000")
  }

  @Test(
    "is refused with what would be right",
    arguments: [
      (["--decision", "threshold=0"], "a threshold decides on one output; the model has 2"),
      (["--decision", "majority"], "'majority' is none of argmax, signs and threshold=NUMBER"),
      (["--epsilon", "0"], "--epsilon and --delta must lie between 0 and 1"),
      (["--clusters", "2,x"], "--clusters takes whole numbers"),
      (["--compare", "tomta:n=3"], "did you mean 'tomita'"),
      (["--precision", "f16"], "--precision is f32 or f64"),
    ])
  func refusals(_ options: [String], _ fault: String) throws {
    let folder = try TemporaryFolder()
    try capture("tomita1-gru.safetensors", "tomita:n=1", in: folder)
    let result = try analyze(options, in: folder)
    #expect(result.status == 2 && result.error.contains(fault), "\(result)")
  }
}
