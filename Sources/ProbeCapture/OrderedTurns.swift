internal import Foundation

/// Hands out tickets to workers, and lets their holders write one after the other in the order of the tickets.
///
/// A failure stops the tickets after the failed one; those before it still finish, so that what is kept, and which
/// error is reported, do not depend on which worker was faster.
final class OrderedTurns: @unchecked Sendable {
  // Every stored variable is read and written under `condition`'s lock alone: hence `@unchecked Sendable`.
  private let condition = NSCondition()
  private let count: Int
  private var issued = 0
  private var current = 0
  private var failure: (ticket: Int, error: any Error)?

  /// Thrown to leave a model's run when an earlier ticket has failed.
  struct Stopped: Error {}

  init(count: Int) { self.count = count }

  /// The next ticket, or `nil` when there is none or some ticket failed.
  func take() -> Int? {
    condition.withLock {
      guard issued < count, failure == nil else { return nil }
      issued += 1
      return issued - 1
    }
  }

  /// Whether it is this ticket's turn.
  func isTurn(of ticket: Int) throws -> Bool {
    try condition.withLock {
      if let failure, failure.ticket < ticket { throw Stopped() }
      return current == ticket
    }
  }

  /// Waits until it is this ticket's turn.
  func wait(for ticket: Int) throws {
    try condition.withLock {
      while current != ticket {
        if let failure, failure.ticket < ticket { throw Stopped() }
        condition.wait()
      }
    }
  }

  /// Passes the turn on.
  func end(_ ticket: Int) {
    condition.withLock {
      current = ticket + 1
      condition.broadcast()
    }
  }

  /// Records that a ticket failed; the earliest one counts.
  func fail(_ ticket: Int, _ error: any Error) {
    condition.withLock {
      if failure.map({ ticket < $0.ticket }) ?? true { failure = (ticket, error) }
      condition.broadcast()
    }
  }

  /// The error of the earliest failed ticket.
  var firstError: (any Error)? { condition.withLock { failure?.error } }
}
