/// An open group.
public struct Group: ~Copyable, HDF5Location, Sendable {
  let handle: Handle
  /// The path and the file.
  public let label: String
  /// HDF5's own number for the group.
  public var identifier: Int64 { handle.id }

  init(handle: consuming Handle, label: String) {
    self.handle = handle
    self.label = label
  }
}
