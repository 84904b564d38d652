import ProbeLinearAlgebra
import Testing

@testable import ProbeHeads

/// A tokenizer whose single tokens are the given words.
func tokenizer(_ words: [String]) -> (String) -> [Int] {
  { text in words.firstIndex(of: text).map { [$0] } ?? [900, 901] }
}

@Suite struct SuccessorTests {
  private let months = SuccessorTask.all.filter { $0.name == "months" }

  /// Twelve tokens whose representations and unembedding rows are the unit vectors.
  private func monthScore(
    _ outputValue: Matrix<Double>, candidates: SuccessorConvention.Candidates = .targets
  ) throws -> SuccessorScore {
    let problem = SuccessorProblem(tasks: months, tokenize: tokenizer(months[0].words))
    let inputs = try SuccessorInputs(problem, representation: .identity(12), unembedding: .identity(12))
    return SuccessorScore(
      problem, logits: inputs.logits(try head(outputValue: outputValue)), candidates: candidates)
  }

  @Test(
    "a 12-cycle gives every month its successor, the identity none",
    arguments: SuccessorConvention.Candidates.allCases)
  func cycleAndIdentity(candidates: SuccessorConvention.Candidates) throws {
    let score = try monthScore(cycle(12), candidates: candidates)
    #expect(score.pooled == 1 && score.macroAverage == 1)
    #expect(score.tasks == [.init(name: "months", pairs: 12, correct: 12, candidates: 12)])
    #expect(score.macroChance == 1.0 / 12)
    #expect(try monthScore(.identity(12)).pooled == 0)
    // Eleven steps on is one step back.
    #expect(try monthScore(cycle(12).transposed).pooled == 0)
    // A head that gives all tokens the same logit has won nothing.
    #expect(try monthScore(Matrix(rows: 12, columns: 12)).pooled == 0)
  }

  @Test("the lists are whole and in order")
  func lists() {
    #expect(SuccessorTask.all.map(\.name).count == 9)
    #expect(SuccessorTask.all.map(\.words.count) == [200, 20, 10, 7, 7, 12, 12, 26, 20])
    for task in SuccessorTask.all { #expect(Set(task.words).count == task.words.count) }
    func value(_ numeral: String) -> Int {
      let values = numeral.map { (["I": 1, "V": 5, "X": 10] as [Character: Int])[$0] ?? 0 }
      return values.indices.reduce(0) { sum, index in
        sum + (values[(index + 1)...].contains { $0 > values[index] } ? -values[index] : values[index])
      }
    }
    #expect(SuccessorTask.all[8].words.map(value) == Array(1...20))
    #expect(
      SuccessorTask.all.filter(\.isCyclic).map(\.name) == ["days", "short days", "months", "short months"])
  }

  @Test("variants have spaces and changed first letters, but not of numbers, letters and numerals")
  func variants() {
    let task = SuccessorTask(name: "two", words: ["ab", "Cd"])
    #expect(task.variants == [["ab", "cd"], [" ab", " cd"], ["Ab", "Cd"], [" Ab", " Cd"]])
    let fixed = SuccessorTask(name: "two", words: ["A", "B"], variesCase: false)
    #expect(fixed.variants == [["A", "B"], [" A", " B"]])
  }

  @Test("pairs need both words as single tokens in the same variant, and count once")
  func pairs() {
    let task = SuccessorTask(name: "x", words: ["a", "b", "c", "d"], isCyclic: true, variesCase: false)
    // "b" is two tokens; with a space all but " c" are single; " a" and "a" are the same token.
    let ids = ["a": 40, "c": 7, "d": 9, " a": 40, " b": 3, " d": 9]
    let problem = SuccessorProblem(tasks: [task]) { ids[$0].map { [$0] } ?? [1, 2] }
    #expect(problem.tokens == [3, 7, 9, 40])
    #expect(
      problem.pairs == [
        .init(task: 0, index: 3, input: 1, target: 2), .init(task: 0, index: 4, input: 2, target: 3),
        .init(task: 0, index: 1, input: 3, target: 0),
      ])
    #expect(problem.rows == [[[3, nil, 1, 2], [3, 0, nil, 2]]])
    #expect(
      problem.samples == [
        .init(row: 3, index: 1, task: 0), .init(row: 1, index: 3, task: 0), .init(row: 2, index: 4, task: 0),
        .init(row: 0, index: 2, task: 0),
      ])
    let open = SuccessorTask(name: "x", words: ["a", "b"], variesCase: false)
    #expect(SuccessorProblem(tasks: [open]) { _ in [5] }.pairs.count == 1)
    #expect(SuccessorProblem(tasks: [open]) { _ in [5, 6] }.pairs.isEmpty)
  }

  @Test(
    "tasks weigh alike in the macro average, pairs in the pooled score; with one candidate, in that alone")
  func averages() throws {
    let tasks = [
      SuccessorTask(name: "long", words: ["a", "b", "c", "d"], variesCase: false),
      SuccessorTask(name: "short", words: ["x", "y"], variesCase: false),
      SuccessorTask(name: "none", words: ["p", "q"], variesCase: false),
      SuccessorTask(name: "cycle", words: ["u", "v"], isCyclic: true, variesCase: false),
    ]
    let words = ["a", "b", "c", "d", "x", "y", "u", "v"]
    let problem = SuccessorProblem(tasks: tasks, tokenize: tokenizer(words))
    // a -> b is right, b -> d, c -> d is right; x -> y is right among its own targets, a among all.
    // u -> v is right, v gives neither.
    var logits = Matrix<Double>(rows: 8, columns: 8)
    for (input, output) in [(0, 1), (1, 3), (2, 3), (4, 5), (6, 7)] { logits[input, output] = 1 }
    logits[4, 1] = 2
    let own = SuccessorScore(problem, logits: logits)
    #expect(own.tasks.map(\.correct) == [2, 1, 0, 1])
    #expect(own.tasks.map(\.candidates) == [3, 1, 0, 2])
    #expect(own.pooled == 4.0 / 6)
    let (average, chance): (Double, Double) = ((2.0 / 3 + 1.0 / 2) / 2, (1.0 / 3 + 1.0 / 2) / 2)
    #expect(own.macroAverage == average)
    #expect(own.macroChance == chance)
    #expect(own.tasks[2].accuracy == nil)
    let all = SuccessorScore(problem, logits: logits, candidates: .allTasks)
    #expect(all.tasks.map(\.correct) == [2, 0, 0, 1])
    #expect(all.tasks.map(\.candidates) == [6, 6, 6, 6])
    #expect(
      SuccessorScore(SuccessorProblem(tasks: []) { _ in [] }, logits: Matrix(rows: 0, columns: 0)).pooled
        == nil)
  }

  @Test("logits are the product of representation, OV circuit and unembedding; norm and bias as told")
  func logits() throws {
    let problem = SuccessorProblem(tasks: months, tokenize: tokenizer(months[0].words))
    let x = normalMatrix(12, 5, seed: 1)
    let u = normalMatrix(12, 5, seed: 2)
    let circuit = try randomHead(width: 5, dimension: 2, seed: 3)
    let norm = [1, 2, 0.5, -1, 3]
    let bias = [0.5, 0, 1, 0, -1]
    let inputs = try SuccessorInputs(problem, representation: x, unembedding: u, finalNormWeight: norm)
    let found = inputs.logits(circuit, bias: bias)
    for i in 0..<12 {
      for t in 0..<12 {
        var expected = 0.0
        for c in 0..<5 {
          var written = bias[c]
          for a in 0..<5 {
            for d in 0..<2 { written += x[i, a] * circuit.value[a, d] * circuit.output[d, c] }
          }
          expected += written * norm[c] * u[t, c]
        }
        // 60 products of magnitudes up to some tens.
        #expect(abs(found[i, t] - expected) <= 60 * unitRoundoff * 100)
      }
    }
  }

  @Test("the matrix takes the fullest variant, with the successors on its superdiagonal")
  func matrix() throws {
    let words = months[0].words.map { " " + $0 } + ["May", "June"]
    let problem = SuccessorProblem(tasks: months, tokenize: tokenizer(words))
    let inputs = try SuccessorInputs(
      problem, representation: .identity(14), unembedding: .identity(14))
    var shift = Matrix<Double>(rows: 14, columns: 14)
    for index in 0..<12 { shift[index, (index + 1) % 12] = Double(index + 1) }
    let matrix = SuccessorMatrix(problem, logits: inputs.logits(try head(outputValue: shift)), task: 0)
    #expect(matrix.words == Array(words.prefix(12)))
    #expect(matrix.superdiagonal == (1...12).map(Double.init))
    #expect(matrix.successors == (1...12).map { $0 % 12 })
    #expect(matrix.logits.elements.reduce(0, +) == 78)
    let open = SuccessorTask(name: "x", words: ["a", "b", "c", "d"], variesCase: false)
    let gaps = SuccessorProblem(tasks: [open], tokenize: tokenizer(["a", "c", "d"]))
    let sparse = SuccessorMatrix(gaps, logits: .identity(3), task: 0)
    #expect(sparse.words == ["a", "c", "d"])
    #expect(sparse.successors == [nil, 2, nil])
    #expect(sparse.superdiagonal == [nil, 0, nil])
  }

  @Test("rows that do not fit the tokens, and NaN, are refused")
  func errors() {
    let problem = SuccessorProblem(tasks: months, tokenize: tokenizer(months[0].words))
    #expect(
      throws: HeadsError.shapeMismatch(
        object: "the successor tasks' unembedding", expected: "12 x 12", found: "11 x 11")
    ) { try SuccessorInputs(problem, representation: .identity(12), unembedding: .identity(11)) }
    var bad = Matrix<Double>.identity(12)
    bad[3, 4] = -.infinity
    #expect(
      throws: HeadsError.notFinite(object: "the successor tasks' representation", row: 3, column: 4)
    ) { try SuccessorInputs(problem, representation: bad, unembedding: .identity(12)) }
    #expect(
      throws: HeadsError.shapeMismatch(
        object: "the final norm's weight", expected: "12 numbers", found: "1")
    ) {
      try SuccessorInputs(
        problem, representation: .identity(12), unembedding: .identity(12), finalNormWeight: [1])
    }
  }
}
