import ProbeLinearAlgebra

extension GRUCell {
  /// dF/dh and dF/dx by the chain rule.
  ///
  /// With a the new gate's pre-activation, PyTorch's order (q = U_n h + c_n):
  ///
  ///     dh' = (1-z) (1-n²) (r U_n + q r(1-r) U_r) + (h-n) z(1-z) U_z + diag(z)
  ///
  /// and in the original order the bracket is U_n (diag(r) + diag(h r(1-r)) U_r).
  public func jacobians(
    states: UnsafePointer<Double>, stateStride: Int, inputs: UnsafePointer<Double>, inputStride: Int,
    count: Int, into jacobians: UnsafeMutablePointer<Double>, inputJacobians: UnsafeMutablePointer<Double>?
  ) {
    let n = hiddenSize
    let projected = preactivations(
      inputWeight, bias: projectionBias, inputs, stride: inputStride, count: count)
    let recurrent = preactivations(recurrentWeight, bias: nil, states, stride: stateStride, count: count)
    jacobians.update(repeating: 0, count: count * n * n)
    inputJacobians?.update(repeating: 0, count: count * n * inputSize)
    var factors = [Double](repeating: 0, count: 5 * n)
    for row in 0..<count {
      let hidden = states + row * stateStride
      let target = jacobians + row * n * n
      let inputTarget = inputJacobians.map { $0 + row * n * inputSize }
      factors.withUnsafeMutableBufferPointer { factors in
        guard let base = factors.baseAddress else { return }
        // Slopes of h'_i along the reset, update and new pre-activations, and the gates themselves.
        let (resetSlope, updateSlope, newSlope) = (base, base + n, base + 2 * n)
        let (reset, update) = (base + 3 * n, base + 4 * n)
        for unit in 0..<n {
          reset[unit] = projected[row * 3 * n + unit] + recurrent[row * 3 * n + unit]
          update[unit] = projected[row * 3 * n + n + unit] + recurrent[row * 3 * n + n + unit]
        }
        Double.sigmoid(reset, count: 2 * n)
        if resetBefore {
          for unit in 0..<n { resetSlope[unit] = reset[unit] * hidden[unit] }
          let product = preactivations(
            recurrentWeight.rows(2 * n..<3 * n), bias: nil, UnsafePointer(resetSlope), stride: n, count: 1)
          for unit in 0..<n { newSlope[unit] = projected[row * 3 * n + 2 * n + unit] + product[unit] }
        } else {
          for unit in 0..<n {
            let q = recurrent[row * 3 * n + 2 * n + unit] + recurrentBias[2 * n + unit]
            resetSlope[unit] = q
            newSlope[unit] = projected[row * 3 * n + 2 * n + unit] + reset[unit] * q
          }
        }
        Double.tanh(newSlope, count: n)
        for unit in 0..<n {
          let (z, new) = (update[unit], newSlope[unit])
          updateSlope[unit] = (hidden[unit] - new) * z * (1 - z)
          newSlope[unit] = (1 - z) * (1 - new * new)
          target[unit * n + unit] = z
        }
        addScaledRows(recurrentWeight, rowOffset: n, factors: updateSlope, count: n, to: target, stride: n)
        if resetBefore {
          addOriginalNewGate(
            hidden: hidden, reset: reset, newSlope: newSlope, to: target, inputTarget: inputTarget)
        } else {
          for unit in 0..<n {
            resetSlope[unit] *= newSlope[unit] * reset[unit] * (1 - reset[unit])
            reset[unit] *= newSlope[unit]
          }
          addScaledRows(recurrentWeight, rowOffset: 0, factors: resetSlope, count: n, to: target, stride: n)
          addScaledRows(recurrentWeight, rowOffset: 2 * n, factors: reset, count: n, to: target, stride: n)
          if let inputTarget {
            addScaledRows(
              inputWeight, rowOffset: 0, factors: resetSlope, count: n, to: inputTarget, stride: inputSize)
          }
        }
        if let inputTarget {
          addScaledRows(
            inputWeight, rowOffset: n, factors: updateSlope, count: n, to: inputTarget, stride: inputSize)
          addScaledRows(
            inputWeight, rowOffset: 2 * n, factors: newSlope, count: n, to: inputTarget, stride: inputSize)
        }
      }
    }
  }

  /// Adds diag(newSlope) U_n (diag(r) + diag(h r(1-r)) U_r), and its counterpart for the input.
  private func addOriginalNewGate(
    hidden: UnsafePointer<Double>, reset: UnsafePointer<Double>, newSlope: UnsafePointer<Double>,
    to target: UnsafeMutablePointer<Double>, inputTarget: UnsafeMutablePointer<Double>?
  ) {
    let n = hiddenSize
    let slopes = (0..<n).map { hidden[$0] * reset[$0] * (1 - reset[$0]) }
    var inner = Matrix<Double>(rows: n, columns: n)
    for unit in 0..<n { inner[unit, unit] = reset[unit] }
    addScaledRows(recurrentWeight, rowOffset: 0, factors: slopes, count: n, to: &inner.elements, stride: n)
    let newWeight = recurrentWeight.rows(2 * n..<3 * n)
    addScaledRows(newWeight * inner, rowOffset: 0, factors: newSlope, count: n, to: target, stride: n)
    if let inputTarget {
      var throughReset = Matrix<Double>(rows: n, columns: inputSize)
      addScaledRows(
        inputWeight, rowOffset: 0, factors: slopes, count: n, to: &throughReset.elements, stride: inputSize)
      addScaledRows(
        newWeight * throughReset, rowOffset: 0, factors: newSlope, count: n, to: inputTarget,
        stride: inputSize)
    }
  }
}
