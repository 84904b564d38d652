/// The derivative of a function of vectors by central differences.
///
///     dF/dx_j = (F(x + h e_j) - F(x - h e_j)) / 2 h + O(h²)
///
/// With h near the cube root of the rounding unit times the size of x_j, truncation and rounding balance at about its
/// two-thirds power (Press et al., Numerical Recipes, 3rd ed. 2007, section 5.7): 4e-11 relative in f64.
struct CentralDifferences {
  /// h for x_j of at most 1; in proportion above.
  var step: Double

  /// Steps for functions computed in f64.
  static let double = CentralDifferences(step: 0x1p-17)
  /// Steps for functions computed in f32.
  static let single = CentralDifferences(step: 0x1p-7)

  /// Derivatives at several points.
  ///
  /// - Parameters:
  ///   - points: `[count, size]`.
  ///   - size: the number of arguments.
  ///   - outputs: the number of values.
  ///   - function: takes `rows` points, `[rows, size]`, and gives `[rows, outputs]`.
  /// - Returns: `[count, outputs, size]`.
  /// - Complexity: 2 size evaluations a point.
  func derivatives(
    at points: [Double], size: Int, outputs: Int, _ function: (_ points: [Double], _ rows: Int) -> [Double]
  ) -> [Double] {
    let count = size == 0 ? 0 : points.count / size
    var displaced: [Double] = []
    displaced.reserveCapacity(count * 2 * size * size)
    var widths: [Double] = []
    for row in 0..<count {
      let point = points[row * size..<(row + 1) * size]
      for argument in 0..<size {
        let start = displaced.count
        displaced += point
        displaced += point
        let value = displaced[start + argument]
        let width = step * max(1, abs(value))
        displaced[start + argument] = value + width
        displaced[start + size + argument] = value - width
        // What was added and taken away is not quite the width, by rounding.
        widths.append(displaced[start + argument] - displaced[start + size + argument])
      }
    }
    let values = function(displaced, count * 2 * size)
    var result = [Double](repeating: 0, count: count * outputs * size)
    for row in 0..<count {
      for argument in 0..<size {
        let pair = row * size + argument
        for output in 0..<outputs {
          let difference = values[2 * pair * outputs + output] - values[(2 * pair + 1) * outputs + output]
          result[(row * outputs + output) * size + argument] = difference / widths[pair]
        }
      }
    }
    return result
  }
}
