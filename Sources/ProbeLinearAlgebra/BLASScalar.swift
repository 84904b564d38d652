internal import COpenBLAS

/// A scalar that OpenBLAS and the vector kernels have code for: `Float` and `Double`.
public protocol BLASScalar: BinaryFloatingPoint, Sendable {
  /// `C = alpha op(A) op(B) + beta C`, all row-major; `op` transposes where asked.
  ///
  /// `op(A)` is `[rows, inner]`, `op(B)` `[inner, columns]`, `C` `[rows, columns]`; the strides are the distances
  /// between stored rows, in scalars.
  ///
  /// - Precondition: every extent and stride fits in `Int32` (LP64 BLAS).
  static func multiply(
    rows: Int, columns: Int, inner: Int, alpha: Self,
    _ a: UnsafePointer<Self>, stride aStride: Int, transposed aTransposed: Bool,
    _ b: UnsafePointer<Self>, stride bStride: Int, transposed bTransposed: Bool,
    beta: Self, into c: UnsafeMutablePointer<Self>, stride cStride: Int)
}

extension Float: BLASScalar {
  /// `sgemm`.
  public static func multiply(
    rows: Int, columns: Int, inner: Int, alpha: Float,
    _ a: UnsafePointer<Float>, stride aStride: Int, transposed aTransposed: Bool,
    _ b: UnsafePointer<Float>, stride bStride: Int, transposed bTransposed: Bool,
    beta: Float, into c: UnsafeMutablePointer<Float>, stride cStride: Int
  ) {
    guard rows > 0 && columns > 0 else { return }
    cblas_sgemm(
      CblasRowMajor, aTransposed ? CblasTrans : CblasNoTrans, bTransposed ? CblasTrans : CblasNoTrans,
      Int32(rows), Int32(columns), Int32(inner), alpha, a, Int32(aStride), b, Int32(bStride), beta, c,
      Int32(cStride))
  }
}

extension Double: BLASScalar {
  /// `dgemm`.
  public static func multiply(
    rows: Int, columns: Int, inner: Int, alpha: Double,
    _ a: UnsafePointer<Double>, stride aStride: Int, transposed aTransposed: Bool,
    _ b: UnsafePointer<Double>, stride bStride: Int, transposed bTransposed: Bool,
    beta: Double, into c: UnsafeMutablePointer<Double>, stride cStride: Int
  ) {
    guard rows > 0 && columns > 0 else { return }
    cblas_dgemm(
      CblasRowMajor, aTransposed ? CblasTrans : CblasNoTrans, bTransposed ? CblasTrans : CblasNoTrans,
      Int32(rows), Int32(columns), Int32(inner), alpha, a, Int32(aStride), b, Int32(bStride), beta, c,
      Int32(cStride))
  }
}
