/// Finds added tokens in a text: the leftmost, and of those that begin there the longest.
///
/// - Complexity: O(length of the text), times the longest token where tokens' beginnings abound.
struct AddedTokenFinder: Sendable {
  /// A trie over bytes: the children of node n are `children[first[n] ..< first[n + 1]]`, by byte.
  private var first: [Int32] = []
  private var bytes: [UInt8] = []
  private var children: [Int32] = []
  /// The id of the token that ends at a node, or -1.
  private var tokens: [Int32] = []
  private var isFirstByte = [Bool](repeating: false, count: 256)

  var isEmpty: Bool { children.isEmpty }

  init(_ patterns: [(bytes: [UInt8], token: Int)]) {
    var nodes: [[UInt8: Int]] = [[:]]
    var ends: [Int32] = [-1]
    for (pattern, token) in patterns where !pattern.isEmpty {
      isFirstByte[Int(pattern[0])] = true
      var node = 0
      for byte in pattern {
        if let child = nodes[node][byte] {
          node = child
        } else {
          nodes[node][byte] = nodes.count
          node = nodes.count
          nodes.append([:])
          ends.append(-1)
        }
      }
      ends[node] = Int32(token)
    }
    tokens = ends
    for node in nodes {
      first.append(Int32(children.count))
      for (byte, child) in node.sorted(by: { $0.key < $1.key }) {
        bytes.append(byte)
        children.append(Int32(child))
      }
    }
    first.append(Int32(children.count))
  }

  /// The longest token at the first place, from `start` on, where there is one.
  func next(_ text: Span<UInt8>, from start: Int) -> (start: Int, end: Int, token: Int)? {
    var start = start
    while start < text.count {
      if isFirstByte[Int(text[start])], let (end, token) = longest(text, from: start) {
        return (start, end, token)
      }
      start += 1
    }
    return nil
  }

  private func longest(_ text: Span<UInt8>, from start: Int) -> (end: Int, token: Int)? {
    var node = 0
    var position = start
    var found: (Int, Int)?
    while position < text.count, let child = child(node, text[position]) {
      node = child
      position += 1
      if tokens[node] >= 0 { found = (position, Int(tokens[node])) }
    }
    return found
  }

  private func child(_ node: Int, _ byte: UInt8) -> Int? {
    var low = Int(first[node])
    var high = Int(first[node + 1])
    while low < high {
      let middle = (low + high) / 2
      if bytes[middle] == byte { return Int(children[middle]) }
      if bytes[middle] < byte { low = middle + 1 } else { high = middle }
    }
    return nil
  }
}
