/// A file of `torch.save`: a zip of one pickle, `data.pkl`, and the storages that it refers to under `data/`.
///
/// Format: https://pytorch.org/docs/stable/notes/serialization.html, "Serialized file format for torch.save".
struct TorchArchive {
  /// The end of the pickle's name; what precedes it is the archive's folder.
  static let pickleName = "/data.pkl"
  /// A view may repeat its storage (stride 0) only up to this many elements, or a few bytes could fill any memory.
  static let maximumRepetition = 1 << 24

  private let archive: ZipArchive
  private let folder: String
  private let isBigEndian: Bool
  private let members: [String: ZipArchive.Member]
  private var machine: PickleMachine
  private var contents: [String: ByteSource] = [:]

  /// The tensors of the state dictionary in a zip of `torch.save`, and the plain values around them.
  static func read(
    _ archive: ZipArchive
  ) throws(CheckpointError) -> (tensors: [String: StoredTensor], metadata: [String: String]) {
    let path = archive.file.path
    let pickles = archive.members.filter { $0.name.hasSuffix(pickleName) }
    guard pickles.count == 1 else {
      throw .damaged(
        path: path, offset: nil, fault: "it has \(pickles.count) members data.pkl where one should be")
    }
    guard pickles[0].expandedCount <= PickleMachine.maximumLength else {
      throw .unsupported(
        path: path,
        fault: "its data.pkl has \(pickles[0].expandedCount) bytes; at most "
          + "\(PickleMachine.maximumLength) are read")
    }
    return try archive.content(of: pickles[0]).withBytes { bytes throws(CheckpointError) in
      let base = pickles[0].isDeflated ? nil : pickles[0].range.lowerBound
      var machine = PickleMachine(ByteReader(bytes, path: path, base: base))
      let root = try machine.run()
      var reading = try TorchArchive(
        archive, machine, folder: String(pickles[0].name.dropLast(pickleName.count)))
      var collector = StateDictionary(path: path)
      try collector.collect(root, machine)
      var tensors: [String: StoredTensor] = [:]
      for (name, place) in collector.tensors {
        tensors[name] = try reading.tensor(machine.tensors[place], name: name)
      }
      return (tensors, collector.metadata)
    }
  }

  private init(_ archive: ZipArchive, _ machine: PickleMachine, folder: String) throws(CheckpointError) {
    self.archive = archive
    self.machine = machine
    self.folder = folder
    var members: [String: ZipArchive.Member] = [:]
    for member in archive.members { members[member.name] = member }
    self.members = members
    var isBigEndian = false
    if let order = members["\(folder)/byteorder"] {
      let text = try archive.content(of: order).withBytes { String(decoding: $0.prefix(16), as: UTF8.self) }
      guard text == "little" || text == "big" else {
        throw .damaged(
          path: archive.file.path, offset: nil, fault: "its byte order is '\(text)', not little or big")
      }
      isBigEndian = text == "big"
    }
    self.isBigEndian = isBigEndian
  }

  /// The view of its storage that a pickled tensor is, checked against the storage's length.
  private mutating func tensor(_ tensor: PickleTensor, name: String) throws(CheckpointError) -> StoredTensor {
    let path = archive.file.path
    func damaged(_ fault: String) -> CheckpointError {
      .damaged(path: path, offset: nil, fault: "tensor '\(name)' \(fault)")
    }
    let storage = tensor.storage
    let memberName = "\(folder)/data/\(storage.key)"
    guard let member = members[memberName] else { throw damaged("needs \(memberName), which is not there") }
    let source: ByteSource
    if let known = contents[memberName] {
      source = known
    } else {
      source = try archive.content(of: member)
      contents[memberName] = source
    }
    guard storage.count <= source.count, storage.count * storage.type.byteCount == source.count else {
      throw damaged(
        "is in \(memberName), which should hold \(storage.count) elements of \(storage.type.rawValue) but has "
          + "\(source.count) bytes")
    }
    guard let count = TensorShape.count(tensor.shape), tensor.shape.count == tensor.strides.count,
      tensor.offset >= 0, tensor.strides.allSatisfy({ $0 >= 0 })
    else { throw damaged("has shape \(tensor.shape), strides \(tensor.strides), offset \(tensor.offset)") }
    guard let end = Self.end(of: tensor, count: count), end <= storage.count else {
      throw damaged(
        "of shape \(tensor.shape), strides \(tensor.strides) and offset \(tensor.offset) reaches past the "
          + "\(storage.count) elements of its storage")
    }
    guard count <= max(storage.count, Self.maximumRepetition) else {
      throw damaged("repeats the \(storage.count) elements of its storage to \(count)")
    }
    // A stride that is never taken may be any number; as 0 it can be added without harm.
    let strides = zip(tensor.shape, tensor.strides).map { extent, stride in
      count == 0 || extent < 2 ? 0 : stride
    }
    return StoredTensor(
      source, type: storage.type, shape: tensor.shape, strides: strides, offset: tensor.offset,
      isBigEndian: isBigEndian, file: path)
  }

  /// One past the last element of the storage that a view reaches; `nil` beyond `Int`.
  private static func end(of tensor: PickleTensor, count: Int) -> Int? {
    if count == 0 { return tensor.offset }
    var last = tensor.offset
    for (extent, stride) in zip(tensor.shape, tensor.strides) {
      let (reach, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, carry) = last.addingReportingOverflow(reach)
      guard !overflow, !carry else { return nil }
      last = sum
    }
    return last == Int.max ? nil : last + 1
  }
}
