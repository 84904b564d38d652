import CHDF5

/// What carries attributes: a file's root, a group, a dataset.
///
/// The identifier is lent; only its owner closes it.
public protocol HDF5Object: ~Copyable {
  /// HDF5's own number for the open object.
  var identifier: Int64 { get }
  /// How error texts name the object.
  var label: String { get }
}

/// What holds groups and datasets: a file's root, or a group.
public protocol HDF5Location: ~Copyable, HDF5Object {}

/// The kinds of member a group can have.
public enum MemberKind: Sendable, Equatable {
  /// A group.
  case group
  /// A dataset.
  case dataset
  /// A named type, or a link that leads nowhere.
  case other
}

extension HDF5Location where Self: ~Copyable {
  /// Creates a group, and those on the way to it.
  public borrowing func createGroup(_ path: String) throws(HDF5Error) -> Group {
    try createParents(of: path)
    return Group(handle: try createOneGroup(path), label: "\(path) of \(label)")
  }

  private borrowing func createOneGroup(_ path: String) throws(HDF5Error) -> Handle {
    let links = try makeLinkCreation()
    let list = try Handle(.propertyList, "create a property list") { H5Pcreate(rp_H5P_GROUP_CREATE()) }
    try check("switch object times off") { H5Pset_obj_track_times(list.id, false) }
    return try Handle(.object, "create group '\(path)' in \(label)") {
      H5Gcreate2(identifier, path, links.id, list.id, hid_t(H5P_DEFAULT))
    }
  }

  /// Creates the groups on the way to a path that are missing.
  ///
  /// HDF5 would do it by itself, but such groups hold the time at which they were made.
  borrowing func createParents(of path: String) throws(HDF5Error) {
    var prefix = ""
    for part in path.split(separator: "/").dropLast() {
      prefix += (prefix.isEmpty ? "" : "/") + part
      let isThere = try contains(prefix)
      if !isThere { _ = try createOneGroup(prefix) }
    }
  }

  /// Opens a group.
  public borrowing func group(_ path: String) throws(HDF5Error) -> Group {
    let handle = try Handle(.object, "open group '\(path)' of \(label)") {
      H5Gopen2(identifier, path, hid_t(H5P_DEFAULT))
    }
    return Group(handle: handle, label: "\(path) of \(label)")
  }

  /// Opens a dataset.
  public borrowing func dataset(_ path: String) throws(HDF5Error) -> Dataset {
    let handle = try Handle(.object, "open dataset '\(path)' of \(label)") {
      H5Dopen2(identifier, path, hid_t(H5P_DEFAULT))
    }
    return try Dataset.adopt(handle, label: "\(path) of \(label)")
  }

  /// Whether there is a member of this name; every group on the way is looked at.
  public borrowing func contains(_ path: String) throws(HDF5Error) -> Bool {
    var prefix = ""
    for part in path.split(separator: "/") {
      prefix += (prefix.isEmpty ? "" : "/") + part
      let (here, label) = (prefix, label)
      let found = try check("look for '\(here)' in \(label)") {
        H5Lexists(identifier, here, hid_t(H5P_DEFAULT))
      }
      if found == 0 { return false }
    }
    return true
  }

  /// The names of the members, in order of their names.
  public borrowing func members() throws(HDF5Error) -> [String] {
    let label = label
    var info = H5G_info_t()
    try check("list \(label)") { H5Gget_info(identifier, &info) }
    var names: [String] = []
    for index in 0..<info.nlinks {
      let length = try check("list \(label)") {
        H5Lget_name_by_idx(
          identifier, ".", H5_INDEX_NAME, H5_ITER_INC, index, nil, 0, hid_t(H5P_DEFAULT))
      }
      var name = [CChar](repeating: 0, count: Int(length) + 1)
      try check("list \(label)") {
        H5Lget_name_by_idx(
          identifier, ".", H5_INDEX_NAME, H5_ITER_INC, index, &name, name.count, hid_t(H5P_DEFAULT))
      }
      names.append(String(decoding: name.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    return names
  }

  /// What a member is.
  public borrowing func kind(of path: String) -> MemberKind {
    guard
      let object = try? Handle(.object, "open", { H5Oopen(identifier, path, hid_t(H5P_DEFAULT)) })
    else { return .other }
    switch H5Iget_type(object.id) {
    case H5I_GROUP: return .group
    case H5I_DATASET: return .dataset
    default: return .other
    }
  }

  /// UTF-8 names.
  func makeLinkCreation() throws(HDF5Error) -> Handle {
    let list = try Handle(.propertyList, "create a property list") { H5Pcreate(rp_H5P_LINK_CREATE()) }
    try check("ask for UTF-8 names") { H5Pset_char_encoding(list.id, H5T_CSET_UTF8) }
    return list
  }
}
