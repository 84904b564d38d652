extension RegularLanguage {
  /// The seven regular languages over {0, 1} of Tomita 1982: language n is `tomita[n - 1]`.
  ///
  /// Tomita, "Dynamic construction of finite automata from examples using hill-climbing", Proc. 4th Annual
  /// Conference of the Cognitive Science Society (1982) 105; wording of the languages as in Weiss, Goldberg and
  /// Yahav, "Extracting automata from recurrent neural networks", ICML 2018, arXiv 1711.09576.
  public static let tomita = [
    tomita("1*", [[1, 0], [1, 1]], [true, false]),
    tomita("(10)*", [[2, 1], [0, 2], [2, 2]], [true, false, false]),
    // States: no odd run of 1s so far; in one; after one, within an odd run of 0s; after one, elsewhere; sink.
    tomita(
      "no odd run of 1s with an odd run of 0s anywhere after it",
      [[0, 1], [2, 0], [3, 4], [2, 3], [4, 4]], [true, true, false, true, false]),
    tomita("no 000", [[1, 0], [2, 0], [3, 0], [3, 3]], [true, true, true, false]),
    tomita(
      "an even number of 0s and an even number of 1s", [[1, 2], [0, 3], [3, 0], [2, 1]],
      [true, false, false, false]),
    tomita(
      "the number of 0s less the number of 1s is a multiple of 3", [[1, 2], [2, 0], [0, 1]],
      [true, false, false]),
    tomita(
      "0*1*0*1*", [[0, 1], [2, 1], [2, 3], [4, 3], [4, 4]], [true, true, true, true, false]),
  ]

  private static func tomita(_ meaning: String, _ next: [[Int]], _ accepts: [Bool]) -> RegularLanguage {
    RegularLanguage(
      meaning: meaning, source: "Tomita 1982", symbols: ["0", "1"], next: next, accepts: accepts)
  }
}
