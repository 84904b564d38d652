extension GraphPlot {
  /// The most rows of a heat map of adjacency; of larger graphs a cell stands for a block of nodes.
  static let adjacencyRows = 300

  /// Who leads to whom as a heat map, for graphs too large to draw: rows are left, columns are reached.
  ///
  /// A cell's amount is the summed weight of its edges where all edges have one, else their number; cells without edges are
  /// empty. Nodes keep their order, so number them in the order of a breadth-first search. Of more than 300 nodes
  /// consecutive ones share a row: a cell then sums over a block. Hovering shows the labels.
  ///
  /// - Parameter meaning: what the nodes are.
  /// - Returns: the heat map, square.
  /// - Complexity: O(nodes + edges), and at most 90,000 cells.
  public func adjacency(of meaning: String = "state") -> HeatmapPlot {
    let block = max(1, (nodes.count + GraphPlot.adjacencyRows - 1) / GraphPlot.adjacencyRows)
    let names = stride(from: 0, to: nodes.count, by: block).map { first -> String in
      let last = min(first + block, nodes.count) - 1
      return first == last ? nodes[first].label : "\(nodes[first].label) to \(nodes[last].label)"
    }
    let count = names.count
    let isWeighted = !edges.isEmpty && edges.allSatisfy { $0.weight != nil }
    var values = [Double](repeating: .nan, count: count * count)
    var labels = [[String]](repeating: [], count: count * count)
    for edge in edges {
      let cell = edge.from / block * count + edge.to / block
      let amount = isWeighted ? edge.weight ?? 0 : 1
      values[cell] = (values[cell].isNaN ? 0 : values[cell]) + amount
      if labels[cell].count <= 12 {
        labels[cell].append(labelling == .symbols ? SymbolText.visible(edge.label) : edge.label)
      }
    }
    return HeatmapPlot(
      rowAxis: Axis("from \(meaning)"), columnAxis: Axis("to \(meaning)"), rows: names, columns: names,
      values: values,
      amount: Axis(isWeighted ? "summed weight" : labelling == .symbols ? "symbols" : "edges"),
      hover: labels.map {
        $0.count > 12 ? $0.prefix(12).joined(separator: ", ") + ", …" : $0.joined(separator: ", ")
      })
  }
}
