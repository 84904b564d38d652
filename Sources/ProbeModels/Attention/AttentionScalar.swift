internal import CVectorMath
internal import ProbeLinearAlgebra

/// A scalar with the vector kernels that attention models use; see `CVectorMath.h` for each of them.
protocol AttentionScalar: CellScalar {
  static func softCap(_ values: UnsafeMutablePointer<Self>, cap: Self, count: Int)
  static func layerNorm(
    _ values: UnsafePointer<Self>, weight: UnsafePointer<Self>, bias: UnsafePointer<Self>?, epsilon: Self,
    into result: UnsafeMutablePointer<Self>, count: Int)
  static func rmsNorm(
    _ values: UnsafePointer<Self>, weight: UnsafePointer<Self>, epsilon: Self,
    into result: UnsafeMutablePointer<Self>, count: Int)
  static func activate(_ activation: Activation, _ values: UnsafeMutablePointer<Self>, count: Int)
  static func multiply(_ values: UnsafePointer<Self>, into result: UnsafeMutablePointer<Self>, count: Int)
  static func add(_ values: UnsafePointer<Self>, into result: UnsafeMutablePointer<Self>, count: Int)
  static func scale(_ factor: Self, _ values: UnsafeMutablePointer<Self>, count: Int)
  static func rotateHalf(
    _ values: UnsafeMutablePointer<Self>, cosine: UnsafePointer<Self>, sine: UnsafePointer<Self>, half: Int)
  static func largest(_ values: UnsafePointer<Self>, count: Int) -> (index: Int, value: Self)
  static func shareCount(
    _ values: UnsafePointer<Self>, count: Int, share: Self, work: UnsafeMutablePointer<Self>
  ) -> Int
  static func rowsTimes(
    _ matrix: UnsafePointer<Self>, _ vector: UnsafePointer<Self>, into result: UnsafeMutablePointer<Self>,
    rows: Int, count: Int)
  static func timesColumns(
    _ matrix: UnsafePointer<Self>, stride: Int, _ vector: UnsafePointer<Self>,
    into result: UnsafeMutablePointer<Self>, count: Int, columns: Int)
}

extension Float: AttentionScalar {
  static func softCap(_ values: UnsafeMutablePointer<Float>, cap: Float, count: Int) {
    rp_soft_cap_f32(values, cap, count)
  }
  static func layerNorm(
    _ values: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    epsilon: Float, into result: UnsafeMutablePointer<Float>, count: Int
  ) { rp_layer_norm_f32(values, weight, bias, epsilon, result, count) }
  static func rmsNorm(
    _ values: UnsafePointer<Float>, weight: UnsafePointer<Float>, epsilon: Float,
    into result: UnsafeMutablePointer<Float>, count: Int
  ) { rp_rms_norm_f32(values, weight, epsilon, result, count) }
  static func activate(_ activation: Activation, _ values: UnsafeMutablePointer<Float>, count: Int) {
    switch activation {
    case .gelu: rp_gelu_f32(values, count)
    case .geluTanh: rp_gelu_tanh_f32(values, count)
    case .quickGelu: rp_quick_gelu_f32(values, count)
    case .silu: rp_silu_f32(values, count)
    case .relu: rp_relu_f32(values, values, count)
    case .tanh: rp_tanh_f32(values, values, count)
    }
  }
  static func multiply(
    _ values: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, count: Int
  ) { rp_multiply_f32(values, result, count) }
  static func add(_ values: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, count: Int) {
    rp_add_f32(values, result, count)
  }
  static func scale(_ factor: Float, _ values: UnsafeMutablePointer<Float>, count: Int) {
    rp_scale_f32(factor, values, count)
  }
  static func rotateHalf(
    _ values: UnsafeMutablePointer<Float>, cosine: UnsafePointer<Float>, sine: UnsafePointer<Float>,
    half: Int
  ) { rp_rotate_half_f32(values, cosine, sine, half) }
  static func largest(_ values: UnsafePointer<Float>, count: Int) -> (index: Int, value: Float) {
    var value: Float = 0
    let index = rp_largest_f32(values, count, &value)
    return (index, value)
  }
  static func shareCount(
    _ values: UnsafePointer<Float>, count: Int, share: Float, work: UnsafeMutablePointer<Float>
  ) -> Int { rp_share_count_f32(values, count, share, work) }
  static func rowsTimes(
    _ matrix: UnsafePointer<Float>, _ vector: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, rows: Int, count: Int
  ) { rp_rows_times_f32(matrix, vector, result, rows, count) }
  static func timesColumns(
    _ matrix: UnsafePointer<Float>, stride: Int, _ vector: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, count: Int, columns: Int
  ) { rp_times_columns_f32(matrix, stride, vector, result, count, columns) }
}

extension Double: AttentionScalar {
  static func softCap(_ values: UnsafeMutablePointer<Double>, cap: Double, count: Int) {
    rp_soft_cap_f64(values, cap, count)
  }
  static func layerNorm(
    _ values: UnsafePointer<Double>, weight: UnsafePointer<Double>, bias: UnsafePointer<Double>?,
    epsilon: Double, into result: UnsafeMutablePointer<Double>, count: Int
  ) { rp_layer_norm_f64(values, weight, bias, epsilon, result, count) }
  static func rmsNorm(
    _ values: UnsafePointer<Double>, weight: UnsafePointer<Double>, epsilon: Double,
    into result: UnsafeMutablePointer<Double>, count: Int
  ) { rp_rms_norm_f64(values, weight, epsilon, result, count) }
  static func activate(_ activation: Activation, _ values: UnsafeMutablePointer<Double>, count: Int) {
    switch activation {
    case .gelu: rp_gelu_f64(values, count)
    case .geluTanh: rp_gelu_tanh_f64(values, count)
    case .quickGelu: rp_quick_gelu_f64(values, count)
    case .silu: rp_silu_f64(values, count)
    case .relu: rp_relu_f64(values, values, count)
    case .tanh: rp_tanh_f64(values, values, count)
    }
  }
  static func multiply(
    _ values: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>, count: Int
  ) { rp_multiply_f64(values, result, count) }
  static func add(_ values: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>, count: Int) {
    rp_add_f64(values, result, count)
  }
  static func scale(_ factor: Double, _ values: UnsafeMutablePointer<Double>, count: Int) {
    rp_scale_f64(factor, values, count)
  }
  static func rotateHalf(
    _ values: UnsafeMutablePointer<Double>, cosine: UnsafePointer<Double>, sine: UnsafePointer<Double>,
    half: Int
  ) { rp_rotate_half_f64(values, cosine, sine, half) }
  static func largest(_ values: UnsafePointer<Double>, count: Int) -> (index: Int, value: Double) {
    var value: Double = 0
    let index = rp_largest_f64(values, count, &value)
    return (index, value)
  }
  static func shareCount(
    _ values: UnsafePointer<Double>, count: Int, share: Double, work: UnsafeMutablePointer<Double>
  ) -> Int { rp_share_count_f64(values, count, share, work) }
  static func rowsTimes(
    _ matrix: UnsafePointer<Double>, _ vector: UnsafePointer<Double>,
    into result: UnsafeMutablePointer<Double>, rows: Int, count: Int
  ) { rp_rows_times_f64(matrix, vector, result, rows, count) }
  static func timesColumns(
    _ matrix: UnsafePointer<Double>, stride: Int, _ vector: UnsafePointer<Double>,
    into result: UnsafeMutablePointer<Double>, count: Int, columns: Int
  ) { rp_times_columns_f64(matrix, stride, vector, result, count, columns) }
}
