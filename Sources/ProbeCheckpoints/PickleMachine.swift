/// A machine for the pickles that `torch.save` writes: a closed list of instructions and names, and no execution.
///
/// Python's pickle is a program that may import and call anything. Here an instruction outside the list, or a name
/// outside ``PickleGlobal``, ends the reading with its byte offset. The instructions are those of CPython's
/// `Lib/pickletools.py`, protocols 2 to 5. The store grows by at most one value an instruction, so that memory is
/// bounded by the pickle's length.
struct PickleMachine {
  /// The longest pickle that is read: tensors' values are not in it.
  static let maximumLength = 100_000_000

  private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  private(set) var sequences: [[PickleValue]] = []
  private(set) var storages: [PickleStorage] = []
  private(set) var tensors: [PickleTensor] = []

  private var reader: ByteReader
  private var stack: [PickleValue] = []
  /// The heights of the stack at the open marks.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  /// Where the current instruction begins.
  private var start = 0

  init(_ reader: ByteReader) { self.reader = reader }

  /// Runs the pickle to its end.
  ///
  /// - Returns: the value it leaves; its containers are in this machine's store.
  mutating func run() throws(CheckpointError) -> PickleValue {
    while true {
      start = reader.position
      let code = try reader.byte()
      if code == UInt8(ascii: ".") { return try pop() }
      try execute(code)
    }
  }

  private mutating func execute(_ code: UInt8) throws(CheckpointError) {
    switch code {
    case 0x80:  // PROTO
      let version = try reader.byte()
      guard (2...5).contains(version) else { throw refused("pickle protocol \(version); read are 2 to 5") }
    case 0x95: _ = try reader.integer(UInt64.self)  // FRAME: the length of what follows
    case UInt8(ascii: "("): marks.append(stack.count)  // MARK
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.boolean(true))
    case 0x89: stack.append(.boolean(false))
    case UInt8(ascii: "J"): stack.append(.integer(Int(try reader.integer(Int32.self))))  // BININT
    case UInt8(ascii: "K"): stack.append(.integer(Int(try reader.byte())))  // BININT1
    case UInt8(ascii: "M"): stack.append(.integer(Int(try reader.integer(UInt16.self))))  // BININT2
    case 0x8A: stack.append(.integer(try longInteger()))  // LONG1
    case UInt8(ascii: "G"):  // BINFLOAT, big-endian
      stack.append(.number(Double(bitPattern: try reader.integer(UInt64.self).byteSwapped)))
    case UInt8(ascii: "X"): stack.append(.text(try reader.text(Int(try reader.integer(UInt32.self)))))
    case 0x8C: stack.append(.text(try reader.text(Int(try reader.byte()))))  // SHORT_BINUNICODE
    case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ")"): pushEmpty(code)
    case 0x85...0x87: pushSequence(try pop(Int(code) - 0x84))  // TUPLE1 to TUPLE3
    case UInt8(ascii: "t"): pushSequence(try popToMark())  // TUPLE
    case UInt8(ascii: "a"): try append([try pop()])  // APPEND
    case UInt8(ascii: "e"): try append(try popToMark())  // APPENDS
    case UInt8(ascii: "s"): try setItems(try pop(2))  // SETITEM
    case UInt8(ascii: "u"): try setItems(try popToMark())  // SETITEMS
    case UInt8(ascii: "q"): memo[Int(try reader.byte())] = try top()  // BINPUT
    case UInt8(ascii: "r"): memo[Int(try reader.integer(UInt32.self))] = try top()  // LONG_BINPUT
    case 0x94: memo[memo.count] = try top()  // MEMOIZE
    case UInt8(ascii: "h"): try recall(Int(try reader.byte()))  // BINGET
    case UInt8(ascii: "j"): try recall(Int(try reader.integer(UInt32.self)))  // LONG_BINGET
    case UInt8(ascii: "c"): try pushGlobal(module: try line(), name: try line())  // GLOBAL
    case 0x93:  // STACK_GLOBAL
      let parts = try pop(2)
      guard case .text(let module) = parts[0], case .text(let name) = parts[1] else {
        throw damaged("STACK_GLOBAL needs two strings")
      }
      try pushGlobal(module: module, name: name)
    case UInt8(ascii: "Q"): try pushStorage()  // BINPERSID
    case UInt8(ascii: "R"): try reduce()  // REDUCE
    case UInt8(ascii: "b"): try build()  // BUILD
    default: throw refused("the pickle instruction 0x\(String(code, radix: 16))")
    }
  }

  // MARK: The stack

  private mutating func pop() throws(CheckpointError) -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.popLast() else {
      throw damaged("the pickle takes a value from an empty stack")
    }
    return value
  }

  private mutating func pop(_ count: Int) throws(CheckpointError) -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else {
      throw damaged("the pickle takes a value from an empty stack")
    }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(CheckpointError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw damaged("the pickle closes a mark it has not set") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private func top() throws(CheckpointError) -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.last else {
      throw damaged("the pickle names a value of an empty stack")
    }
    return value
  }

  private mutating func recall(_ key: Int) throws(CheckpointError) {
    guard let value = memo[key] else {
      throw damaged("the pickle recalls value \(key), which it has not named")
    }
    stack.append(value)
  }

  // MARK: Containers

  private mutating func pushEmpty(_ code: UInt8) {
    if code == UInt8(ascii: "}") {
      stack.append(.dictionary(dictionaries.count))
      dictionaries.append([])
    } else {
      pushSequence([])
    }
  }

  private mutating func pushSequence(_ values: [PickleValue]) {
    stack.append(.sequence(sequences.count))
    sequences.append(values)
  }

  private mutating func append(_ values: [PickleValue]) throws(CheckpointError) {
    guard case .sequence(let place) = try top() else {
      throw damaged("the pickle appends to what is no list")
    }
    sequences[place].append(contentsOf: values)
  }

  private mutating func setItems(_ values: [PickleValue]) throws(CheckpointError) {
    guard case .dictionary(let place) = try top() else {
      throw damaged("the pickle sets items of no dictionary")
    }
    guard values.count.isMultiple(of: 2) else { throw damaged("the pickle sets a key without a value") }
    for index in stride(from: 0, to: values.count, by: 2) {
      dictionaries[place].append((values[index], values[index + 1]))
    }
  }

  // MARK: Names and objects

  private mutating func pushGlobal(module: String, name: String) throws(CheckpointError) {
    guard let global = PickleGlobal(module: module, name: name) else {
      throw refused(
        "'\(module).\(name)', which is not among the names that weights need; save the state_dict alone")
    }
    stack.append(.global(global))
  }

  /// BINPERSID: ('storage', class, key, device, length).
  private mutating func pushStorage() throws(CheckpointError) {
    guard case .sequence(let place) = try pop(), sequences[place].count == 5,
      case .text("storage") = sequences[place][0],
      case .global(.storageClass(let type)) = sequences[place][1],
      case .text(let key) = sequences[place][2], case .integer(let count) = sequences[place][4], count >= 0
    else { throw damaged("a storage should be ('storage', class, key, device, length)") }
    stack.append(.storage(storages.count))
    storages.append(PickleStorage(type: type, key: key, count: count))
  }

  private mutating func reduce() throws(CheckpointError) {
    let operands = try pop(2)
    guard case .global(let function) = operands[0], case .sequence(let place) = operands[1] else {
      throw damaged("the pickle calls \(operands[0].kind) with \(operands[1].kind)")
    }
    let arguments = sequences[place]
    switch function {
    case .orderedDictionary where arguments.isEmpty: pushEmpty(UInt8(ascii: "}"))
    case .size where arguments.count == 1:
      guard case .sequence = arguments[0] else { throw damaged("torch.Size needs a tuple") }
      stack.append(arguments[0])
    case .rebuildParameter where arguments.count == 3:  // (data, requires_grad, hooks)
      guard case .tensor = arguments[0] else { throw damaged("_rebuild_parameter needs a tensor") }
      stack.append(arguments[0])
    case .rebuildTensor where (6...7).contains(arguments.count):
      // (storage, offset, size, stride, requires_grad, hooks[, metadata])
      guard case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
        let shape = integers(arguments[2]), let strides = integers(arguments[3])
      else { throw damaged("_rebuild_tensor_v2 needs a storage, an offset, a size and strides") }
      stack.append(.tensor(tensors.count))
      tensors.append(
        PickleTensor(storage: storages[storage], offset: offset, shape: shape, strides: strides))
    default:
      throw damaged("the pickle calls a function with \(arguments.count) arguments that it does not take")
    }
  }

  /// BUILD: an object's further attributes.
  ///
  /// Those of a state dictionary are its modules' versions, not needed here.
  private mutating func build() throws(CheckpointError) {
    let state = try pop()
    guard case .dictionary = state, case .dictionary = try top() else {
      throw damaged("the pickle gives \(state.kind) as attributes to \(try top().kind)")
    }
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard case .sequence(let place) = value, sequences[place].count <= TensorShape.maximumRank else {
      return nil
    }
    var result: [Int] = []
    for element in sequences[place] {
      guard case .integer(let integer) = element else { return nil }
      result.append(integer)
    }
    return result
  }

  // MARK: Bytes

  /// LONG1: little-endian two's complement of as many bytes as its first says.
  private mutating func longInteger() throws(CheckpointError) -> Int {
    let bytes = try reader.take(Int(try reader.byte()))
    guard bytes.count <= 8 else { throw refused("an integer of \(bytes.count) bytes") }
    var value: UInt64 = bytes.last.map { $0 & 0x80 != 0 } == true ? .max : 0
    for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
    return Int(truncatingIfNeeded: value)
  }

  /// The text up to a line feed.
  private mutating func line() throws(CheckpointError) -> String {
    let begin = reader.position
    while reader.peek != UInt8(ascii: "\n") { _ = try reader.byte() }
    let count = reader.position - begin
    try reader.seek(to: begin, for: "a name")
    let text = try reader.text(count)
    reader.skip()
    return text
  }

  private func damaged(_ fault: String) -> CheckpointError { reader.damaged(fault, at: start) }

  private func refused(_ what: String) -> CheckpointError {
    .unsupported(
      path: reader.path,
      fault: "its pickle is read without being executed, and at byte \(start) of data.pkl it asks for \(what)"
    )
  }
}
