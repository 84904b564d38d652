import ComplexModule
import ProbeDegeneracy
import ProbeLinearAlgebra
import RealModule
import Testing

@Suite("A linear model of delay vectors")
struct DelayDMDTests {
  private func options(
    delays: Int = 1, interval: Int = 1, rank: DelayDMD.Rank = .all, ridge: Double = 0
  ) -> DelayDMD.Options {
    var options = DelayDMD.Options()
    options.embedding = DelayEmbedding(delays: delays, interval: interval)
    options.rank = rank
    options.ridge = ridge
    return options
  }

  /// Trials of x(t + 1) = A x(t) from random starts.
  private func linear(
    _ a: Matrix<Double>, trials: Int, steps: Int, _ generator: inout RandomGenerator
  ) -> [Matrix<Double>] {
    (0..<trials).map { _ in
      var x = (0..<a.rows).map { _ in generator.normal() }
      var elements: [Double] = []
      for _ in 0..<steps {
        elements += x
        x = a.times(x)
      }
      return Matrix(rows: steps, columns: a.rows, elements: elements)
    }
  }

  @Test("agrees with dsa-metric: singular values, operator up to signs, eigenvalues, errors")
  func peer() throws {
    let fixture = try DSAFixture()
    for model in fixture.models {
      let trials = fixture.trajectories(model.data)
      let ours = try DelayDMD(
        trials,
        options: options(
          delays: model.delays, interval: model.interval, rank: .fixed(model.rank), ridge: model.ridge))
      // The Gram matrix's rounding, c n eps λ1, moves singular values by that over 2σ and the operator by that over a gap of
      // their squares; both are above 0.05 λ1 / 100 here.
      #expect(
        zip(ours.singularValues, model.singularValues).allSatisfy {
          abs($0 - $1) <= 1e-11 * model.singularValues[0]
        })
      #expect(zip(ours.matrix.elements, model.absoluteOperator).allSatisfy { abs(abs($0) - $1) <= 1e-10 })
      #expect(try SpectrumDistance()(ours.eigenvalues, complex(model.eigenvalues)) <= 1e-10)
      let errors = try ours.predictionErrors(on: trials)
      #expect(abs(errors.meanAbsolute - model.errors.meanAbsolute) <= 1e-10)
      #expect(abs(errors.meanAbsoluteScaled - model.errors.meanAbsoluteScaled) <= 1e-10)
      #expect(abs(errors.determination - model.errors.determination) <= 1e-10)
      #expect(abs(errors.akaike - model.errors.akaike) <= 1e-9)
    }
    var reduced = options(delays: fixture.reducedRank.delays)
    reduced.reducedRank = fixture.reducedRank.rank
    let ours = try DelayDMD(fixture.trajectories(0), options: reduced)
    #expect(ours.matrix.rows == 6)
    #expect(try SpectrumDistance()(ours.eigenvalues, complex(fixture.reducedRank.eigenvalues)) <= 1e-7)
    #expect(try ours.matrix.singularValues()[fixture.reducedRank.rank] <= 1e-13)
  }

  @Test("finds the operator of a linear system without noise", arguments: [1, 2, 5])
  func recovers(size: Int) throws {
    var generator = RandomGenerator(seed: 21, stream: UInt64(size))
    let a = try Matrix.randomRotation(size, &generator).scaled(by: 0.9)
    let trials = linear(a, trials: 8, steps: 12, &generator)
    let model = try DelayDMD(trials)
    #expect(model.delayOperator.distance(to: a) <= 1e-11)
    let errors = try model.predictionErrors(on: trials)
    #expect(errors.meanAbsoluteScaled <= 1e-11)
    #expect(abs(errors.determination - 1) <= 1e-12)
    #expect(errors.count == 8 * 11 * size)
    #expect(model.warnings.isEmpty)
  }

  @Test("a conjugated linear system has the same spectrum, and a rotated one is at distance 0")
  func conjugated() throws {
    var generator = RandomGenerator(seed: 22)
    let a = Matrix.gaussian(4, 4, &generator).scaled(by: 0.4)
    let trials = linear(a, trials: 10, steps: 8, &generator)
    let skewed = Matrix.gaussian(4, 4, &generator)
    let rotation = try Matrix.randomRotation(4, &generator)
    let model = try DelayDMD(trials)
    let distance = SpectrumDistance()
    #expect(try distance(model.eigenvalues, DelayDMD(trials.map { $0 * skewed }).eigenvalues) <= 1e-9)
    let turned = try DelayDMD(trials.map { ($0 * rotation).scaled(by: 7) })
    let alignment = try VectorFieldProcrustes().align(
      OperatorProfile(model.matrix), OperatorProfile(turned.matrix))
    #expect(alignment.distance <= 1e-11)
  }

  @Test(
    "delay vectors' Gram matrix and coordinates are those of the matrix written out",
    arguments: [(1, 1), (2, 1), (4, 1), (3, 2), (2, 5)])
  func structured(delays: Int, interval: Int) {
    var generator = RandomGenerator(seed: 23)
    let embedding = DelayEmbedding(delays: delays, interval: interval)
    // The shortest trial has one delay vector, so that what enters and what leaves overlap.
    let trials = [embedding.span + 1, embedding.span + 2, 20].map { Matrix.gaussian($0, 3, &generator) }
    let written = trials.map { embedding.vectors(of: $0) }
    var naive = Matrix<Double>(rows: 3 * delays, columns: 3 * delays)
    for matrix in written {
      let product = matrix.transposed * matrix
      for index in naive.elements.indices { naive.elements[index] += product.elements[index] }
    }
    let gram = embedding.gram(of: trials)
    // Each entry sums at most 30 products of normal numbers, `delays` times over.
    #expect(gram.distance(to: naive) <= 8 * 60 * Double.ulpOfOne * 30)
    #expect(gram == gram.transposed)
    let directions = Matrix.gaussian(2, 3 * delays, &generator)
    for (trial, matrix) in zip(trials, written) {
      let projected = embedding.project(trial, onto: directions)
      #expect(projected.distance(to: matrix * directions.transposed) <= 1e-13)
    }
    #expect(Array(written[2].row(0).prefix(3)) == Array(trials[2].row(embedding.span)))
    #expect(Array(written[2].row(0).suffix(3)) == Array(trials[2].row(0)))
  }

  @Test("the shares and thresholds of singular values choose the rank")
  func ranks() throws {
    let fixture = try DSAFixture()
    let trials = fixture.trajectories(0)
    let all = try DelayDMD(trials, options: options(delays: 2))
    #expect(all.rank == 6)
    let squares = all.singularValues.map { $0 * $0 }
    let total = squares.reduce(0, +)
    for count in 1...5 {
      let share = (squares.prefix(count).reduce(0, +) - squares[count - 1] / 2) / total
      #expect(
        try DelayDMD(trials, options: options(delays: 2, rank: .explainedVariance(share))).rank == count)
      let threshold = (all.singularValues[count - 1] + all.singularValues[count]) / 2
      #expect(try DelayDMD(trials, options: options(delays: 2, rank: .threshold(threshold))).rank == count)
      let fixed = try DelayDMD(trials, options: options(delays: 2, rank: .fixed(count)))
      #expect(fixed.rank == count)
      #expect(abs(fixed.singularValues[count - 1] - all.singularValues[count - 1]) <= 1e-12)
    }
    #expect(try DelayDMD(trials, options: options(delays: 2, rank: .threshold(1e9))).rank == 1)
    #expect(try DelayDMD(trials, options: options(delays: 2, rank: .explainedVariance(1))).rank == 6)
  }

  /// Columns of norms 1 and 1e-9, which the square of cannot tell from rounding.
  @Test("singular values far below the largest keep their digits")
  func illConditioned() throws {
    var generator = RandomGenerator(seed: 24)
    let a = try Matrix.randomRotation(3, &generator).scaled(by: 0.95)
    let scaled = linear(a, trials: 6, steps: 20, &generator).map { trial in
      var trial = trial
      for row in 0..<trial.rows { trial[row, 2] *= 1e-9 }
      return trial
    }
    let model = try DelayDMD(scaled)
    #expect(model.rank == 3)
    #expect(model.singularValues[2] < 1e-7)
    // Rounding of 1e-16 of the largest column is 1e-7 of the smallest.
    let spectrum = try EigenDecomposition(a, vectors: false).values
    #expect(try SpectrumDistance()(model.eigenvalues, spectrum) <= 1e-5)
  }

  @Test("what is missing or does not move is said")
  func warnings() throws {
    var generator = RandomGenerator(seed: 25)
    let plane = linear(.rotation(0.4), trials: 4, steps: 20, &generator)
    // Three delays of a plane's system still span a plane.
    let model = try DelayDMD(plane, options: options(delays: 3, rank: .fixed(5)))
    #expect(model.rank == 2)
    #expect(
      model.warnings == ["the delay vectors have numerical rank 2, 3 fewer than the options name"])
    let still = plane.map { trial in
      Matrix(
        rows: trial.rows, columns: 3,
        elements: (0..<trial.rows).flatMap { [trial[$0, 0], 5 + 0.001 * trial[$0, 1], trial[$0, 1]] })
    }
    let warnings = try DelayDMD(still).warnings
    #expect(warnings.count == 1)
    #expect(warnings[0].hasPrefix("1 of 3 channels are near-constant within trials (spread at most "))
    #expect(warnings[0].hasSuffix("below 0.01 of their root mean square): 1"))
  }

  /// A'A - AA' of [[a, b], [0, a]] is b² diag(-1, 1) + 0, of norm √2 b².
  @Test("non-normality is 0 of rotations and √2 b² of a shear")
  func nonNormality() throws {
    var generator = RandomGenerator(seed: 26)
    let turning = try DelayDMD(linear(.rotation(0.7), trials: 1, steps: 500, &generator))
    // The trial covers the circle, so that whitening is near a multiple of the identity: to 1/500 of it.
    #expect(turning.nonNormality <= 0.01)
    // In coordinates of unit singular values a shear stays one; its own norm is what the formula says of A_v.
    let shear = try DelayDMD(
      linear(Matrix(rows: 2, columns: 2, elements: [0.9, 1, 0, 0.9]), trials: 5, steps: 10, &generator))
    let schur = try RealSchur(shear.matrix)
    let b = schur.form[0, 1] + schur.form[1, 0]
    #expect(abs(shear.nonNormality - (2.0).squareRoot() * b * b) <= 1e-4)
    #expect(shear.nonNormality > 0.01)
  }

  @Test("refuses what it cannot fit, and says why")
  func errors() throws {
    let trial = Matrix(rows: 4, columns: 2, elements: [0, 1, 2, 3, 4, 5, 6, 8])
    func text(_ trials: [Matrix<Double>], _ options: DelayDMD.Options = .init()) -> String {
      do { _ = try DelayDMD(trials, options: options) } catch { return "\(error)" }
      return ""
    }
    #expect(text([]) == "0 trials are too few; at least 1 are needed")
    #expect(
      text([trial, Matrix(rows: 4, columns: 3)])
        == "trial 1 should be [steps, 2] as trial 0 is; it is [4, 3]")
    #expect(
      text([trial], options(delays: 5)) == "4 steps of trial 0 are too few; at least 5 are needed")
    #expect(
      text([trial], options(delays: 4))
        == "0 pairs of delay vectors 1 steps apart are too few; at least 1 are needed")
    var broken = trial
    broken[2, 1] = .infinity
    #expect(
      text([broken])
        == "trial 0 holds an infinity or a NaN at row 2, column 1; comparisons need finite numbers")
    #expect(
      text([Matrix(rows: 4, columns: 2)])
        == "the data of all trials is 0 and has no direction to compare; compare networks whose state moves")
    #expect(text([Matrix(rows: 4, columns: 0)]) == "0 units are too few; at least 1 are needed")
    // Two pairs do not determine a map of three coordinates; a ridge does.
    var generator = RandomGenerator(seed: 27)
    let short = Matrix.gaussian(3, 3, &generator)
    #expect(
      text([short])
        == "the regression on 3 coordinates has no unique solution: the equations are dependent; take a smaller rank or a positive ridge"
    )
    #expect(text([short], options(ridge: 1e-3)) == "")
  }
}
