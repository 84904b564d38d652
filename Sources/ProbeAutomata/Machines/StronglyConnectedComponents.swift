/// The strongly connected components of a graph, each after those it leads to.
///
/// Tarjan, "Depth-first search and linear graph algorithms", SIAM Journal on Computing 1 (1972) 146.
///
/// - Parameter edges: `[node]`: the nodes it leads to.
/// - Returns: the components, the nodes of each in ascending order.
/// - Complexity: O(nodes + edges); no recursion.
func stronglyConnectedComponents(_ edges: [[Int]]) -> [[Int]] {
  var numbers = [Int](repeating: -1, count: edges.count)
  var lowest = numbers
  var isOnStack = [Bool](repeating: false, count: edges.count)
  var stack: [Int] = []
  var components: [[Int]] = []
  var count = 0
  for root in edges.indices where numbers[root] < 0 {
    var calls = [(node: root, edge: 0)]
    while let (node, edge) = calls.last {
      if edge == 0 {
        (numbers[node], lowest[node]) = (count, count)
        count += 1
        stack.append(node)
        isOnStack[node] = true
      }
      if edge < edges[node].count {
        calls[calls.count - 1].edge += 1
        let target = edges[node][edge]
        if numbers[target] < 0 {
          calls.append((target, 0))
        } else if isOnStack[target] {
          lowest[node] = min(lowest[node], numbers[target])
        }
        continue
      }
      calls.removeLast()
      if let parent = calls.last?.node { lowest[parent] = min(lowest[parent], lowest[node]) }
      if lowest[node] == numbers[node] {
        var component: [Int] = []
        while let member = stack.popLast() {
          isOnStack[member] = false
          component.append(member)
          if member == node { break }
        }
        components.append(component.sorted())
      }
    }
  }
  return components
}
