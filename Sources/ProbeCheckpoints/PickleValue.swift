/// What a pickle can build here.
///
/// Containers and tensors are places in the machine's store, as in Python they are
/// references; no value holds another, so that none is deep.
enum PickleValue {
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  /// A name out of the closed list of ``PickleGlobal``.
  case global(PickleGlobal)
  /// A place in ``PickleMachine/dictionaries``.
  case dictionary(Int)
  /// A place in ``PickleMachine/sequences``: a list or a tuple.
  case sequence(Int)
  /// A place in ``PickleMachine/storages``.
  case storage(Int)
  /// A place in ``PickleMachine/tensors``.
  case tensor(Int)

  /// What it is called in messages.
  var kind: String {
    switch self {
    case .none: "None"
    case .boolean: "a boolean"
    case .integer: "an integer"
    case .number: "a number"
    case .text: "a string"
    case .global: "a class or function"
    case .dictionary: "a dictionary"
    case .sequence: "a list or tuple"
    case .storage: "a storage"
    case .tensor: "a tensor"
    }
  }
}

/// A storage that a pickle refers to: raw memory that tensors are views of.
struct PickleStorage {
  let type: ElementType
  /// Its member's name under `data/`.
  let key: String
  /// Its length in elements.
  let count: Int
}

/// A tensor that a pickle describes: a view of a storage.
struct PickleTensor {
  let storage: PickleStorage
  let offset: Int
  let shape: [Int]
  let strides: [Int]
}

/// The names a pickle may refer to.
///
/// Nothing is imported: each stands for code of ours.
enum PickleGlobal: Equatable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case size
  /// A storage class such as `torch.FloatStorage`.
  case storageClass(ElementType)
  /// An element type such as `torch.float32`, of which nothing is made.
  case elementType

  /// The name's meaning, or `nil` for one outside the list.
  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", "Size"): self = .size
    case ("torch", _):
      if let type = Self.storageClasses[name] {
        self = .storageClass(type)
      } else if Self.elementTypes.contains(name) {
        self = .elementType
      } else {
        return nil
      }
    default: return nil
    }
  }

  private static let storageClasses: [String: ElementType] = [
    "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16,
    "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8,
    "ByteStorage": .uint8, "BoolStorage": .bool,
  ]

  private static let elementTypes: Set<String> = [
    "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool",
  ]
}
