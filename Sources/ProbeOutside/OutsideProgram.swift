internal import Foundation

/// A program of the user's that answers for a model: started once, asked many times, through pipes.
///
/// Threads take turns: one child answers all, so that a model that keeps a workspace (or uses threads itself) is safe. What
/// it answers must depend on the question alone. After the first fault the child is stopped, and every later question throws
/// the same error.
///
/// `@unchecked Sendable`: the stored variables are touched only while `lock` is held.
public final class OutsideProgram: @unchecked Sendable {
  /// The version of the framing that is spoken.
  public static let version = 1
  /// The command, as given to the shell.
  public let command: String
  /// What the program said it can do.
  public let offer: OutsideOffer
  /// How long an answer may take, in seconds.
  public let timeout: Double

  private let lock = NSLock()
  private let child: ChildProcess
  private var fault: OutsideError?
  /// A header is this long at most; alphabets go in the `hello`.
  private static let headerLimit = 1 << 24

  /// Starts a program through `/bin/sh -c` and exchanges the first message with it.
  ///
  /// - Parameters:
  ///   - command: as typed in a shell.
  ///   - timeout: seconds that an answer may take; loading the model counts in the first.
  /// - Throws: ``OutsideError``.
  public init(command: String, timeout: Double = 300) throws(OutsideError) {
    self.command = command
    self.timeout = timeout
    child = try ChildProcess(command: command)
    var header = Message.Header(type: "hello")
    header.protocol = "rnnprobe-outside"
    header.version = Self.version
    child.send(Message(header).bytes)
    do {
      let line = try Self.line(
        child, "the greeting", command: command, deadline: .now + .seconds(timeout), timeout: timeout)
      offer = try Self.offer(line, command: command, errors: child.lastErrors)
    } catch {
      child.end(atOnce: true)
      throw error
    }
  }

  deinit {
    if fault == nil { child.send(Message(type: "end").bytes) }
    child.end()
  }

  private static func offer(
    _ line: [UInt8], command: String, errors: String
  ) throws(OutsideError) -> OutsideOffer {
    let hello: OutsideOffer.Hello
    do {
      hello = try JSONDecoder().decode(OutsideOffer.Hello.self, from: Data(line))
    } catch {
      throw .framing(
        command: command, request: "the greeting",
        fault:
          "\(shown(line)) is no hello (\(brief(error))); a line of JSON with type, protocol, version and map or "
          + "words was due. What a model prints must go to standard error", standardError: errors)
    }
    if hello.type == "error" {
      throw .refused(command: command, request: "the greeting", message: hello.message ?? "no message")
    }
    guard hello.type == "hello", hello.protocol == "rnnprobe-outside", let version = hello.version else {
      throw .framing(
        command: command, request: "the greeting",
        fault: "\(shown(line)) is no hello with protocol \"rnnprobe-outside\" and a version",
        standardError: errors)
    }
    guard version == Self.version else {
      throw .version(command: command, spoken: version, known: Self.version)
    }
    let offer = OutsideOffer(name: hello.name ?? "outside", map: hello.map, words: hello.words)
    if let fault = offer.fault { throw .offer(command: command, fault: fault) }
    return offer
  }

  /// The first fault, if there was one: what was computed since is not to be used.
  public var failure: OutsideError? {
    lock.lock()
    defer { lock.unlock() }
    return fault
  }

  /// Runs something that asks the program where errors cannot be thrown, and throws the program's fault in place of
  /// whatever followed from it.
  public func checked<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      let result = try body()
      if let failure { throw failure }
      return result
    } catch {
      throw failure ?? error
    }
  }

  /// Asks one question.
  ///
  /// - Parameters:
  ///   - message: the question.
  ///   - request: the question in words, for errors: `100 states of the map`.
  ///   - expected: the arrays that must come, in order; one more may come where `optional` names it.
  ///   - optional: an array that may follow.
  /// - Returns: the elements of the arrays that came.
  /// - Throws: ``OutsideError``.
  func ask(
    _ message: Message, _ request: String, expecting expected: [Message.ArrayHeader],
    optional: Message.ArrayHeader? = nil
  ) throws(OutsideError) -> [Message.Elements] {
    lock.lock()
    defer { lock.unlock() }
    if let fault { throw fault }
    do {
      child.send(message.bytes)
      return try answer(message.header.type, request, expecting: expected, optional: optional)
    } catch {
      // A refusal leaves the child in order, but not the computation that needed its answer.
      fault = error
      child.end(atOnce: true)
      throw error
    }
  }

  private func answer(
    _ type: String, _ request: String, expecting expected: [Message.ArrayHeader],
    optional: Message.ArrayHeader?
  ) throws(OutsideError) -> [Message.Elements] {
    let deadline = ContinuousClock.now + .seconds(timeout)
    func broken(_ fault: String) -> OutsideError {
      .framing(command: command, request: request, fault: fault, standardError: child.lastErrors)
    }
    let line = try Self.line(child, request, command: command, deadline: deadline, timeout: timeout)
    guard let header = try? JSONDecoder().decode(Message.Header.self, from: Data(line)) else {
      throw broken(
        "\(Self.shown(line)) is no header; a line of JSON was due. What a model prints must go to standard error"
      )
    }
    if header.type == "error" {
      throw .refused(command: command, request: request, message: header.message ?? "no message")
    }
    guard header.type == type else { throw broken("its type is '\(header.type)' and not '\(type)'") }
    let arrays = header.arrays ?? []
    let due = arrays.count > expected.count ? expected + (optional.map { [$0] } ?? []) : expected
    guard arrays == due else {
      throw broken("it declares \(Self.shown(arrays)); \(Self.shown(due)) was due")
    }
    var bodies: [Message.Elements] = []
    for array in arrays {
      let count = array.shape.reduce(1, *)
      let isReal = array.dtype == "<f8"
      let bytes: [UInt8]
      do {
        bytes = try child.bytes(count * (isReal ? 8 : 4), until: deadline)
      } catch {
        throw Self.error(error, child, request, command: command, timeout: timeout, within: array.name)
      }
      bodies.append(isReal ? .real(Message.reals(bytes)) : .integer(Message.integers(bytes)))
    }
    if child.surplus > 0 {
      throw broken("\(child.surplus) bytes follow that its header does not declare")
    }
    return bodies
  }

  private static func line(
    _ child: ChildProcess, _ request: String, command: String, deadline: ContinuousClock.Instant,
    timeout: Double
  ) throws(OutsideError) -> [UInt8] {
    do {
      return try child.line(limit: headerLimit, until: deadline)
    } catch {
      throw self.error(error, child, request, command: command, timeout: timeout, within: nil)
    }
  }

  private static func error(
    _ fault: ChildProcess.Fault, _ child: ChildProcess, _ request: String, command: String,
    timeout: Double, within array: String?
  ) -> OutsideError {
    let errors = child.lastErrors
    switch fault {
    case .ended(let status):
      return .ended(
        command: command, request: request,
        status: array.map { "\(status) within the array '\($0)', \(child.surplus) bytes into it," } ?? status,
        standardError: errors)
    case .silent:
      return .silent(command: command, request: request, seconds: timeout, standardError: errors)
    case .longLine(let start):
      return .framing(
        command: command, request: request,
        fault: "\(shown(start)) begins a line of more than \(headerLimit) bytes", standardError: errors)
    }
  }

  /// The beginning of a line, quoted.
  private static func shown(_ line: [UInt8]) -> String {
    String(decoding: line.prefix(80), as: UTF8.self).debugDescription + (line.count > 80 ? "..." : "")
  }

  private static func shown(_ arrays: [Message.ArrayHeader]) -> String {
    arrays.isEmpty
      ? "no array" : arrays.map { "\($0.name) \($0.dtype) \($0.shape)" }.joined(separator: ", ")
  }

  private static func brief(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "'\(key.stringValue)' is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has the wrong type"
    default: "not JSON"
    }
  }
}
