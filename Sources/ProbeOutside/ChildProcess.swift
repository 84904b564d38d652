import Foundation
import Glibc

/// A program run by the shell, with its three standard streams on pipes of ours.
///
/// Reading, writing and the draining of standard error go on together in one `poll` loop, so that neither side waits for the
/// other with full pipes. The child leads a process group of its own: a program that hangs is stopped with all that it
/// started. Not safe for several threads at once.
final class ChildProcess {
  /// Why bytes did not come.
  enum Fault: Error {
    /// The child closed its output; how it ended, in words.
    case ended(String)
    /// The time was over.
    case silent
    /// A line grew beyond the limit; its beginning.
    case longLine([UInt8])
  }

  private static let starting = NSLock()
  private let identifier: pid_t
  private var input: Int32
  private let output: Int32
  private let errors: Int32
  private var errorsEnded = false
  /// What waits to be written, from `written` on.
  private var outbox: [UInt8] = []
  private var written = 0
  /// What came and was not taken yet, from `taken` on.
  private var inbox: [UInt8] = []
  private var taken = 0
  private var tail: [UInt8] = []
  private var hasEnded = false

  /// Starts a command.
  ///
  /// - Throws: ``OutsideError/start(command:fault:)``.
  init(command: String) throws(OutsideError) {
    func failed(_ what: String, _ code: Int32) -> OutsideError {
      .start(command: command, fault: "\(what): \(String(cString: strerror(code)))")
    }
    // A child started meanwhile would inherit the ends that are not marked yet, and hold them open.
    Self.starting.lock()
    defer { Self.starting.unlock() }
    var ends: [Int32] = []
    for _ in 0..<3 {
      guard let pair = Self.pipe() else {
        let code = errno
        for end in ends { close(end) }
        throw failed("no pipe could be made", code)
      }
      ends += [pair.reading, pair.writing]
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    posix_spawn_file_actions_adddup2(&actions, ends[3], 1)
    posix_spawn_file_actions_adddup2(&actions, ends[5], 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    // Signals that this program ignores or holds back must reach the child as usual.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var usual = sigset_t()
    sigemptyset(&usual)
    for number in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&usual, number) }
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    let variables = ProcessInfo.processInfo.environment.sorted { $0.key < $1.key }
    let words: [UnsafeMutablePointer<CChar>?] =
      ["/bin/sh", "-c", command].map { (word: String) in strdup(word) } + [nil]
    let settings: [UnsafeMutablePointer<CChar>?] =
      variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    var child: pid_t = 0
    let code = posix_spawn(&child, "/bin/sh", &actions, &attributes, words, settings)
    for word in words + settings { free(word) }
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
    for end in [ends[0], ends[3], ends[5]] { close(end) }
    guard code == 0 else {
      for end in [ends[1], ends[2], ends[4]] { close(end) }
      throw failed("/bin/sh does not start", code)
    }
    identifier = child
    input = ends[1]
    output = ends[2]
    errors = ends[4]
    for end in [input, output, errors] { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }
  }

  deinit { end() }

  /// A pipe that other children do not inherit, on descriptors above the standard ones.
  private static func pipe() -> (reading: Int32, writing: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { return nil }
    let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 3) }
    for old in ends { close(old) }
    guard moved.allSatisfy({ $0 >= 0 }) else { return nil }
    return (moved[0], moved[1])
  }

  /// Puts bytes in line to be written; they go out while answers are awaited.
  func send(_ bytes: [UInt8]) {
    outbox.removeFirst(written)
    written = 0
    outbox += bytes
  }

  /// The number of bytes that came and were not asked for.
  var surplus: Int { inbox.count - taken }

  /// The last lines that the child wrote to standard error, at most eight.
  var lastErrors: String {
    let lines = String(decoding: tail, as: UTF8.self).split(whereSeparator: \.isNewline)
    return lines.suffix(8).joined(separator: "\n")
  }

  /// Awaits a line, and gives it without its line feed.
  func line(limit: Int, until deadline: ContinuousClock.Instant) throws(Fault) -> [UInt8] {
    var searched = taken
    while true {
      if let place = inbox[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { take(place + 1 - taken) }
        return Array(inbox[taken..<place])
      }
      searched = inbox.count
      if surplus > limit { throw .longLine(Array(inbox[taken..<taken + 80])) }
      try pump(until: deadline)
    }
  }

  /// Awaits a number of bytes.
  func bytes(_ count: Int, until deadline: ContinuousClock.Instant) throws(Fault) -> [UInt8] {
    while surplus < count { try pump(until: deadline) }
    defer { take(count) }
    return Array(inbox[taken..<taken + count])
  }

  private func take(_ count: Int) {
    taken += count
    if taken == inbox.count {
      inbox.removeAll(keepingCapacity: inbox.count < 1 << 24)
      taken = 0
    }
  }

  /// Waits until something can be read or written, and does it.
  private func pump(until deadline: ContinuousClock.Instant) throws(Fault) {
    let left = deadline - ContinuousClock.now
    guard left > .zero else { throw .silent }
    let milliseconds = min(left / .milliseconds(1), 1e9)
    var waiting = [
      pollfd(fd: output, events: Int16(POLLIN), revents: 0),
      // Negative descriptors are passed over.
      pollfd(fd: errorsEnded ? -1 : errors, events: Int16(POLLIN), revents: 0),
      pollfd(fd: written < outbox.count ? input : -1, events: Int16(POLLOUT), revents: 0),
    ]
    guard poll(&waiting, 3, Int32(milliseconds.rounded(.up))) > 0 else { return }
    if waiting[1].revents != 0 { drainErrors() }
    if waiting[2].revents != 0 { write() }
    if waiting[0].revents != 0 {
      // An orphan that holds the pipe open does not matter: the end of the file is what counts.
      if Self.read(output, into: &inbox) == .ended { throw .ended(status()) }
    }
  }

  private enum Reading { case some, ended }

  private static func read(_ descriptor: Int32, into buffer: inout [UInt8]) -> Reading {
    let chunk = 1 << 16
    var result = Reading.some
    while true {
      var count = 0
      buffer.append(
        contentsOf: [UInt8](unsafeUninitializedCapacity: chunk) { memory, filled in
          count = Glibc.read(descriptor, memory.baseAddress, chunk)
          filled = max(0, count)
        })
      if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { result = .ended }
      if count < chunk { return result }
    }
  }

  private func drainErrors() {
    if Self.read(errors, into: &tail) == .ended { errorsEnded = true }
    if tail.count > 8192 { tail.removeFirst(tail.count - 4096) }
  }

  /// Writes what the pipe takes.
  ///
  /// A child that reads no more may still have something to say, so that is no error here.
  private func write() {
    // A pipe without a reader raises SIGPIPE in this thread: hold it back, and take it away where it was raised.
    var pipeSignal = sigset_t()
    sigemptyset(&pipeSignal)
    sigaddset(&pipeSignal, SIGPIPE)
    var before = sigset_t()
    pthread_sigmask(SIG_BLOCK, &pipeSignal, &before)
    let count = outbox.withUnsafeBytes {
      Glibc.write(input, $0.baseAddress.map { $0 + written }, $0.count - written)
    }
    let code = errno
    if count < 0 && code == EPIPE {
      var now = timespec()
      _ = sigtimedwait(&pipeSignal, nil, &now)
      written = outbox.count
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    if count > 0 { written += count }
  }

  /// How the child ended, in words, after its output was closed.
  private func status() -> String {
    var status: Int32 = 0
    let ended = wait(seconds: 1, &status)
    drainErrors()
    guard ended else { return "closed its standard output" }
    let signal = status & 0x7f
    return signal == 0 ? "ended with status \((status >> 8) & 0xff)" : "was ended by signal \(signal)"
  }

  private func wait(seconds: Double, _ status: inout Int32) -> Bool {
    if hasEnded { return true }
    let deadline = ContinuousClock.now + .seconds(seconds)
    repeat {
      let found = waitpid(identifier, &status, WNOHANG)
      if found == identifier || (found < 0 && errno == ECHILD) {
        hasEnded = true
        return true
      }
      usleep(1000)
    } while ContinuousClock.now < deadline
    return false
  }

  /// Ends the child: closes its input, which a program in good order takes as the end, and stops what is left after two
  /// seconds.
  ///
  /// - Parameter atOnce: stops it without waiting.
  func end(atOnce: Bool = false) {
    guard input >= 0 else { return }
    if written < outbox.count, !atOnce { write() }
    close(input)
    input = -1
    var status: Int32 = 0
    if !wait(seconds: atOnce ? 0 : 2, &status) {
      kill(-identifier, SIGTERM)
      if !wait(seconds: 0.5, &status) {
        kill(-identifier, SIGKILL)
        _ = wait(seconds: 5, &status)
      }
    }
    close(output)
    close(errors)
  }
}
