import Foundation
import ProbeFindings
import Testing

@testable import ProbeReports

extension Chromium {
  /// Expects that every figure of a page was drawn, that nothing was fetched, and no fault noted.
  static func expectDrawn(_ visit: Chromium.Visit, _ findings: Findings) {
    #expect(visit.requests.isEmpty)
    #expect(Chromium.consoleMessages(visit.log).isEmpty)
    #expect(!visit.dom.contains("data-faults"))
    #expect(visit.dom.contains("<html lang=\"en\" data-state=\"drawn\" data-overflow=\"0\">"))
    let parts = visit.dom.components(separatedBy: "data-figure=\"").dropFirst()
    #expect(parts.map { String($0.prefix { $0 != "\"" }) } == findings.figures.map(\.name))
    for (part, figure) in zip(parts, findings.figures) {
      let opening = part.prefix { $0 != ">" }
      #expect(opening.contains("data-state=\"drawn\""), "\(figure.name)")
      let isDrawn =
        switch figure.content {
        case .trajectories: part.contains("<canvas") || part.contains("class=\"scatterlayer")
        case .complexPlane, .scatter, .lines: part.contains("class=\"trace scatter")
        case .histogram: part.contains("class=\"trace bars\"") && part.contains("class=\"point\"")
        case .heatmap: part.contains("class=\"hm\"") && part.contains("<image")
        case .automaton(let plot):
          part.contains("<g class=\"node") && part.contains("class=\"trace scatter") == !plot.points.isEmpty
        case .graph: part.contains("<g class=\"node") && part.contains("<path d=\"M")
        case .headMap: part.contains("class=\"hm\"") && part.contains("<image")
        case .tokenTable: part.contains("<td")
        case .pairMatrix: part.contains("class=\"hm\"") && part.contains("<image")
        case .networkPair: part.contains("class=\"trace scatter") && part.contains("<td")
        case .spread, .embedding: part.contains("class=\"trace scatter")
        }
      #expect(isDrawn, "\(figure.name) left its place empty")
    }
  }
}
