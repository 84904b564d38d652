import CHDF5

/// What a dataset holds where nothing was written.
public enum FillValue: Sendable, Equatable {
  /// Not a number, for floating-point elements.
  case notANumber
  /// An integer, for integer elements.
  case integer(Int)
}

/// How a new dataset is stored.
public struct DatasetOptions: Sendable, Equatable {
  /// The extents of a chunk; `nil` stores the elements in one piece.
  public var chunk: [Int]?
  /// What is read where nothing was written; 0 by default.
  public var fill: FillValue?
  /// The byte-shuffle filter.
  public var shuffle: Bool
  /// The deflate filter's level, 0 to 9; `nil` for no compression.
  public var deflate: Int?

  /// Gathers the parts.
  public init(
    chunk: [Int]? = nil, fill: FillValue? = nil, shuffle: Bool = false, deflate: Int? = nil
  ) {
    self.chunk = chunk
    self.fill = fill
    self.shuffle = shuffle
    self.deflate = deflate
  }

  func makePropertyList(_ type: ElementType) throws(HDF5Error) -> Handle {
    let list = try Handle(.propertyList, "create a property list") { H5Pcreate(rp_H5P_DATASET_CREATE()) }
    // Without this a dataset records when it was made, and no two captures are byte-identical.
    try check("switch object times off") { H5Pset_obj_track_times(list.id, false) }
    if let chunk {
      let extents = chunk.map { hsize_t($0) }
      try check("set chunks of \(chunk)") { H5Pset_chunk(list.id, Int32(extents.count), extents) }
    }
    switch fill {
    case .notANumber:
      // Given in the stored type itself: HDF5's own conversion would choose another NaN.
      let stored = try type.makeHandle()
      switch type {
      case .float16:
        var bits: UInt16 = 0x7E00
        try check("set the fill value") { H5Pset_fill_value(list.id, stored.id, &bits) }
      case .float32:
        var value = Float.nan
        try check("set the fill value") { H5Pset_fill_value(list.id, stored.id, &value) }
      default:
        var value = Double.nan
        let double = try ElementType.float64.makeHandle()
        try check("set the fill value") { H5Pset_fill_value(list.id, double.id, &value) }
      }
    case .integer(var value):
      let integer = try ElementType.int64.makeHandle()
      try check("set the fill value") { H5Pset_fill_value(list.id, integer.id, &value) }
    case nil: break
    }
    if shuffle { try check("set the shuffle filter") { H5Pset_shuffle(list.id) } }
    if let deflate {
      try check("set the deflate filter") { H5Pset_deflate(list.id, UInt32(deflate)) }
    }
    return list
  }
}

extension HDF5Location where Self: ~Copyable {
  /// Creates a dataset of numbers, and the groups on the way to it.
  public borrowing func createDataset(
    _ path: String, type: ElementType, shape: [Int], options: DatasetOptions = DatasetOptions()
  ) throws(HDF5Error) -> Dataset {
    try createParents(of: path)
    let list = try options.makePropertyList(type)
    let stored = try type.makeHandle()
    let space = try Dataspace.make(shape)
    let links = try makeLinkCreation()
    let name = "\(path) of \(label)"
    let handle = try Handle(.object, "create dataset '\(path)' in \(label)") {
      H5Dcreate2(identifier, path, stored.id, space.id, links.id, list.id, hid_t(H5P_DEFAULT))
    }
    return try Dataset.adopt(handle, label: name)
  }
}
