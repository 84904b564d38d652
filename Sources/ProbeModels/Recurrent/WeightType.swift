import ProbeCheckpoints

extension Checkpoint {
  /// The floating type with the fewest significant bits among the tensors.
  var coarsestFloatingType: String {
    let order = ["BF16", "F16", "F32", "F64"]
    let present = Set(names.compactMap { information($0)?.type.rawValue })
    return order.first(where: present.contains) ?? "F64"
  }
}
