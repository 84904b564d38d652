import Foundation
import Testing

/// From the shipped network that predicts Reber's words to his machine.
@Suite("The next-symbol machine of a shipped network")
struct NextSymbolsCommandTests {
  private func capture(_ model: String, _ task: String, in folder: TemporaryFolder) throws {
    let result = try CommandLineProgram.run(
      ["capture", CommandLineProgram.model(model), "--task", task, "-o", "net.h5"], in: folder.path)
    try #require(result.status == 0, "\(result)")
  }

  /// Smaller samples than the defaults: these tests run unoptimised too.
  private func analyze(_ options: [String], in folder: TemporaryFolder) throws -> CommandLineProgram.Result {
    try CommandLineProgram.run(
      ["analyze", "next-symbols", "net.h5", "-o", "report", "--words", "100", "--sample", "500"] + options,
      in: folder.path)
  }

  @Test("is Reber's: six states, and what the report's tables hold")
  func reber() throws {
    let folder = try TemporaryFolder()
    try capture("reber-gru", "reber-next:trials=64", in: folder)
    let result = try analyze([], in: folder)
    try #require(result.status == 0, "\(result)")
    #expect(
      result.output.hasPrefix("Weighted L* finds 6 states in net, ")
        && result.output.contains("; it is the task's machine to 0.05; "), "\(result)")

    let states = try CSVFile(folder.file("report/next_symbol_states.csv"))
    let symbols = ["P", "S", "T", "V", "X", "#"]
    #expect(states.header == ["state", "access_word", "stop"] + symbols.map { "p_" + $0 } + ["capture"])
    // Nodes of Reber's graph by a shortest word to each, and the letters on their arcs: all equally probable.
    let arcs = ["ε": "TV", "T": "PT", "V": "VX", "TT": "SX", "VV": "PS", "TTS": "#"]
    #expect(Set(states.column("access_word")) == Set(arcs.keys))
    for (row, word) in states.column("access_word").enumerated() {
      let letters = arcs[word] ?? ""
      for symbol in symbols {
        let expected = letters.contains(symbol) ? 1 / Double(letters.count) : 0
        let found = Double(states.column("p_" + symbol)[row]) ?? .nan
        #expect(abs(found - expected) <= 0.05, "\(symbol) after \(word): \(found)")
      }
    }
    let edges = try CSVFile(folder.file("report/next_symbol_edges.csv"))
    #expect(Array(edges.header.prefix(4)) == ["state", "symbol", "next", "probability"])
    #expect(edges.rows.count == 36)

    let machines = try CSVFile(folder.file("report/next_symbol_machines.csv"))
    #expect(machines.column("machine") == ["weighted L*", "ALERGIA", "spectral", "k-means", "task"])
    #expect(machines.column("is_task")[0] == "true" && machines.column("is_task")[3] == "true")
    // The mean length of Reber's words is 6: with E the mean from each node, E4 = 1 + E3 / 2, E2 = 2 + E4,
    // E3 = 1 + E2 / 2, E1 = 2 + E3, E0 = 1 + (E1 + E2) / 2. Their standard deviation is below 4, the mean's of 100 below 0.4.
    for index in [0, 4] {
      #expect(abs((Double(machines.column("mean_word_length")[index]) ?? .nan) - 6) <= 4 * 0.4)
    }

    let fidelity = try CSVFile(folder.file("report/next_symbol_fidelity.csv"))
    #expect(fidelity.column("reference").count { $0 == "network" } == 5)
    #expect(fidelity.column("reference").count { $0 == "task" } == 5)
    for row in fidelity.rows.indices {
      func value(_ name: String) -> Double { Double(fidelity.column(name)[row]) ?? .nan }
      #expect(value("divergence_low") <= value("mean_divergence"))
      #expect(value("mean_divergence") <= value("divergence_high"))
      #expect(value("largest_divergence") >= value("mean_divergence"))
      #expect((0...1).contains(value("wer")) && (0...1).contains(value("ndcg")))
      let ratio = value("perplexity") / value("reference_perplexity")
      #expect(abs(ratio - exp(value("mean_divergence"))) <= 1e-12)
    }
    // The network is as near to its task as its training script says: 4e-4 nats, in expectation over other words.
    let network = try #require(fidelity.column("machine").firstIndex(of: "network"))
    #expect((Double(fidelity.column("mean_divergence")[network]) ?? .nan) < 2e-3)
    for file in ["next_symbols.dot", "next_symbols.json", "next_symbols.svg", "index.html"] {
      #expect(FileManager.default.fileExists(atPath: folder.file("report/" + file)), "\(file)")
    }
  }

  @Test("is the same whatever the number of threads, and ALERGIA's when asked for")
  func threads() throws {
    let folder = try TemporaryFolder()
    try capture("reber-gru", "reber-next:trials=16", in: folder)
    var texts: [String] = []
    for threads in ["1", "3"] {
      let result = try analyze(
        ["--learner", "alergia", "--clusters", "4,8", "--threads", threads], in: folder)
      try #require(result.status == 0, "\(result)")
      #expect(result.output.hasPrefix("ALERGIA finds "))
      texts.append(
        try ["states", "fidelity", "clusters"].map {
          try String(contentsOfFile: folder.file("report/next_symbol_\($0).csv"), encoding: .utf8)
        }.joined())
    }
    #expect(texts[0] == texts[1])
  }

  @Test("is refused of an acceptor, in plain words")
  func acceptor() throws {
    let folder = try TemporaryFolder()
    try capture("tomita1-gru", "tomita:n=1,trials=8", in: folder)
    let result = try analyze([], in: folder)
    #expect(result.status == 2, "\(result)")
    #expect(result.error.contains("its task tomita does not ask which symbol comes next"), "\(result)")
  }

  @Test(
    "is refused with what would be right",
    arguments: [
      (["--tolerance", "0"], "--tolerance must lie between 0 and 1"),
      (["--words", "1"], "--words must be at least 2"),
      (["--rank", "0"], "--rank must be at least 1"),
      (["--clusters", "2,x"], "--clusters takes whole numbers"),
      (["--precision", "f16"], "--precision is f32 or f64"),
      (["--learner", "lstm"], "lstar"),
    ])
  func refusals(_ options: [String], _ fault: String) throws {
    let folder = try TemporaryFolder()
    let result = try analyze(options, in: folder)
    #expect(result.status == 2 && result.error.contains(fault), "\(result)")
  }
}
