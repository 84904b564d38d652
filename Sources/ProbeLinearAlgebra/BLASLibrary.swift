internal import COpenBLAS

/// The OpenBLAS library that this process runs on.
public enum BLASLibrary {
  /// Makes every later BLAS call run on the calling thread alone; the package divides the work itself.
  public static func useOneThread() { openblas_set_num_threads(1) }

  /// The kernels that OpenBLAS chose for this processor, such as `SkylakeX`.
  public static var core: String { String(cString: openblas_get_corename()) }
}
