import CPageAssets
import Mustache

/// The embedded files of a page, as text.
enum PageAssets {
  /// plotly.js, minified.
  static let plotly = text(page_plotly_start(), page_plotly_length())
  /// The name of plotly.js as a file beside a folder of reports; its version is in the name, so that reports of
  /// several versions can share a folder.
  static let plotlyFileName = "plotly-4.1.1.min.js"
  /// The CSS of pages, graphs included.
  static let style = GraphStyle.page + text(page_style_start(), page_style_length())
  /// The CSS rules of graphs, in which colours are variables.
  static let graphRules = text(page_graph_style_start(), page_graph_style_length())
  /// The page's own JavaScript, in the order in which its parts build on one another.
  static let script = [
    text(page_tables_script_start(), page_tables_script_length()),
    text(page_theme_script_start(), page_theme_script_length()),
    text(page_plane_script_start(), page_plane_script_length()),
    text(page_space_script_start(), page_space_script_length()),
    text(page_tokens_script_start(), page_tokens_script_length()),
    text(page_patterns_script_start(), page_patterns_script_length()),
    text(page_heads_script_start(), page_heads_script_length()),
    text(page_spread_script_start(), page_spread_script_length()),
    text(page_pairs_script_start(), page_pairs_script_length()),
    text(page_networks_script_start(), page_networks_script_length()),
    text(page_graph_script_start(), page_graph_script_length()),
    text(page_automaton_script_start(), page_automaton_script_length()),
    text(page_figures_script_start(), page_figures_script_length()),
  ].joined(separator: "\n")

  /// The template of one analysis's page.
  static func reportTemplate() throws(ReportError) -> MustacheTemplate {
    try template("report", text(page_report_template_start(), page_report_template_length()))
  }

  /// The template of the page that leads to several.
  static func indexTemplate() throws(ReportError) -> MustacheTemplate {
    try template("index", text(page_index_template_start(), page_index_template_length()))
  }

  private static func template(_ name: String, _ text: String) throws(ReportError) -> MustacheTemplate {
    PageText.register()
    do {
      return try MustacheTemplate(string: text)
    } catch {
      throw .template(name: name, fault: "\(error)")
    }
  }

  private static func text(_ start: UnsafePointer<UInt8>, _ length: Int) -> String {
    String(decoding: UnsafeBufferPointer(start: start, count: length), as: UTF8.self)
  }
}
