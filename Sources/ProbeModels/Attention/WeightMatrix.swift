internal import CVectorMath
internal import ProbeCheckpoints
public import ProbeLinearAlgebra

/// The weight of a linear layer, read from where it lies.
///
/// Single-precision weights are multiplied in place in the mapped file; 16-bit ones are widened a tile of rows at a
/// time, so that a model larger than memory in single precision still runs.
public struct WeightMatrix: Sendable {
  /// The number of outputs.
  public let outputs: Int
  /// The number of inputs.
  public let inputs: Int
  let storage: Storage

  enum Storage: Sendable {
    /// `[*, inputs]`; output j is the row `rows.row(j)`.
    case rows(TensorView, RowMap)
    /// `[inputs, stride]` of `Float`, contiguous; output j is the column `first + j`.
    case columns(TensorView, first: Int, stride: Int)
    /// `[outputs, inputs]`.
    case resident([Float])
  }

  /// Which row of a tensor an output is: equal blocks of rows at equal distances, such as the queries among the
  /// interleaved queries, keys and values of GPT-NeoX.
  struct RowMap: Sendable {
    var first = 0
    var block: Int
    var distance: Int

    func row(_ output: Int) -> Int { first + output / block * distance + output % block }
  }

  init(outputs: Int, inputs: Int, storage: Storage) {
    self.outputs = outputs
    self.inputs = inputs
    self.storage = storage
  }

  /// Weights in memory, `[outputs, inputs]`.
  public init(_ matrix: Matrix<Float>) {
    self.init(outputs: matrix.rows, inputs: matrix.columns, storage: .resident(matrix.elements))
  }

  /// Weights in memory, from what each output and input give.
  static func resident(outputs: Int, inputs: Int, _ weight: (_ output: Int, _ input: Int) -> Float)
    -> WeightMatrix
  {
    WeightMatrix(
      Matrix(
        rows: outputs, columns: inputs,
        elements: (0..<outputs * inputs).map { weight($0 / inputs, $0 % inputs) }))
  }

  /// The weights of some outputs in double precision, `[outputs, inputs]`: for analyses of weights.
  ///
  /// - Complexity: O(outputs * inputs), but O(all outputs * inputs) for weights stored by column.
  public func matrix(_ range: Range<Int>) -> Matrix<Double> {
    var result = Matrix<Double>(rows: range.count, columns: inputs)
    switch storage {
    case .resident(let values):
      for (index, value) in values[range.lowerBound * inputs..<range.upperBound * inputs].enumerated() {
        result.elements[index] = Double(value)
      }
    case .rows(let view, let map):
      result.elements.withUnsafeMutableBufferPointer { target in
        guard let base = target.baseAddress else { return }
        for output in range {
          let row = map.row(output)
          view.decode(rows: row..<row + 1, into: base + (output - range.lowerBound) * inputs)
        }
      }
    case .columns(let view, let first, _):
      _ = view.withFloats(rows: 0..<inputs) { pointer in
        for input in 0..<inputs {
          for output in range {
            result[output - range.lowerBound, input] = Double(pointer[input * view.shape[1] + first + output])
          }
        }
      }
    }
    return result
  }

  /// Writes one row of the weights, the embedding of one token.
  func copyRow<Scalar: AttentionScalar>(_ output: Int, into target: UnsafeMutablePointer<Scalar>) {
    switch storage {
    case .resident(let values):
      for index in 0..<inputs { target[index] = Scalar(values[output * inputs + index]) }
    case .rows(let view, let map):
      let row = map.row(output)
      view.decodeAny(rows: row..<row + 1, into: target)
    case .columns(let view, let first, _):
      _ = view.withFloats(rows: 0..<inputs) { pointer in
        for input in 0..<inputs { target[input] = Scalar(pointer[input * view.shape[1] + first + output]) }
      }
    }
  }

  /// `output[r, j] = sum_k input[r, k] W[j, k]`, on as many threads as allowed; the tiles are fixed, so that the number
  /// of threads does not change the result.
  ///
  /// The rows of `input` are `inputStride` apart, those of `output` `outputs`.
  func multiply<Scalar: AttentionScalar>(
    _ input: UnsafePointer<Scalar>, stride inputStride: Int, rows: Int,
    into output: UnsafeMutablePointer<Scalar>, threads: Int
  ) {
    guard rows > 0 else { return }
    let tiles = LinearTiles(matrix: self, rows: rows)
    nonisolated(unsafe) let input = input
    nonisolated(unsafe) let output = output
    concurrentFor(count: tiles.count, threads: threads) { index in
      let (rowRange, outputRange) = tiles.tile(index)
      multiplyTile(
        input + rowRange.lowerBound * inputStride, stride: inputStride, rows: rowRange.count, outputRange,
        into: output + rowRange.lowerBound * outputs)
    }
  }

  /// One tile; `target` is the first of its rows, all outputs wide.
  private func multiplyTile<Scalar: AttentionScalar>(
    _ input: UnsafePointer<Scalar>, stride: Int, rows: Int, _ range: Range<Int>,
    into target: UnsafeMutablePointer<Scalar>
  ) {
    let output = target + range.lowerBound
    switch storage {
    case .columns(let view, let first, let columnStride):
      _ = view.withFloats(rows: 0..<inputs) { pointer in
        let start = pointer + first + range.lowerBound
        if Scalar.self == Float.self {
          let source = UnsafeRawPointer(start).assumingMemoryBound(to: Scalar.self)
          multiplyColumns(source, columnStride, input, stride, rows, range.count, output)
        } else {
          let tile = UnsafeMutablePointer<Scalar>.allocate(capacity: inputs * range.count)
          defer { tile.deallocate() }
          for row in 0..<inputs {
            for column in 0..<range.count {
              tile[row * range.count + column] = Scalar(start[row * columnStride + column])
            }
          }
          multiplyColumns(tile, range.count, input, stride, rows, range.count, output)
        }
      }
    case .resident(let values):
      values.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        let start = base + range.lowerBound * inputs
        if Scalar.self == Float.self {
          let source = UnsafeRawPointer(start).assumingMemoryBound(to: Scalar.self)
          multiplyRows(source, input, stride, rows, range.count, output)
        } else {
          withTile(range.count) { (tile: UnsafeMutablePointer<Scalar>) in
            for index in 0..<range.count * inputs { tile[index] = Scalar(start[index]) }
            multiplyRows(tile, input, stride, rows, range.count, output)
          }
        }
      }
    case .rows(let view, let map):
      let first = map.row(range.lowerBound)
      let source = first..<first + range.count
      if Scalar.self == Float.self {
        let direct: Void? = view.withFloats(rows: source) { pointer in
          let weights = UnsafeRawPointer(pointer).assumingMemoryBound(to: Scalar.self)
          multiplyRows(weights, input, stride, rows, range.count, output)
        }
        if direct != nil { return }
        if rows == 1 {
          let brain: Void? = view.withBFloat16(rows: source) { pointer in
            rp_rows_times_bf16(
              pointer, UnsafeRawPointer(input).assumingMemoryBound(to: Float.self),
              UnsafeMutableRawPointer(output).assumingMemoryBound(to: Float.self), range.count, inputs)
          }
          if brain != nil { return }
        }
      }
      withTile(range.count) { (tile: UnsafeMutablePointer<Scalar>) in
        view.decodeAny(rows: source, into: tile)
        multiplyRows(tile, input, stride, rows, range.count, output)
      }
    }
  }

  private func withTile<Scalar>(_ count: Int, _ body: (UnsafeMutablePointer<Scalar>) -> Void) {
    let tile = UnsafeMutablePointer<Scalar>.allocate(capacity: count * inputs)
    defer { tile.deallocate() }
    body(tile)
  }

  /// Weights `[count, inputs]`.
  private func multiplyRows<Scalar: AttentionScalar>(
    _ weights: UnsafePointer<Scalar>, _ input: UnsafePointer<Scalar>, _ stride: Int, _ rows: Int,
    _ count: Int, _ output: UnsafeMutablePointer<Scalar>
  ) {
    if rows == 1 {
      Scalar.rowsTimes(weights, input, into: output, rows: count, count: inputs)
    } else {
      Scalar.multiply(
        rows: rows, columns: count, inner: inputs, alpha: 1, input, stride: stride, transposed: false,
        weights, stride: inputs, transposed: true, beta: 0, into: output, stride: outputs)
    }
  }

  /// Weights `[inputs, count]`, rows `columnStride` apart.
  private func multiplyColumns<Scalar: AttentionScalar>(
    _ weights: UnsafePointer<Scalar>, _ columnStride: Int, _ input: UnsafePointer<Scalar>, _ stride: Int,
    _ rows: Int, _ count: Int, _ output: UnsafeMutablePointer<Scalar>
  ) {
    if rows == 1 {
      output.update(repeating: 0, count: count)
      Scalar.timesColumns(
        weights, stride: columnStride, input, into: output, count: inputs, columns: count)
    } else {
      Scalar.multiply(
        rows: rows, columns: count, inner: inputs, alpha: 1, input, stride: stride, transposed: false,
        weights, stride: columnStride, transposed: false, beta: 0, into: output, stride: outputs)
    }
  }
}

/// The fixed tiles of a linear layer's product: what one thread computes at a time.
private struct LinearTiles {
  let rowTile: Int
  let outputTile: Int
  let rows: Int
  let outputs: Int
  let block: Int

  init(matrix: WeightMatrix, rows: Int) {
    self.rows = rows
    outputs = matrix.outputs
    var isDirect = true
    var block = matrix.outputs
    if case .rows(let view, let map) = matrix.storage {
      isDirect = view.type == .float32
      block = min(block, map.block)
    }
    self.block = block
    // Widened tiles stay within the second-level cache and serve all rows; others leave enough tiles for a few threads.
    let widened = max(16, (1 << 18) / max(1, matrix.inputs))
    outputTile = min(block, rows == 1 ? 512 : (isDirect ? 384 : widened))
    rowTile = isDirect ? min(rows, 256) : rows
  }

  private var tilesPerBlock: Int { (block + outputTile - 1) / outputTile }
  private var outputTiles: Int { outputs / block * tilesPerBlock }

  var count: Int { (rows + rowTile - 1) / rowTile * outputTiles }

  func tile(_ index: Int) -> (rows: Range<Int>, outputs: Range<Int>) {
    let (rowIndex, column) = index.quotientAndRemainder(dividingBy: outputTiles)
    let (blockIndex, within) = column.quotientAndRemainder(dividingBy: tilesPerBlock)
    let start = blockIndex * block + within * outputTile
    return (
      rowIndex * rowTile..<min(rows, (rowIndex + 1) * rowTile),
      start..<min((blockIndex + 1) * block, start + outputTile)
    )
  }
}

extension TensorView {
  /// Decodes into either precision.
  func decodeAny<Scalar: AttentionScalar>(rows: Range<Int>, into target: UnsafeMutablePointer<Scalar>) {
    if Scalar.self == Float.self {
      decode(rows: rows, into: UnsafeMutableRawPointer(target).assumingMemoryBound(to: Float.self))
    } else {
      decode(rows: rows, into: UnsafeMutableRawPointer(target).assumingMemoryBound(to: Double.self))
    }
  }
}
