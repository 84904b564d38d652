/// A group of permutations, its elements in lexicographic order of their one-line notation: the identity is element 0.
///
/// The one-line notation of p is p(1)p(2)...p(n).
public struct PermutationGroup: Sendable, Equatable {
  /// The groups that word problems are known for.
  public enum Name: String, CaseIterable, Sendable {
    /// The symmetric group on three letters, of order 6.
    case S3
    /// The symmetric group on four letters, of order 24.
    case S4
    /// The symmetric group on five letters, of order 120: not solvable.
    case S5
    /// The alternating group on four letters, of order 12.
    case A4
    /// The alternating group on five letters, of order 60: the smallest group that is not solvable.
    case A5
  }

  /// The group's name.
  public let name: Name
  /// `[element][letter]`: where each letter goes, counted from 0.
  public let elements: [[Int]]

  /// The group of a name.
  public init(_ name: Name) {
    let degree =
      switch name {
      case .S3: 3
      case .S4, .A4: 4
      case .S5, .A5: 5
      }
    let isAlternating = name == .A4 || name == .A5
    self.name = name
    elements = Self.permutations(of: Array(0..<degree)).filter { !isAlternating || Self.isEven($0) }
  }

  /// The number of letters that are permuted.
  public var degree: Int { elements[0].count }

  /// The permutation that applies the first and then the second: letter x goes to second(first(x)).
  public static func product(_ first: [Int], _ second: [Int]) -> [Int] {
    first.map { second[$0] }
  }

  /// An element in one-line notation, letters counted from 1.
  public static func text(_ element: [Int]) -> String {
    element.map { "\($0 + 1)" }.joined()
  }

  /// Two elements that generate the group.
  ///
  /// S_n: the transposition (1 2) and the cycle (1 2 ... n). A_n: the cycle (1 2 3), and (1 2 ... n) where n is odd,
  /// (2 3 ... n) where it is even. Coxeter and Moser, "Generators and relations for discrete groups", section 6.2, 6.3.
  public var generators: [[Int]] {
    switch name {
    case .S3, .S4, .S5: [cycle(0..<2), cycle(0..<degree)]
    case .A4, .A5: [cycle(0..<3), cycle((degree % 2 == 1 ? 0 : 1)..<degree)]
    }
  }

  private func cycle(_ letters: Range<Int>) -> [Int] {
    (0..<degree).map { letter in
      guard letters.contains(letter) else { return letter }
      return letter + 1 == letters.upperBound ? letters.lowerBound : letter + 1
    }
  }

  private static func permutations(of letters: [Int]) -> [[Int]] {
    guard letters.count > 1 else { return [letters] }
    return letters.flatMap { first in
      permutations(of: letters.filter { $0 != first }).map { [first] + $0 }
    }
  }

  private static func isEven(_ element: [Int]) -> Bool {
    let inversions = element.indices.reduce(0) { sum, index in
      sum + element[index...].count { $0 < element[index] }
    }
    return inversions % 2 == 0
  }
}
