import CHDF5

extension Dataset {
  /// Makes this dataset the coordinates of an axis (HDF5 Dimension Scale Specification 1.0).
  public borrowing func makeDimensionScale(named name: String) throws(HDF5Error) {
    let label = label
    try check("make \(label) a dimension scale") { H5DSset_scale(handle.id, name) }
  }

  /// Names the coordinates of an axis of this dataset.
  public borrowing func attach(_ scale: borrowing Dataset, toAxis axis: Int) throws(HDF5Error) {
    let (label, scaleLabel, scaleID) = (label, scale.label, scale.handle.id)
    try check("attach \(scaleLabel) to axis \(axis) of \(label)") {
      H5DSattach_scale(handle.id, scaleID, UInt32(axis))
    }
  }

  /// Names an axis of this dataset.
  public borrowing func setAxisLabel(_ name: String, axis: Int) throws(HDF5Error) {
    let label = label
    try check("name axis \(axis) of \(label)") { H5DSset_label(handle.id, UInt32(axis), name) }
  }
}
