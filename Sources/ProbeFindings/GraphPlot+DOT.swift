extension GraphPlot {
  /// The graph in Graphviz's language: accepting nodes are doubled, an arrow from a point leads to initial ones.
  ///
  /// - Parameter name: the graph's name.
  /// - Returns: the text of a `.dot` file.
  public func dot(name: String) -> String {
    var text = "digraph \(GraphPlot.quote(name)) {\n  rankdir=LR;\n"
    for (index, node) in nodes.enumerated() {
      let shape = node.isAccepting ? "doublecircle" : "ellipse"
      text += "  n\(index) [label=\(GraphPlot.quote(node.label)), shape=\(shape)];\n"
      if node.isInitial { text += "  i\(index) [shape=point];\n  i\(index) -> n\(index);\n" }
    }
    for edge in edges {
      let style = edge.isHighlighted ? ", style=dashed" : ""
      text += "  n\(edge.from) -> n\(edge.to) [label=\(GraphPlot.quote(edge.label))\(style)];\n"
    }
    return text + "}\n"
  }

  /// A double-quoted string of the DOT language, in which backslashes begin escapes.
  private static func quote(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output + "\""
  }
}
