import ProbeCapture
import ProbeDegeneracy
import ProbeLinearAlgebra
import ProbeModels

/// What stands at each step of a capture where, in the null, nothing but the trivial should be shared.
struct NullOrder: Sendable, Equatable {
  /// What is broken.
  enum Kind: String, Sendable {
    /// Trials are exchanged within their condition, so that what remains alike is due to the condition.
    case conditions
    /// Each trial is turned in time by its own number of steps, so that its time course is kept and its time is not.
    case time
  }

  let kind: Kind
  /// The trial that comes in place of each.
  let trials: [Int]
  /// How many steps later it is read, round the trial's end.
  let shifts: [Int]

  /// Draws an order of a capture's trials.
  ///
  /// A condition is all trials of the same labels at every step, and of the same length. Trials are exchanged within
  /// conditions where at least half of them share theirs with another one, and then read something else; else they are
  /// turned in time.
  ///
  /// - Throws: the errors of reading.
  init(_ reader: CaptureReader, _ generator: inout RandomGenerator) throws {
    let metadata = reader.metadata
    let lengths = metadata.lengths.indices.map { metadata.done[$0] ? metadata.lengths[$0] : 0 }
    if let conditions = try Self.conditions(reader, lengths: lengths) {
      let order = NullControls.trialsPermuted(within: conditions, &generator)
      if try Self.changesInputs(reader, order) {
        (kind, trials, shifts) = (.conditions, order, order.map { _ in 0 })
        return
      }
    }
    kind = .time
    trials = Array(lengths.indices)
    shifts = NullControls.circularShifts(lengths: lengths, &generator)
  }

  /// Whether at least half of the trials read something else now; where they do not, nothing was broken.
  private static func changesInputs(_ reader: CaptureReader, _ order: [Int]) throws -> Bool {
    func changed<Value: Equatable>(_ elements: [Value]) -> Bool {
      let width = elements.count / order.count
      let others = order.enumerated().count { trial, source in
        elements[trial * width..<(trial + 1) * width] != elements[source * width..<(source + 1) * width]
      }
      return 2 * others >= order.count
    }
    switch try reader.inputs()?.inputs {
    case .values(let tensor)?: return changed(tensor.elements.map(\.bitPattern))
    case .tokens(let tensor)?: return changed(tensor.elements)
    case nil: return true
    }
  }

  /// Each trial's condition; nil where there are no labels or most trials have one of their own.
  private static func conditions(_ reader: CaptureReader, lengths: [Int]) throws -> [Int]? {
    guard let labels = try reader.labels(), lengths.count > 1 else { return nil }
    let width = labels.elements.count / lengths.count
    var numbers: [[Int]: Int] = [:]
    var conditions: [Int] = []
    for (trial, length) in lengths.enumerated() {
      let own = labels.elements[trial * width..<trial * width + min(width, length)]
      let key = [length] + own
      let number = numbers[key] ?? numbers.count
      numbers[key] = number
      conditions.append(number)
    }
    var sizes = [Int](repeating: 0, count: numbers.count)
    for condition in conditions { sizes[condition] += 1 }
    let shared = conditions.count { sizes[$0] > 1 }
    return 2 * shared >= conditions.count ? conditions : nil
  }
}
