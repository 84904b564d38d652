import CHDF5
import Glibc

extension Dataset {
  /// Reads the box of `counts` elements from `start`, converted to the given type, row-major.
  ///
  /// - Throws: when the box does not fit in the shape, when the elements are no numbers, when they would not fit
  ///   in this machine's memory, and when the file is damaged.
  public borrowing func read<Scalar: HDF5Scalar>(
    _ type: Scalar.Type, start: [Int], counts: [Int]
  ) throws(HDF5Error) -> [Scalar] {
    let label = label
    let file = try Dataspace.box(in: shape, start: start, counts: counts, label: label)
    let count = counts.reduce(1, *)
    if count == 0 { return [] }
    try checkMemory(count: count, bytes: MemoryLayout<Scalar>.stride)
    let memory = try Dataspace.make(counts)
    let memoryType = try Scalar.elementType.makeHandle()
    var status: herr_t = -1
    let id = handle.id
    H5Eset_auto2(hid_t(H5E_DEFAULT), nil, nil)
    let values = [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
      status = H5Dread(id, memoryType.id, memory.id, file.id, hid_t(H5P_DEFAULT), buffer.baseAddress)
      initialized = status < 0 ? 0 : count
    }
    if status < 0 { throw HDF5Error("read \(label)") }
    return values
  }

  /// Reads everything, converted to the given type, row-major.
  public borrowing func read<Scalar: HDF5Scalar>(_ type: Scalar.Type) throws(HDF5Error) -> [Scalar] {
    try read(type, start: shape.map { _ in 0 }, counts: shape)
  }

  /// Reads the stored bits of a box of 16-bit elements (binary16, or bfloat16 kept as `uint16`), unconverted.
  ///
  /// HDF5 converts binary16 bit by bit; taking the bits and widening them here is many times faster.
  ///
  /// - Precondition: the elements are `float16` or `uint16`.
  public borrowing func readBits16(start: [Int], counts: [Int]) throws(HDF5Error) -> [UInt16] {
    precondition(elementType == .float16 || elementType == .uint16, "16-bit elements only")
    let label = label
    let file = try Dataspace.box(in: shape, start: start, counts: counts, label: label)
    let count = counts.reduce(1, *)
    if count == 0 { return [] }
    try checkMemory(count: count, bytes: 2)
    let memory = try Dataspace.make(counts)
    let memoryType = try elementType.makeHandle()
    var values = [UInt16](repeating: 0, count: count)
    try check("read \(label)") {
      H5Dread(handle.id, memoryType.id, memory.id, file.id, hid_t(H5P_DEFAULT), &values)
    }
    return values
  }

  /// Writes a box of elements from `start`, converted to the stored type.
  ///
  /// - Precondition: `values.count` is the product of `counts`.
  public borrowing func write<Scalar: HDF5Scalar>(
    _ values: [Scalar], start: [Int], counts: [Int]
  ) throws(HDF5Error) {
    precondition(values.count == counts.reduce(1, *), "element count must be the product of the counts")
    let label = label
    let file = try Dataspace.box(in: shape, start: start, counts: counts, label: label)
    if values.isEmpty { return }
    let memory = try Dataspace.make(counts)
    let type = try Scalar.elementType.makeHandle()
    try check("write \(label)") {
      H5Dwrite(handle.id, type.id, memory.id, file.id, hid_t(H5P_DEFAULT), values)
    }
  }

  /// Writes everything.
  public borrowing func write<Scalar: HDF5Scalar>(_ values: [Scalar]) throws(HDF5Error) {
    try write(values, start: shape.map { _ in 0 }, counts: shape)
  }

  /// Writes one chunk whose bytes have been through the dataset's filters already.
  ///
  /// - Parameters:
  ///   - bytes: the filtered chunk; lent for the call only.
  ///   - offset: the chunk's first element, a multiple of the chunk's extents.
  /// - Throws: ``HDF5Error`` when the chunk cannot be written, for want of space for instance.
  public borrowing func writeChunk(_ bytes: UnsafeRawBufferPointer, at offset: [Int]) throws(HDF5Error) {
    let start = offset.map { hsize_t($0) }
    let label = label
    try check("write a chunk of \(label)") {
      H5Dwrite_chunk(handle.id, hid_t(H5P_DEFAULT), 0, start, bytes.count, bytes.baseAddress)
    }
  }

  /// A damaged file can claim any size: ask before the allocator ends the process.
  func checkMemory(count: Int, bytes: Int) throws(HDF5Error) {
    let available = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    let (needed, overflow) = count.multipliedReportingOverflow(by: bytes)
    guard !overflow && needed <= available else {
      throw HDF5Error(
        "read \(label)", cause: "\(count) elements do not fit in this machine's \(available) bytes of memory")
    }
  }
}
