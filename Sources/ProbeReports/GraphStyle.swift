/// The looks of graphs, in a page and in a file of their own.
enum GraphStyle {
  /// The colours: on light paper and on dark.
  private static let colors = [
    ("paper", "#ffffff", "#14171b"), ("ink", "#1b1f24", "#e8eaed"), ("soft", "#5b6470", "#a2abb6"),
    ("edge", "#8b95a1", "#77818d"), ("fill", "#eef1f4", "#232a32"), ("mark", "#d55e00", "#f0803c"),
    ("stable", "#0072b2", "#56b4e9"), ("saddle", "#d55e00", "#f0803c"), ("unstable", "#aa4499", "#dd8fc4"),
    ("undecided", "#7a828c", "#a2abb6"),
  ]
  private static let swatch = ".graph .node .swatch { fill: var(--d); }\n"

  /// For a page: colours are variables, which the page sets to those of light paper for print.
  static let page: String = {
    func definitions(_ isDark: Bool) -> String {
      colors.map { "--g-\($0.0): \(isDark ? $0.2 : $0.1);" }.joined(separator: " ")
    }
    let isDark = ":root:not([data-theme=\"light\"]) "
    return """
      .graph { \(definitions(false)) }
      @media (prefers-color-scheme: dark) {
      \(isDark).graph { \(definitions(true)) }
      \(isDark)\(swatch)}
      \(PageAssets.graphRules)
      """
  }()

  /// For a file: programs other than browsers know no variables, and most leave out what is said of dark paper.
  static let file: String = {
    func resolved(_ isDark: Bool) -> String {
      colors.reduce(PageAssets.graphRules) { text, color in
        text.replacing("var(--g-\(color.0))", with: isDark ? color.2 : color.1)
      }
    }
    return resolved(false) + "@media (prefers-color-scheme: dark) {\n" + resolved(true) + swatch + "}\n"
  }()
}
