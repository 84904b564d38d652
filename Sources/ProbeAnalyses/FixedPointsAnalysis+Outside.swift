public import ProbeFindings
import ProbeLinearAlgebra
public import ProbeOutside

extension FixedPointsAnalysis {
  /// Needs a map.
  public static func obstacle(_ program: OutsideProgram) -> String? { program.mapObstacle }

  /// Searches an outside program's map at every input.
  ///
  /// - Throws: ``AnalysisError`` and `OutsideError`.
  public static func run(
    _ program: OutsideProgram, options: FixedPointsOptions, context: AnalysisContext
  ) throws -> Findings {
    let begin = ContinuousClock.now
    guard let offer = program.offer.map else {
      throw AnalysisError.option(name: "--map", fault: program.mapObstacle ?? "")
    }
    var report = FixedPointsReport(options: options)
    let texts = options.inputs.isEmpty ? ["zero"] : options.inputs
    let trialLength = options.trialLength ?? FixedPointsReport.outsideTrialLength
    for input in try FixedInput.parse(texts, features: offer.inputs) {
      context.progress("\(program.offer.name), input \(input.label): trying the program's map", nil)
      let map = try OutsideMap(program, input: input.vector)
      let states = try map.starts(count: options.states, seed: context.seed)
      let components = try PrincipalComponents(of: states, count: 3)
      let search = options.search(
        trialLength: trialLength, weightRounding: map.isSinglePrecision ? 0x1p-24 : 0x1p-53)
      if report.sets.isEmpty { report.warnings += map.warnings }
      try program.checked {
        var set = try PointSet(
          capture: program.offer.name, input: input, map: map, states: states,
          origin: offer.states ? .offered : .drawn, spread: components.spread, search: search,
          options: options, context: context)
        set.firstID = report.nextID
        try report.add(
          set, transitions: nil, components: components, source: .states(states), trialLength: trialLength)
      }
    }
    let elapsed = ContinuousClock.now - begin
    return try program.checked {
      report.findings(
        captures: [], program: program, context: context,
        seconds: elapsed.seconds)
    }
  }
}
