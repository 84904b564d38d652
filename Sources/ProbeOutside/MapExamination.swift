import ProbeLinearAlgebra

/// What a few questions tell of a program's map before anything is built on it.
///
/// Three faults that would make every later number wrong, and that users' programs have: noise or a state that is kept from
/// question to question; single precision; a Jacobian that is not the derivative (transposed, of another layer, without the
/// leak).
struct MapExamination {
  /// Whether every value that varies is a number of f32.
  let isSinglePrecision: Bool

  /// The states at which it is tried.
  private static let count = 3
  /// The largest difference between a Jacobian and differences, relative to the larger of 1 and the Jacobian's norm.
  private static let tolerance = (double: 1e-4, single: 0.05)

  /// Asks for three states twice, and for the Jacobian there.
  ///
  /// - Throws: ``OutsideError``.
  init(_ program: OutsideProgram, offer: OutsideOffer.MapOffer, input: [Double]) throws(OutsideError) {
    let n = offer.dimension
    let states = try OutsideMap.starts(program, offer: offer, count: Self.count, seed: 0).elements
    let plain = OutsideMap(unexamined: program, offer: offer, input: input, isSinglePrecision: false)
    let first = try plain.next(states, Self.count)
    let second = try plain.next(states, Self.count)
    for index in first.indices where first[index].bitPattern != second[index].bitPattern {
      // Two NaNs may differ in their bits.
      if first[index].isNaN && second[index].isNaN { continue }
      throw .answer(
        command: program.command, request: "the same \(Self.count) states twice",
        fault:
          "variable \(index % n) of state \(index / n) was \(first[index]) and then \(second[index]); the map must "
          + "depend on state and input alone: switch noise and dropout off and keep no state from call to call"
      )
    }
    let varying = (0..<n).filter { unit in
      (1..<Self.count).contains { first[$0 * n + unit] != first[unit] }
    }
    isSinglePrecision =
      !varying.isEmpty
      && varying.allSatisfy { unit in
        (0..<Self.count).allSatisfy { Double(Float(first[$0 * n + unit])) == first[$0 * n + unit] }
      }
    if offer.jacobian {
      try Self.compare(
        OutsideMap(unexamined: program, offer: offer, input: input, isSinglePrecision: isSinglePrecision),
        states)
    }
  }

  /// Holds the program's Jacobian against differences; one state of the three may sit on a kink.
  private static func compare(_ map: OutsideMap, _ states: [Double]) throws(OutsideError) {
    let n = map.dimension
    let given = try map.jacobian("jacobian", at: states, count, columns: n)
    let differences = map.differences(at: states)
    if let failure = map.program.failure { throw failure }
    let limit = map.isSinglePrecision ? tolerance.single : tolerance.double
    var worst: (excess: Double, index: Int)?
    var faults = 0
    for row in 0..<count {
      let range = row * n * n..<(row + 1) * n * n
      let scale = max(1, euclideanNorm(given[range]), euclideanNorm(differences[range]))
      var isWrong = false
      for index in range {
        let excess = abs(given[index] - differences[index]) / scale
        guard excess > limit else { continue }
        isWrong = true
        if excess > worst?.excess ?? 0 { worst = (excess, index) }
      }
      if isWrong { faults += 1 }
    }
    guard faults > 1, let worst else { return }
    let (unit, source) = (worst.index / n % n, worst.index % n)
    throw .answer(
      command: map.program.command, request: "\(count) states of its jacobian",
      fault: "d next[\(unit)] / d state[\(source)] is \(given[worst.index]), and differences of its map give "
        + "\(differences[worst.index]); jacobian must be [count, next, state], or leave it out")
  }
}
