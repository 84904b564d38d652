/// The tensors that lie in a pickled object, by their names joined with dots, and the plain values beside them.
struct StateDictionary {
  /// The places of tensors in the machine's store, by name.
  private(set) var tensors: [String: Int] = [:]
  /// Strings, numbers and booleans at the top level, as text.
  private(set) var metadata: [String: String] = [:]

  private let path: String
  /// Containers and tensors, and values of any kind, that have been seen: containers that share parts can be walked
  /// more often than they are long.
  private var visits = 0
  private var leaves = 0

  /// More levels than this are refused, as in a container that holds itself.
  private static let maximumDepth = 64
  private static let maximumVisits = 200_000
  private static let maximumLeaves = 50_000_000
  /// The longest name, in UTF-8 bytes.
  private static let maximumNameLength = 1024
  /// The keys under which training scripts keep the weights beside the optimiser's state.
  private static let weightKeys = ["state_dict", "model_state_dict", "model"]

  init(path: String) { self.path = path }

  /// Collects from the value that a pickle left: a state dictionary, one within a training checkpoint, or a tensor.
  mutating func collect(_ root: PickleValue, _ machine: PickleMachine) throws(CheckpointError) {
    var chosen = root
    if case .dictionary(let place) = root {
      let entries = machine.dictionaries[place]
      for (key, value) in entries {
        guard case .text(let key) = key else { continue }
        switch value {
        case .text(let text): metadata[key] = text
        case .integer(let integer): metadata[key] = "\(integer)"
        case .number(let number): metadata[key] = "\(number)"
        case .boolean(let boolean): metadata[key] = "\(boolean)"
        default: break
        }
      }
      nested: for wanted in Self.weightKeys {
        for (key, value) in entries {
          if case .text(wanted) = key, case .dictionary = value {
            chosen = value
            break nested
          }
        }
      }
    }
    if case .tensor(let place) = chosen {
      tensors[fileStem(path)] = place
    } else {
      try walk(chosen, name: "", depth: 0, machine)
    }
    guard !tensors.isEmpty else {
      throw .unsupported(path: path, fault: "its pickle holds no tensor; save a model's state_dict")
    }
  }

  private mutating func walk(
    _ value: PickleValue, name: String, depth: Int, _ machine: PickleMachine
  ) throws(CheckpointError) {
    visits += 1
    guard depth <= Self.maximumDepth, visits <= Self.maximumVisits, leaves <= Self.maximumLeaves else {
      throw .unsupported(path: path, fault: "its pickle nests too deep or repeats itself at '\(name)'")
    }
    guard name.utf8.count <= Self.maximumNameLength else {
      throw .unsupported(path: path, fault: "its pickle has a name of \(name.utf8.count) bytes")
    }
    func joined(_ part: String) -> String { name.isEmpty ? part : "\(name).\(part)" }
    switch value {
    case .tensor(let place):
      guard tensors.updateValue(place, forKey: name) == nil else {
        throw .damaged(path: path, offset: nil, fault: "two tensors are called '\(name)'")
      }
    case .dictionary(let place):
      for (key, value) in Self.lastValues(machine.dictionaries[place]) {
        leaves += 1
        if Self.mayHoldTensors(value) { try walk(value, name: joined(key), depth: depth + 1, machine) }
      }
    case .sequence(let place):
      for (index, value) in machine.sequences[place].enumerated() {
        leaves += 1
        if Self.mayHoldTensors(value) { try walk(value, name: joined("\(index)"), depth: depth + 1, machine) }
      }
    default: break
    }
  }

  private static func mayHoldTensors(_ value: PickleValue) -> Bool {
    switch value {
    case .tensor, .dictionary, .sequence: true
    default: false
    }
  }

  /// The entries under string and integer keys, each key's last value, in order; other keys name no weights.
  private static func lastValues(
    _ entries: [(key: PickleValue, value: PickleValue)]
  ) -> [(key: String, value: PickleValue)] {
    var places: [String: Int] = [:]
    var result: [(key: String, value: PickleValue)] = []
    for (key, value) in entries {
      let text: String
      switch key {
      case .text(let key): text = key
      case .integer(let key): text = "\(key)"
      default: continue
      }
      if let place = places[text] {
        result[place].value = value
      } else {
        places[text] = result.count
        result.append((text, value))
      }
    }
    return result
  }
}

/// A file's name without its folder and its last extension.
func fileStem(_ path: String) -> String {
  let name = path.split(separator: "/").last.map(String.init) ?? path
  guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
  return String(name[..<dot])
}
