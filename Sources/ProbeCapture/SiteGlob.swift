public import ProbeModels

/// Chooses sites by name patterns, such as `layers.*.hidden,readout`.
public enum SiteGlob {
  /// The indices of the sites that match any of the comma-separated patterns, ascending.
  ///
  /// `*` stands for any run of characters, `?` for one. A `hook_` before a part of a name, as TransformerLens
  /// writes it, is dropped.
  ///
  /// - Throws: ``CaptureError/site(pattern:known:)`` for a pattern that matches nothing.
  public static func resolve(_ patterns: String, among sites: [Site]) throws(CaptureError) -> [Int] {
    let names = sites.map(\.name)
    return try resolve(patterns, amongNames: names)
  }

  /// The same, among names.
  public static func resolve(
    _ patterns: String, amongNames names: [String]
  ) throws(CaptureError) -> [Int] {
    var chosen = Set<Int>()
    for part in patterns.split(separator: ",", omittingEmptySubsequences: false) {
      let text = part.trimming { $0 == " " }
      let pattern = withoutHooks(String(text))
      let found = names.indices.filter { matches(names[$0], pattern) }
      if found.isEmpty { throw .site(pattern: String(text), known: names) }
      chosen.formUnion(found)
    }
    return chosen.sorted()
  }

  /// The sites recorded when none are named: all states and the readout.
  public static func defaults(among sites: [Site]) -> [Int] {
    sites.indices.filter { sites[$0].role != .gate }
  }

  static func withoutHooks(_ name: String) -> String {
    name.split(separator: ".", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("hook_") ? $0.dropFirst(5) : $0 }.joined(separator: ".")
  }

  /// Whether the whole name matches; linear but for the last `*`, which is retried one character further on.
  static func matches(_ name: String, _ pattern: String) -> Bool {
    let name = Array(name.utf8)
    let pattern = Array(pattern.utf8)
    var (position, token) = (0, 0)
    var retry: (token: Int, position: Int)?
    while position < name.count {
      if token < pattern.count, pattern[token] == UInt8(ascii: "*") {
        retry = (token + 1, position)
        token += 1
      } else if token < pattern.count, pattern[token] == name[position] || pattern[token] == UInt8(ascii: "?")
      {
        token += 1
        position += 1
      } else if let last = retry {
        retry = (last.token, last.position + 1)
        token = last.token
        position = last.position + 1
      } else {
        return false
      }
    }
    return pattern[token...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

extension Substring {
  fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> Substring {
    var text = drop(while: isTrimmed)
    while let last = text.last, isTrimmed(last) { text.removeLast() }
    return text
  }
}
