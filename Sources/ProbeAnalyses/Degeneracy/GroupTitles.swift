/// Groups as a page names them: `flipflop:bits=3` beside `flipflop:bits=1` is "bits = 3".
struct GroupTitles {
  private let titles: [String: String]
  /// What all groups are of, where their titles no longer say it.
  let family: String?

  /// Titles of these groups.
  init(_ groups: [String]) {
    let parts = groups.map { $0.split(separator: ":", maxSplits: 1).map(String.init) }
    let first = parts.first?.first
    let isOneFamily = groups.count > 1 && parts.allSatisfy { $0.count == 2 && $0[0] == first }
    family = isOneFamily ? first : nil
    var titles: [String: String] = [:]
    for (group, part) in zip(groups, parts) {
      guard part.count == 2 else {
        titles[group] = group == "all" ? "all networks" : group
        continue
      }
      let settings = part[1].split(separator: ",")
        .map { $0.split(separator: "=", maxSplits: 1).joined(separator: " = ") }.joined(separator: ", ")
      titles[group] = isOneFamily ? settings : "\(part[0]), \(settings)"
    }
    self.titles = titles
  }

  /// Its networks, as a sentence calls them.
  func networks(of group: String) -> String {
    let title = self[group]
    return (family.map { "\($0) " } ?? "") + "networks " + (title.contains("=") ? "with " : "of ") + title
  }

  /// A group's title.
  subscript(group: String) -> String { titles[group] ?? group }
}
