import CHDF5

/// An open HDF5 file; as a location it is its root group.
///
/// Files are created for HDF5 1.8 readers and up (library bounds V18), and closed only when nothing in them is
/// open any more (`H5F_CLOSE_SEMI`), so that a leaked handle shows as an error and not as a locked file.
public struct File: ~Copyable, HDF5Location, Sendable {
  /// How a file is opened.
  public enum Mode: Sendable {
    /// A new file; an existing one of the same name is emptied.
    case create
    /// An existing file, to read.
    case read
    /// An existing file, to read and write.
    case readWrite
  }

  let handle: Handle
  /// The file's path.
  public let label: String
  /// HDF5's own number for the file.
  public var identifier: Int64 { handle.id }

  /// Opens or creates a file.
  ///
  /// In a file opened for writing, no metadata reaches the disk between two calls of ``flush()``: a writer that
  /// is killed leaves the file as the last flush left it.
  public init(_ path: String, mode: Mode) throws(HDF5Error) {
    label = path
    let access = try Handle(.propertyList, "create a property list") { H5Pcreate(rp_H5P_FILE_ACCESS()) }
    try check("set the library bounds") {
      H5Pset_libver_bounds(access.id, H5F_LIBVER_V18, H5F_LIBVER_V18)
    }
    try check("set the close degree") { H5Pset_fclose_degree(access.id, H5F_CLOSE_SEMI) }
    switch mode {
    case .create:
      try check("set the cache") { rp_H5Pset_no_metadata_eviction(access.id) }
      let creation = try Handle(.propertyList, "create a property list") { H5Pcreate(rp_H5P_FILE_CREATE()) }
      try check("switch the root's times off") { H5Pset_obj_track_times(creation.id, false) }
      handle = try Handle(.file, "create \(path)") {
        H5Fcreate(path, rp_H5F_ACC_TRUNC(), creation.id, access.id)
      }
    case .read:
      handle = try Handle(.file, "open \(path)") { H5Fopen(path, rp_H5F_ACC_RDONLY(), access.id) }
    case .readWrite:
      try check("set the cache") { rp_H5Pset_no_metadata_eviction(access.id) }
      handle = try Handle(.file, "open \(path) for writing") {
        H5Fopen(path, rp_H5F_ACC_RDWR(), access.id)
      }
    }
  }

  /// Writes everything that is still in memory.
  public borrowing func flush() throws(HDF5Error) {
    try check("write \(label)") { H5Fflush(handle.id, H5F_SCOPE_LOCAL) }
  }

  /// Closes the file, and says whether its last bytes could be written.
  ///
  /// - Throws: also when a group or dataset of the file is still open.
  public consuming func close() throws(HDF5Error) {
    let label = label
    try handle.close("close \(label)")
  }
}

/// Facts about the HDF5 library this process loaded.
public enum HDF5Library {
  /// Such as `1.10.8`.
  public static var version: String {
    var major: UInt32 = 0
    var minor: UInt32 = 0
    var release: UInt32 = 0
    H5get_libversion(&major, &minor, &release)
    return "\(major).\(minor).\(release)"
  }

  /// Whether the library locks itself, so that several threads may call it.
  public static var isThreadSafe: Bool {
    var flag = hbool_t(false)
    return H5is_library_threadsafe(&flag) >= 0 && flag
  }
}
