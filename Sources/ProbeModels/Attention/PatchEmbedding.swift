public import ProbeLinearAlgebra

/// What turns the patches of an image into the first residual.
///
/// Dosovitskiy et al., arXiv 2010.11929, section 3.1; registers: Darcet et al., arXiv 2309.16588. The rows are the class
/// token, registers if there are any, then the patches from left to right, from top to bottom.
public struct PatchEmbedding: Sendable {
  /// `[width, channels * patchRows * patchColumns]`.
  public let projection: LinearLayer
  /// Colours.
  public let channels: Int
  /// Pixels of a patch from top to bottom.
  public let patchRows: Int
  /// Pixels of a patch from left to right.
  public let patchColumns: Int
  /// The rows before the patches, `[leading, width]`: the class token, its position added, and the registers.
  public let leading: [Float]
  /// Added to the patches.
  public let positions: PositionTable

  /// An embedding.
  public init(
    projection: LinearLayer, channels: Int, patchRows: Int, patchColumns: Int, leading: [Float],
    positions: PositionTable
  ) {
    precondition(projection.weight.inputs == channels * patchRows * patchColumns, "one weight a pixel")
    precondition(positions.width == projection.weight.outputs, "positions are as wide as the residual")
    self.projection = projection
    self.channels = channels
    self.patchRows = patchRows
    self.patchColumns = patchColumns
    self.leading = leading
    self.positions = positions
  }

  /// Numbers of a patch.
  public var features: Int { projection.weight.inputs }
  /// Rows before the patches.
  public var leadingSteps: Int { leading.count / projection.weight.outputs }
  /// Rows of an image.
  public var steps: Int { leadingSteps + positions.rows * positions.columns }

  /// The embedding for images of `rows` by `columns` patches.
  func resized(rows: Int, columns: Int) -> PatchEmbedding {
    PatchEmbedding(
      projection: projection, channels: channels, patchRows: patchRows, patchColumns: patchColumns,
      leading: leading, positions: positions.resampled(rows: rows, columns: columns))
  }

  /// Cuts images, `[image, channel, row, column]`, whole patches high and wide, into `[image, step, feature]`.
  ///
  /// The features of a patch are its channels, rows and columns of pixels; the steps before the patches hold 0, which
  /// nobody reads.
  func cut(_ pixels: Tensor<Double>) -> Tensor<Double> {
    let (height, breadth) = (pixels.shape[2], pixels.shape[3])
    let (rows, columns) = (height / patchRows, breadth / patchColumns)
    let first = leadingSteps
    var result = Tensor<Double>(shape: [pixels.shape[0], first + rows * columns, features], repeating: 0)
    var target = 0
    for image in 0..<pixels.shape[0] {
      target += first * features
      for patch in 0..<rows * columns {
        let (row, column) = patch.quotientAndRemainder(dividingBy: columns)
        for channel in 0..<channels {
          for line in 0..<patchRows {
            let start =
              ((image * channels + channel) * height + row * patchRows + line) * breadth + column
              * patchColumns
            for place in start..<start + patchColumns {
              result.elements[target] = pixels.elements[place]
              target += 1
            }
          }
        }
      }
    }
    return result
  }

  /// Writes the rows of an image, `[steps, width]`; the first features, of the leading rows, are not read.
  func write<Scalar: AttentionScalar>(_ values: [Double], into target: UnsafeMutablePointer<Scalar>) {
    let width = projection.weight.outputs
    for (index, value) in leading.enumerated() { target[index] = Scalar(value) }
    let pixels = values[(leadingSteps * features)...].map { Scalar($0) }
    let patches = target + leading.count
    projection.apply(pixels, rows: pixels.count / features, into: patches, threads: 1)
    for (index, value) in positions.values.enumerated() { patches[index] += Scalar(value) }
    assert(positions.values.count == pixels.count / features * width)
  }
}

extension AttentionModel {
  /// Prepares images, normalised as the model wants them.
  ///
  /// - Parameter pixels: `[image, channel, row, column]`.
  /// - Returns: the model for images of this size, and the images as it reads them.
  /// - Throws: ``ModelError/batch(model:fault:)`` for a model of tokens, other channels, or a size that the model cannot
  ///   take.
  public func reading(
    pixels: Tensor<Double>
  ) throws(ModelError) -> (model: AttentionModel, batch: TrialBatch) {
    func fault(_ text: String) -> ModelError { .batch(model: identity.name, fault: text) }
    guard let patches = parts.patches else { throw fault("it reads tokens, and was given images") }
    guard pixels.shape.count == 4, pixels.shape[1] == patches.channels else {
      throw fault(
        "the images have shape \(pixels.shape); it reads [image, \(patches.channels) channels, row, column]")
    }
    let (height, breadth) = (pixels.shape[2], pixels.shape[3])
    let (rows, columns) = (height / patches.patchRows, breadth / patches.patchColumns)
    let table = patches.positions
    guard rows > 0, columns > 0, height % patches.patchRows == 0, breadth % patches.patchColumns == 0 else {
      throw fault(
        "the images have \(height) rows and \(breadth) columns of pixels; it reads whole patches of "
          + "\(patches.patchRows) by \(patches.patchColumns)")
    }
    var parts = parts
    if (rows, columns) != (table.rows, table.columns) {
      guard table.resampling != .none else {
        throw fault(
          "the images have \(height) rows and \(breadth) columns of pixels; it reads "
            + "\(table.rows * patches.patchRows) by \(table.columns * patches.patchColumns)")
      }
      let resized = patches.resized(rows: rows, columns: columns)
      parts.patches = resized
      parts.maximumPositions = resized.steps
    }
    let batch = TrialBatch(inputs: .values(patches.cut(pixels)))
    return (AttentionModel(identity: identity, parts: parts), batch)
  }
}
