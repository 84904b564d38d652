import Foundation
import Glibc
import ProbeAutomata
import Testing

@testable import ProbeOutside

/// What programs in bad order do, as shell scripts.
@Suite struct OutsideProgramTests {
  private static let words =
    #"{"type":"hello","protocol":"rnnprobe-outside","version":1,"words":{"alphabet":["a"],"outputs":["x"]}}"#

  private func start(_ script: String, timeout: Double = 60) throws -> OutsideProgram {
    try OutsideProgram(command: script, timeout: timeout)
  }

  /// A program that greets, reads a question and then does something.
  private func ask(_ script: String, timeout: Double = 60) -> String {
    errorText {
      let program = try start("read line; echo '\(Self.words)'; read line; \(script)", timeout: timeout)
      var system = try OutsideSystem(program)
      _ = try system.answer([PrefixNode(id: 0, parent: -1, symbol: -1)])
    }
  }

  @Test("a command that is not there gives the shell's own words")
  func missing() {
    let text = errorText { _ = try start("/nowhere/at-all --x") }
    #expect(
      text.hasPrefix(
        "the program '/nowhere/at-all --x' ended with status 127 instead of answering the greeting"))
    #expect(text.contains("the end of its standard error:"))
    #expect(text.contains("not found"))
  }

  @Test("a program that dies is named with its status and the last eight lines it wrote")
  func dies() {
    let text = errorText { _ = try start("seq 1 20 >&2; exit 3") }
    #expect(
      text
        == "the program 'seq 1 20 >&2; exit 3' ended with status 3 instead of answering the greeting; the end of its "
        + "standard error:\n13\n14\n15\n16\n17\n18\n19\n20")
    let signal = errorText { _ = try start("kill -KILL $$") }
    #expect(signal.contains("was ended by signal 9 instead of answering the greeting"))
  }

  @Test("a program that reads nothing and closes its input does not end this one by SIGPIPE")
  func brokenPipe() {
    let text = errorText {
      let program = try start("exec <&-; echo '\(Self.words)'; sleep 0.2")
      var system = try OutsideSystem(program)
      _ = try system.answer([PrefixNode(id: 0, parent: -1, symbol: -1)])
    }
    #expect(text.contains("ended with status 0 instead of answering 1 words"))
  }

  @Test(
    "a program that hangs is stopped with its children after the time that it has", .timeLimit(.minutes(1)))
  func hangs() throws {
    let mark = "\(getpid())\(UInt32.random(in: 0...UInt32.max))"
    let begin = ContinuousClock.now
    let text = ask("sleep 600 \(mark); true", timeout: 0.5)
    #expect(text.contains("did not answer 1 words within 0.5 s (--map-timeout) and was stopped"))
    #expect(ContinuousClock.now - begin < .seconds(20))
    #expect(try start("read line; echo '\(Self.words)'; read line").offer.name == "outside")
    #expect(!processes().contains { $0.contains(mark) })
  }

  /// The command lines of all processes.
  private func processes() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.filter { Int($0) != nil }.compactMap {
      (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\($0)/cmdline"))).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
  }

  @Test("what is not the framing is quoted")
  func garbage() {
    let printed = errorText { _ = try start("echo loading the model; cat") }
    #expect(printed.contains(#""loading the model" is no hello (not JSON)"#))
    #expect(printed.contains("What a model prints must go to standard error"))
    let missing = errorText { _ = try start(#"echo '{"type":"hello","protocol":"rnnprobe-outside"}'"#) }
    #expect(missing.contains("is no hello with protocol \"rnnprobe-outside\" and a version"))
    let mistyped = errorText {
      _ = try start(
        #"echo '{"type":"hello","protocol":"rnnprobe-outside","version":1,"map":{"dimension":"x"}}'"#)
    }
    #expect(mistyped.contains("is no hello ('map.dimension' has the wrong type)"))
    let absent = errorText {
      _ = try start(#"echo '{"type":"hello","protocol":"rnnprobe-outside","version":1,"map":{}}'"#)
    }
    #expect(absent.contains("is no hello ('dimension' is missing)"))
    #expect(ask("echo what now").contains(#""what now" is no header"#))
    #expect(ask(#"echo '{"type":"map"}'"#).contains("its type is 'map' and not 'words'"))
    #expect(
      ask(#"echo '{"type":"words"}'"#).contains("it declares no array; outputs <i4 [1] was due"))
    #expect(
      ask(#"echo '{"type":"words","arrays":[{"name":"outputs","dtype":"<i4","shape":[2]}]}'"#)
        .contains("it declares outputs <i4 [2]; outputs <i4 [1] was due"))
  }

  @Test("too few bytes and too many are told apart")
  func lengths() {
    let header = #"echo '{"type":"words","arrays":[{"name":"outputs","dtype":"<i4","shape":[1]}]}'"#
    let short = ask("\(header); printf 'ab'; exit 0")
    #expect(
      short.contains(
        "ended with status 0 within the array 'outputs', 2 bytes into it, instead of answering 1 words"))
    // In one write, so that all of it is there when the answer is taken.
    let long = ask(
      #"printf '{"type":"words","arrays":[{"name":"outputs","dtype":"<i4","shape":[1]}]}\n\0\0\0\0more'; read line"#
    )
    #expect(long.contains("4 bytes follow that its header does not declare"))
  }

  @Test("another version, a refusal and impossible offers are said in words")
  func offers() {
    let version = errorText {
      _ = try start(#"echo '{"type":"hello","protocol":"rnnprobe-outside","version":2,"new":[]}'; cat"#)
    }
    #expect(version.contains("speaks version 2 of the framing; this rnnprobe speaks version 1"))
    let refusal = ask(#"echo '{"type":"error","message":"ValueError: no"}'; cat"#)
    #expect(refusal.hasSuffix("could not answer 1 words: ValueError: no"))
    func offer(_ text: String) -> String {
      errorText {
        _ = try start(
          "echo '{\"type\":\"hello\",\"protocol\":\"rnnprobe-outside\",\"version\":1\(text)}'; cat")
      }
    }
    #expect(offer("").contains("it offers neither a map nor words"))
    #expect(offer(#","map":{"dimension":0}"#).contains("its map has dimension 0; 1 to 1,000,000 can be"))
    #expect(offer(#","map":{"dimension":1,"inputs":-1}"#).contains("its map has -1 inputs"))
    #expect(
      offer(#","map":{"dimension":2,"box":[1]}"#).contains("box has 1 half-widths for 2 state variables"))
    #expect(offer(#","map":{"dimension":1,"box":[-1]}"#).contains("box has the half-width -1.0"))
    #expect(
      offer(#","words":{"alphabet":[],"outputs":["x"]}"#).contains("its words have 0 symbols and 1 outputs"))
    let twice = errorText {
      _ = try OutsideSystem(
        try start(
          #"read line; echo '{"type":"hello","protocol":"rnnprobe-outside","version":1,"words":{"alphabet":["a","a"],"outputs":["x"]}}'; cat"#
        ))
    }
    #expect(twice.contains("an alphabet has the symbol \"a\" at 0 and at 1"))
    let map = errorText {
      _ = try OutsideMap(try start("read line; echo '\(Self.words)'; cat >&2"), input: [])
    }
    #expect(map.contains("it offers words alone, and a map is needed"))
  }

  @Test("a fault stays: every later question gives the same error")
  func persistence() throws {
    let program = try start("read line; echo '\(Self.words)'; read line; exit 9")
    var system = try OutsideSystem(program)
    let node = PrefixNode(id: 0, parent: -1, symbol: -1)
    let first = errorText { _ = try system.answer([node]) }
    #expect(first.contains("ended with status 9"))
    let second = errorText { _ = try system.answer([node]) }
    #expect(second == first)
    #expect(program.failure?.description == first)
    let checked = errorText { try program.checked {} }
    #expect(checked == first)
  }
}
