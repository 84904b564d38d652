internal import CVectorMath
public import ProbeLinearAlgebra

/// A scalar with the vector kernels that cells use.
public protocol CellScalar: BLASScalar {
  /// In place: max(x, 0).
  static func relu(_ values: UnsafeMutablePointer<Self>, count: Int)
  /// In place: tanh.
  static func tanh(_ values: UnsafeMutablePointer<Self>, count: Int)
  /// In place: the logistic function.
  static func sigmoid(_ values: UnsafeMutablePointer<Self>, count: Int)
  /// In place: softmax over at least one score; returns the entropy in nats.
  @discardableResult
  static func softmax(_ values: UnsafeMutablePointer<Self>, count: Int) -> Self
  /// One row of a GRU: see `rp_gru_row_f32`.
  static func gruRow(
    _ projected: UnsafePointer<Self>, _ recurrent: UnsafePointer<Self>, _ newBias: UnsafePointer<Self>,
    hidden: UnsafeMutablePointer<Self>, gates: UnsafeMutablePointer<Self>?, count: Int)
  /// One row of an LSTM: see `rp_lstm_row_f32`.
  static func lstmRow(
    _ projected: UnsafePointer<Self>, _ recurrent: UnsafePointer<Self>, hidden: UnsafeMutablePointer<Self>,
    cell: UnsafeMutablePointer<Self>, gates: UnsafeMutablePointer<Self>?, count: Int)
}

extension Float: CellScalar {
  /// In place: max(x, 0).
  public static func relu(_ values: UnsafeMutablePointer<Float>, count: Int) {
    rp_relu_f32(values, values, count)
  }
  /// In place: tanh.
  public static func tanh(_ values: UnsafeMutablePointer<Float>, count: Int) {
    rp_tanh_f32(values, values, count)
  }
  /// In place: the logistic function.
  public static func sigmoid(_ values: UnsafeMutablePointer<Float>, count: Int) {
    rp_sigmoid_f32(values, values, count)
  }
  /// In place: softmax over at least one score; returns the entropy in nats.
  @discardableResult
  public static func softmax(_ values: UnsafeMutablePointer<Float>, count: Int) -> Float {
    rp_softmax_f32(values, count)
  }
  /// One row of a GRU.
  public static func gruRow(
    _ projected: UnsafePointer<Float>, _ recurrent: UnsafePointer<Float>, _ newBias: UnsafePointer<Float>,
    hidden: UnsafeMutablePointer<Float>, gates: UnsafeMutablePointer<Float>?, count: Int
  ) { rp_gru_row_f32(projected, recurrent, newBias, hidden, gates, count) }
  /// One row of an LSTM.
  public static func lstmRow(
    _ projected: UnsafePointer<Float>, _ recurrent: UnsafePointer<Float>, hidden: UnsafeMutablePointer<Float>,
    cell: UnsafeMutablePointer<Float>, gates: UnsafeMutablePointer<Float>?, count: Int
  ) { rp_lstm_row_f32(projected, recurrent, hidden, cell, gates, count) }
}

extension Double: CellScalar {
  /// In place: max(x, 0).
  public static func relu(_ values: UnsafeMutablePointer<Double>, count: Int) {
    rp_relu_f64(values, values, count)
  }
  /// In place: tanh.
  public static func tanh(_ values: UnsafeMutablePointer<Double>, count: Int) {
    rp_tanh_f64(values, values, count)
  }
  /// In place: the logistic function.
  public static func sigmoid(_ values: UnsafeMutablePointer<Double>, count: Int) {
    rp_sigmoid_f64(values, values, count)
  }
  /// In place: softmax over at least one score; returns the entropy in nats.
  @discardableResult
  public static func softmax(_ values: UnsafeMutablePointer<Double>, count: Int) -> Double {
    rp_softmax_f64(values, count)
  }
  /// One row of a GRU.
  public static func gruRow(
    _ projected: UnsafePointer<Double>, _ recurrent: UnsafePointer<Double>, _ newBias: UnsafePointer<Double>,
    hidden: UnsafeMutablePointer<Double>, gates: UnsafeMutablePointer<Double>?, count: Int
  ) { rp_gru_row_f64(projected, recurrent, newBias, hidden, gates, count) }
  /// One row of an LSTM.
  public static func lstmRow(
    _ projected: UnsafePointer<Double>, _ recurrent: UnsafePointer<Double>,
    hidden: UnsafeMutablePointer<Double>,
    cell: UnsafeMutablePointer<Double>, gates: UnsafeMutablePointer<Double>?, count: Int
  ) { rp_lstm_row_f64(projected, recurrent, hidden, cell, gates, count) }
}

extension CellScalar {
  static func apply(_ nonlinearity: Nonlinearity, _ values: UnsafeMutablePointer<Self>, count: Int) {
    switch nonlinearity {
    case .tanh: tanh(values, count: count)
    case .relu: relu(values, count: count)
    }
  }
}
