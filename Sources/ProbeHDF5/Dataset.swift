import CHDF5

/// An open dataset.
public struct Dataset: ~Copyable, HDF5Object, Sendable {
  let handle: Handle
  /// The path and the file.
  public let label: String
  /// The extents; empty for a scalar.
  public let shape: [Int]
  /// How the elements are stored.
  public let elementType: ElementType
  /// HDF5's own number for the dataset.
  public var identifier: Int64 { handle.id }

  private init(handle: consuming Handle, label: String, shape: [Int], elementType: ElementType) {
    self.handle = handle
    self.label = label
    self.shape = shape
    self.elementType = elementType
  }

  /// Takes the handle of an open dataset over, and looks at what it is.
  static func adopt(_ handle: consuming Handle, label: String) throws(HDF5Error) -> Dataset {
    let id = handle.id
    let space = try Handle(.space, "look at \(label)") { H5Dget_space(id) }
    let shape = try Dataspace.shape(of: space, label: label)
    let type = try Handle(.type, "look at \(label)") { H5Dget_type(id) }
    return Dataset(handle: handle, label: label, shape: shape, elementType: ElementType(of: type))
  }

  /// The number of elements; the shape was checked not to overflow.
  public var count: Int { shape.reduce(1, *) }

  /// How the elements lie in the file.
  public borrowing func storage() throws(HDF5Error) -> StorageFacts {
    let label = label
    let list = try Handle(.propertyList, "look at \(label)") { H5Dget_create_plist(handle.id) }
    var chunk: [Int]?
    if H5Pget_layout(list.id) == H5D_CHUNKED {
      var extents = [hsize_t](repeating: 0, count: shape.count)
      try check("look at the chunks of \(label)") {
        H5Pget_chunk(list.id, Int32(extents.count), &extents)
      }
      chunk = extents.map { Int(clamping: $0) }
    }
    let count = try check("look at the filters of \(label)") { H5Pget_nfilters(list.id) }
    var filters: [Int] = []
    for index in 0..<UInt32(count) {
      var flags: UInt32 = 0
      var parameters = 0
      let filter = H5Pget_filter2(list.id, index, &flags, &parameters, nil, 0, nil, nil)
      filters.append(Int(filter))
    }
    return StorageFacts(
      chunk: chunk, filters: filters, storedBytes: Int(clamping: H5Dget_storage_size(handle.id)))
  }
}

/// How a dataset's elements lie in the file.
public struct StorageFacts: Sendable, Equatable {
  /// The extents of a chunk; `nil` for a dataset that is not chunked.
  public let chunk: [Int]?
  /// The numbers of the filters in the order in which they are applied on writing: 1 deflate, 2 shuffle, ...
  public let filters: [Int]
  /// Bytes in the file.
  public let storedBytes: Int
}

/// Shapes and selections.
enum Dataspace {
  /// The extents of a space; throws where their product does not fit in `Int`.
  static func shape(of space: borrowing Handle, label: String) throws(HDF5Error) -> [Int] {
    let rank = try check("look at the shape of \(label)") { H5Sget_simple_extent_ndims(space.id) }
    var extents = [hsize_t](repeating: 0, count: Int(rank))
    if rank > 0 {
      try check("look at the shape of \(label)") {
        H5Sget_simple_extent_dims(space.id, &extents, nil)
      }
    } else if H5Sget_simple_extent_type(space.id) == H5S_NULL {
      return [0]
    }
    var shape: [Int] = []
    var product = 1
    for extent in extents {
      guard let axis = Int(exactly: extent) else {
        throw HDF5Error("look at the shape of \(label)", cause: "an axis has \(extent) elements")
      }
      shape.append(axis)
      let (next, overflow) = product.multipliedReportingOverflow(by: max(axis, 1))
      guard !overflow else {
        throw HDF5Error("look at the shape of \(label)", cause: "\(extents) elements are too many")
      }
      product = next
    }
    return shape
  }

  /// A new space of the given shape.
  static func make(_ shape: [Int]) throws(HDF5Error) -> Handle {
    if shape.isEmpty {
      return try Handle(.space, "create a scalar") { H5Screate(H5S_SCALAR) }
    }
    let extents = shape.map { hsize_t($0) }
    return try Handle(.space, "create a dataspace of shape \(shape)") {
      H5Screate_simple(Int32(extents.count), extents, nil)
    }
  }

  /// The box of `counts` elements from `start` in the given shape.
  static func box(
    in shape: [Int], start: [Int], counts: [Int], label: String
  ) throws(HDF5Error) -> Handle {
    let fits =
      start.count == shape.count && counts.count == shape.count
      && shape.indices.allSatisfy { start[$0] >= 0 && counts[$0] >= 0 && start[$0] <= shape[$0] - counts[$0] }
    guard fits else {
      throw HDF5Error(
        "select elements of \(label)",
        cause: "start \(start) and counts \(counts) do not fit in the shape \(shape)")
    }
    let space = try make(shape)
    if !shape.isEmpty {
      let offsets = start.map { hsize_t($0) }
      let extents = counts.map { hsize_t($0) }
      try check("select elements of \(label)") {
        H5Sselect_hyperslab(space.id, H5S_SELECT_SET, offsets, nil, extents, nil)
      }
    }
    return space
  }
}
