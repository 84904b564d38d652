/// What becomes of the separators when a piece is cut at them.
enum SplitBehavior: String {
  case removed = "Removed"
  case isolated = "Isolated"
  case mergedWithPrevious = "MergedWithPrevious"
  case mergedWithNext = "MergedWithNext"
  case contiguous = "Contiguous"

  /// A stretch between two matches, or a match.
  struct Stretch {
    var start: Int
    var end: Int
    var isMatch: Bool
  }

  /// Joins or drops stretches; they cover the piece in order.
  func apply(_ stretches: inout [Stretch]) {
    switch self {
    case .isolated: break
    case .removed: stretches.removeAll { $0.isMatch }
    case .contiguous: join(&stretches) { match, previous in match == previous }
    case .mergedWithPrevious: join(&stretches) { match, previous in match && !previous }
    case .mergedWithNext:
      var joined: [Stretch] = []
      var previous = false
      for stretch in stretches.reversed() {
        if stretch.isMatch, !previous, !joined.isEmpty {
          joined[joined.count - 1].start = stretch.start
        } else {
          joined.append(stretch)
        }
        previous = stretch.isMatch
      }
      joined.reverse()
      stretches = joined
    }
  }

  /// Joins a stretch to the one before where `joins(isMatch, wasMatch)`.
  private func join(_ stretches: inout [Stretch], _ joins: (Bool, Bool) -> Bool) {
    var count = 0
    var previous = false
    for stretch in stretches {
      if count > 0, joins(stretch.isMatch, previous) {
        stretches[count - 1].end = stretch.end
      } else {
        stretches[count] = stretch
        count += 1
      }
      previous = stretch.isMatch
    }
    stretches.removeSubrange(count...)
  }
}
