import ProbeLinearAlgebra
import ProbeModels
import Testing

@testable import ProbeCapture

@Suite("Chunks")
struct ChunkGeometryTests {
  private func geometry(
    _ trials: Int, _ steps: Int, _ shape: [Int], elementSize: Int = 4, blockTrials: Int = 64,
    timeBlock: Int = 250
  ) -> ChunkGeometry {
    ChunkGeometry(
      trials: trials, steps: steps, shape: shape, elementSize: elementSize, blockTrials: blockTrials,
      timeBlock: timeBlock)
  }

  @Test("are shared by trials under 64 KiB, up to 256 KiB")
  func shared() {
    // 1000 steps of 3 floats are 12 000 bytes: 16 trials are 192 000.
    #expect(geometry(256, 1000, [3]).extents == [16, 1000, 3])
    #expect(geometry(5, 1000, [3]).extents == [5, 1000, 3])
    #expect(geometry(256, 1000, [3], blockTrials: 8).extents == [8, 1000, 3])
  }

  @Test("are whole runs of steps of one trial")
  func runs() {
    // 250 steps of 512 floats are 512 000 bytes.
    #expect(geometry(256, 1000, [512]).extents == [1, 250, 512])
    // 250 steps of 32 floats are 32 000 bytes: three runs pass 64 KiB.
    #expect(geometry(256, 1000, [32]).extents == [1, 750, 32])
    // 250 steps of 2048 floats are 2 048 000 bytes: halves are under 1 MiB.
    #expect(geometry(256, 1000, [2048]).extents == [1, 125, 2048])
  }

  @Test("cut steps of more than 1 MiB along the first axis that has room")
  func pieces() {
    #expect(geometry(2, 2, [32, 100_000]).extents == [1, 1, 2, 100_000])
    let wide = geometry(2, 2, [3, 400_000])
    #expect(wide.extents == [1, 1, 1, 262_144])
    let pieces = wide.pieces(of: [3, 400_000])
    #expect(pieces.count == 6)
    #expect(pieces[3] == ChunkGeometry.Piece(offset: [1, 262_144], start: 662_144, count: 137_856))
    #expect(geometry(2, 2, []).pieces(of: []) == [ChunkGeometry.Piece(offset: [], start: 0, count: 1)])
  }

  @Test("take at most 1 MiB, and their pieces cover a step once, whatever the sizes")
  func laws() {
    var generator = RandomGenerator(seed: 11)
    for _ in 0..<300 {
      let shape = (0..<generator.integer(below: 4)).map { _ in 1 << generator.integer(below: 9) }
      let steps = 1 + generator.integer(below: 2000)
      let blockTrials = 1 << generator.integer(below: 7)
      let size = [2, 4, 8][generator.integer(below: 3)]
      let trials = 1 + generator.integer(below: 300)
      let chunk = geometry(
        trials, steps, shape, elementSize: size, blockTrials: blockTrials,
        timeBlock: 1 + generator.integer(below: min(steps, 256)))
      #expect(chunk.elementCount * size <= ChunkGeometry.limit)
      #expect(chunk.steps <= steps && chunk.steps >= 1)
      // No chunk spans two blocks of trials: it divides a block, or there is one block.
      #expect(blockTrials % chunk.trials == 0 || (chunk.trials == trials && trials <= blockTrials))
      let pieces = chunk.pieces(of: shape)
      var next = 0
      for piece in pieces {
        #expect(piece.start == next && piece.count <= chunk.pieceWidth)
        next += piece.count
      }
      #expect(next == chunk.width)
    }
  }

  @Test("follow from the sizes: blocks of trials are a power of two and bounded in bytes")
  func layout() throws {
    let big = ToyModel(sites: [Site(name: "layers.0.hidden", shape: [4096], role: .state)])
    for (model, trials, wanted) in [
      (ToyModel.small, 1000, 64), (.small, 30, 8), (.small, 100, 16), (big, 1000, 64),
    ] {
      let layout = try CaptureLayout(
        trials: trials, steps: 10, sites: model.sites, modelSites: model.sites,
        first: ToyTrials(trialCount: trials, steps: 10).block(0..<1), type: .f32, precision: .f32,
        compression: .deflate)
      #expect(layout.blockTrials == wanted)
      #expect(layout.trialRange(ofBlock: layout.blockCount - 1).upperBound == trials)
    }
    // 200 sites of 100 000 numbers: 64 trials of 16 steps would take 82 GB.
    let huge = ToyModel(sites: (0..<200).map { Site(name: "s\($0)", shape: [100_000], role: .gate) })
    let layout = try CaptureLayout(
      trials: 100, steps: 100, sites: huge.sites, modelSites: huge.sites,
      first: ToyTrials(trialCount: 100, steps: 100).block(0..<1), type: .f32, precision: .f32,
      compression: .none)
    #expect(layout.blockTrials == 1)
    #expect(layout.timeBlock == 1)
  }
}
