import ProbeFindings
import ProbeHeads

/// One score of every head of a model: a column of `heads.csv` with its interval, and a map on the page.
struct HeadScore {
  /// The column's name: `induction`.
  var name: String
  /// What it measures, for the map's scale.
  var title: String
  /// In which convention, and what to see.
  var note: String
  /// `[layer * heads + head]`; nil where the score does not apply.
  var estimates: [Estimate?]
  /// What a head without the property scores; empty for none.
  var null: [Double?] = []
  /// What the intervals are over, or why there is none.
  var intervalMeaning: String
  /// What the null is.
  var nullMeaning = ""
  /// Why the score does not apply where it is missing.
  var notApplicable = ""
  /// The unit.
  var unit = ""
  /// The ends of the colour scale, where they mean something.
  var range: ClosedRange<Double>? = 0...1
  /// Whether colours are around zero.
  var isDiverging = false
  /// One value a prompt and head, where the score is from prompts: what halves are compared with.
  var perPrompt: [[Double?]] = []

  /// Values without intervals.
  static func exact(
    name: String, title: String, note: String, values: [Double?], unit: String = "",
    range: ClosedRange<Double>? = 0...1, isDiverging: Bool = false, notApplicable: String = ""
  ) -> HeadScore {
    HeadScore(
      name: name, title: title, note: note,
      estimates: values.map { $0.map { Estimate(mean: $0, low: nil, high: nil, prompts: 0) } },
      intervalMeaning: "no interval: computed from the weights, nothing was sampled",
      notApplicable: notApplicable, unit: unit, range: range, isDiverging: isDiverging)
  }

  /// The means.
  var values: [Double?] { estimates.map { $0?.mean } }

  /// The heads in order of their scores, best first; heads without one are left out.
  func ranking() -> [Int] {
    values.indices.filter { values[$0] != nil }
      .sorted { (values[$0] ?? 0, -$0) > (values[$1] ?? 0, -$1) }
  }

  /// The columns of `heads.csv`: the score, its interval and its null.
  var columns: [Column] {
    var columns = [
      Column.real(name, values, unit: unit, description: "\(title). \(note)"),
      Column.real(name + "_low", estimates.map { $0?.low }, description: "lower end; \(intervalMeaning)"),
      Column.real(name + "_high", estimates.map { $0?.high }, description: "upper end; \(intervalMeaning)"),
    ]
    if !null.isEmpty {
      columns.append(Column.real(name + "_null", null, unit: unit, description: nullMeaning))
    }
    return columns
  }

  /// The map on the page.
  var map: HeadMapPlot.Score {
    let hasInterval = estimates.contains { $0?.low != nil }
    return HeadMapPlot.Score(
      name: name, amount: Axis(name.replacing("_", with: " "), unit: unit), values: values.map { $0 ?? .nan },
      low: hasInterval ? estimates.map { $0?.low ?? .nan } : [],
      high: hasInterval ? estimates.map { $0?.high ?? .nan } : [], null: null.map { $0 ?? .nan },
      scale: isDiverging ? .diverging : .sequential, range: range,
      note: "\(title.prefix(1).uppercased() + title.dropFirst()). \(note)",
      intervalMeaning: intervalMeaning, nullMeaning: nullMeaning, notApplicable: notApplicable)
  }
}
