import ProbeFindings
import Testing

@testable import ProbeReports

@Suite("the page")
struct PageTests {
  private func html(_ findings: Findings, rowLimit: Int = 200) throws -> String {
    try ReportPage(
      findings: findings, plotly: .linked("p.js"), rowLimit: rowLimit, files: ["index.html"], hasIndex: false
    ).html()
  }

  @Test("text is escaped by scalars: a quote with a combining mark is a quote to a browser")
  func escaping() {
    #expect(PageText.escape("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;")
    #expect(PageText.escape("\"\u{301}<\u{20DD}\0") == "&quot;\u{301}&lt;\u{20DD}\u{FFFD}")
    #expect(PageText.escape("{{x}} é 漢").unicodeScalars.elementsEqual("{{x}} é 漢".unicodeScalars))
  }

  @Test("no hostile text reaches the page unescaped, in elements, attributes, JSON or SVG")
  func hostile() throws {
    let page = try html(HostileFindings.all)
    #expect(!page.contains("<img"))
    #expect(!page.contains("<script>document"))
    #expect(page.contains("&lt;img src=x onerror=alert(1)&gt;"))
    #expect(page.contains("{{mustache}}"))
    // Before a combining mark, a quote stands only in JSON, behind a backslash, and `<` nowhere.
    for part in page.unicodeScalars.split(separator: "\u{301}").dropLast() {
      #expect(part.last != "<" && (part.last != "\"" || part.dropLast().last == "\\"))
    }
    // As many script elements as the page has itself: two that run, one of data for each figure but the graph.
    #expect(page.components(of: "<script").count - 1 == 2 + HostileFindings.all.figures.count - 1)
  }

  @Test("the page forbids every request")
  func policy() throws {
    let page = try html(DemoFindings.all())
    #expect(page.contains("default-src 'none'; script-src 'nonce-"))
    #expect(!page.contains("'unsafe-eval'") && !page.contains("connect-src"))
  }

  @Test("the embedded plotting library cannot end the script element that holds it")
  func bundle() {
    let text = PageAssets.plotly
    #expect(text.hasPrefix("/**\n* plotly.js v4.1.1"))
    #expect(text.utf8.count == 4_815_814)
    let lower = text.lowercased()
    #expect(!lower.contains("</script") && !lower.contains("<script") && !lower.contains("<!--"))
  }

  @Test("a long table shows its first rows and says where all are")
  func longTable() throws {
    let table = Table(name: "t", title: "T", columns: [.integer("n", (0..<12_345).map { $0 })])
    let page = try html(Findings(analysis: "a", title: "", headline: "", tables: [table]), rowLimit: 10)
    #expect(page.contains("Shown are the first 10 of 12\u{202F}345 rows"))
    #expect(page.components(of: "<tr><td").count - 1 == 10)
    #expect(page.contains("href=\"t.csv\""))
  }

  @Test("findings with nothing but an answer make a page without figures, tables or plotting library")
  func empty() throws {
    let page = try html(Findings(analysis: "a", title: "Title", headline: "Nothing found."))
    #expect(page.contains("<p class=\"headline\">Nothing found.</p>"))
    #expect(!page.contains("<figure>") && !page.contains("<table") && !page.contains("p.js"))
    #expect(!page.contains("<pre>") && !page.contains("class=\"numbers\""))
  }

  @Test("numbers have few digits, thousands are parted, special reals have their words")
  func numbers() {
    #expect(NumberText.significant(0.000123456) == "0.0001235")
    #expect(NumberText.significant(4.44e-16) == "4.44e-16")
    #expect(NumberText.significant(-0.0) == "-0")
    #expect(NumberText.significant(.nan) == "nan" && NumberText.significant(-.infinity) == "-inf")
    #expect(
      NumberText.grouped(1024) == "1024" && NumberText.grouped(-1_234_567) == "-1\u{202F}234\u{202F}567")
    #expect(NumberText.grouped(.min).hasSuffix("808") && NumberText.grouped(0) == "0")
  }

  @Test("values that cannot be drawn become gaps, and the note says how many a histogram leaves out")
  func gaps() {
    let content = Figure.Content.lines(
      LinePlot(x: Axis("x"), y: Axis("y"), series: [.init(name: "a", x: [1, 2], y: [.nan, .infinity])]))
    #expect(FigurePayload.json(of: content).text().contains("\"y\":[null,null]"))
    let histogram = Figure.Content.histogram(
      HistogramPlot(axis: Axis("q", isLogarithmic: true), groups: [.init(name: "", values: [0, -1, 1])]))
    #expect(
      FigurePayload.note(of: histogram) == "2 values are not shown: they are zero, negative or not finite.")
  }
}

extension String {
  /// The parts of a text between occurrences of another.
  fileprivate func components(of separator: String) -> [Substring] {
    split(separator: separator, omittingEmptySubsequences: false)
  }
}
