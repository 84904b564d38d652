public import ProbeLinearAlgebra
public import ProbeModels

/// The map that an outside program offers, at a fixed input, in f64.
///
/// Its Jacobian is the program's own or comes from central differences (``derivatives``). Nothing is known of its rounding
/// errors and curvature, so what is found on it is numerical and never certified. Values cannot be had after a fault of the
/// program: they are NaN then, and ``OutsideProgram/failure`` says why; ``OutsideProgram/checked(_:)`` throws it.
public struct OutsideMap: DynamicalMap {
  /// Where the Jacobian comes from.
  public enum Derivatives: Sendable, Equatable {
    /// The program answers it.
    case program
    /// Central differences of the program's map.
    case differences
  }

  /// The program.
  public let program: OutsideProgram
  /// The fixed input, `[inputDimension]`.
  public let input: [Double]
  /// What the program said of the map.
  public let offer: OutsideOffer.MapOffer
  /// Whether the program computes in f32, as its answers look: fixed points then cannot be found to f64's precision.
  public let isSinglePrecision: Bool

  /// The most elements of one message, 16 MiB of them; larger questions are asked in parts.
  private static let messageLimit = 1 << 21

  /// The map of a program at an input; it is tried at a few states.
  ///
  /// - Throws: ``OutsideError``: the program offers no map, the input has the wrong size, the same states were given two
  ///   answers, or the program's Jacobian is not the derivative of its map.
  public init(_ program: OutsideProgram, input: [Double]) throws(OutsideError) {
    guard let offer = program.offer.map else {
      throw .offer(command: program.command, fault: "it offers words alone, and a map is needed")
    }
    guard input.count == offer.inputs else {
      throw .offer(
        command: program.command,
        fault: "the fixed input has \(input.count) features; the program's map reads \(offer.inputs)")
    }
    self.program = program
    self.offer = offer
    self.input = input
    let examination = try MapExamination(program, offer: offer, input: input)
    isSinglePrecision = examination.isSinglePrecision
  }

  /// A map that is taken as it is.
  init(
    unexamined program: OutsideProgram, offer: OutsideOffer.MapOffer, input: [Double], isSinglePrecision: Bool
  ) {
    self.program = program
    self.offer = offer
    self.input = input
    self.isSinglePrecision = isSinglePrecision
  }

  /// The number of state variables.
  public var dimension: Int { offer.dimension }
  /// The number of input features.
  public var inputDimension: Int { offer.inputs }
  /// As the program says.
  public var isSmooth: Bool { offer.smooth }
  /// As the program claims; nothing checks it.
  public var invariantBox: [Double]? { offer.box }
  /// What is known of a program's map are estimates.
  public var hasProvenBounds: Bool { false }
  /// Where the Jacobian comes from.
  public var derivatives: Derivatives { offer.jacobian ? .program : .differences }

  /// F at `count` states; NaN after a fault.
  public func apply(_ states: UnsafePointer<Double>, count: Int, into result: UnsafeMutablePointer<Double>) {
    let n = dimension
    let part = max(1, Self.messageLimit / n)
    for first in stride(from: 0, to: count, by: part) {
      let rows = min(part, count - first)
      let values = try? next(Array(UnsafeBufferPointer(start: states + first * n, count: rows * n)), rows)
      for index in 0..<rows * n { result[first * n + index] = values?[index] ?? .nan }
    }
  }

  /// dF/dx at `count` states; NaN after a fault.
  public func jacobians(
    at states: UnsafePointer<Double>, count: Int, into result: UnsafeMutablePointer<Double>
  ) {
    let n = dimension
    let part = max(1, Self.messageLimit / (n * n * (derivatives == .program ? 1 : 2)))
    for first in stride(from: 0, to: count, by: part) {
      let rows = min(part, count - first)
      let states = Array(UnsafeBufferPointer(start: states + first * n, count: rows * n))
      let values =
        derivatives == .program
        ? try? jacobian("jacobian", at: states, rows, columns: n) : differences(at: states)
      for index in 0..<rows * n * n { result[first * n * n + index] = values?[index] ?? .nan }
    }
  }

  /// dF/dinput at a state: the program's, or central differences; NaN after a fault.
  public func inputJacobian(at state: [Double]) -> Matrix<Double> {
    let m = inputDimension
    if m == 0 { return Matrix(rows: dimension, columns: 0) }
    let values: [Double]?
    if offer.inputJacobian {
      values = try? jacobian("input_jacobian", at: state, 1, columns: m)
    } else {
      // An input goes with all states of a message: one message a displaced input.
      values = step.derivatives(at: input, size: m, outputs: dimension) { inputs, rows in
        (0..<rows).flatMap { row in
          let displaced = OutsideMap(
            unexamined: program, offer: offer, input: Array(inputs[row * m..<(row + 1) * m]),
            isSinglePrecision: isSinglePrecision)
          return displaced.apply(state)
        }
      }
    }
    return Matrix(
      rows: dimension, columns: m, elements: values ?? Array(repeating: .nan, count: dimension * m))
  }

  /// F and its Jacobian as they were answered, with what is known of the Jacobian's error.
  ///
  /// The value's error is not known and given as zero; that of a Jacobian from differences is estimated as its difference from
  /// one of twice the step, about four times its truncation error.
  public func enclosure(at state: [Double]) -> PointEnclosure {
    let jacobian = self.jacobian(at: state)
    var errors = [Double](repeating: 0, count: dimension)
    if derivatives == .differences {
      let coarse = differences(at: state, CentralDifferences(step: 2 * step.step))
      for row in 0..<dimension {
        errors[row] = euclideanNorm(
          (0..<dimension).map { jacobian[row, $0] - coarse[row * dimension + $0] })
      }
    }
    return PointEnclosure(
      value: apply(state), valueError: Array(repeating: 0, count: dimension), jacobian: jacobian,
      jacobianRowErrors: errors)
  }

  /// How much the Jacobian changes a radius away, along two directions, per unit of distance: an estimate.
  public func curvature(center: [Double], radius: Double, norms: WeightNorms) -> Double {
    guard radius > 0, radius.isFinite else { return 0 }
    let length = radius / Double(dimension).squareRoot()
    let origin = jacobian(at: center)
    var largest = 0.0
    for sign in [1.0, -1.0] {
      let place = center.indices.map { center[$0] + ($0 % 2 == 0 ? 1 : sign) * length }
      let change = zip(jacobian(at: place).elements, origin.elements).map { $0 - $1 }
      largest = max(largest, euclideanNorm(change) / radius)
    }
    return largest
  }

  /// States to start from, `[count, dimension]`.
  ///
  /// - Returns: states that the program offers as typical; without them uniform ones in the box that it claims, or standard
  ///   normal ones.
  /// - Throws: ``OutsideError``.
  public func starts(count: Int, seed: UInt64) throws(OutsideError) -> Matrix<Double> {
    try Self.starts(program, offer: offer, count: count, seed: seed)
  }

  static func starts(
    _ program: OutsideProgram, offer: OutsideOffer.MapOffer, count: Int, seed: UInt64
  ) throws(OutsideError) -> Matrix<Double> {
    let n = offer.dimension
    if offer.states {
      var header = Message.Header(type: "states")
      header.count = count
      header.seed = seed
      let answer = try program.ask(
        Message(header), "the request for \(count) states",
        expecting: [.init(name: "states", dtype: "<f8", shape: [count, n])])
      guard case .real(let values)? = answer.first, values.allSatisfy(\.isFinite) else {
        throw .answer(
          command: program.command, request: "the request for \(count) states",
          fault: "not all of them are finite")
      }
      return Matrix(rows: count, columns: n, elements: values)
    }
    var random = RandomGenerator(seed: seed, stream: 7)
    let values = (0..<count * n).map { index in
      offer.box.map { $0[index % n] * (2 * random.uniform() - 1) } ?? random.normal()
    }
    return Matrix(rows: count, columns: n, elements: values)
  }

  /// F at states, as the program answers.
  func next(_ states: [Double], _ rows: Int) throws(OutsideError) -> [Double] {
    let answer = try program.ask(
      question("map", states, rows), "\(rows) states of its map",
      expecting: [.init(name: "next", dtype: "<f8", shape: [rows, dimension])])
    guard case .real(let values)? = answer.first else { return [] }
    return values
  }

  /// A Jacobian, as the program answers.
  func jacobian(
    _ type: String, at states: [Double], _ rows: Int, columns: Int
  ) throws(OutsideError) -> [Double] {
    let answer = try program.ask(
      question(type, states, rows), "\(rows) states of its \(type)",
      expecting: [.init(name: type, dtype: "<f8", shape: [rows, dimension, columns])])
    guard case .real(let values)? = answer.first else { return [] }
    return values
  }

  private func question(_ type: String, _ states: [Double], _ rows: Int) -> Message {
    var message = Message(type: type)
    message.add("states", .real(states), shape: [rows, dimension])
    message.add("input", .real(input), shape: [inputDimension])
    return message
  }

  private var step: CentralDifferences { isSinglePrecision ? .single : .double }

  /// The Jacobian by central differences, whatever the program offers.
  func differences(at states: [Double], _ method: CentralDifferences? = nil) -> [Double] {
    (method ?? step).derivatives(at: states, size: dimension, outputs: dimension) { points, rows in
      var values = [Double](repeating: 0, count: points.count)
      apply(points, count: rows, into: &values)
      return values
    }
  }
}
