import Foundation
import ProbeTasks
import Synchronization

/// Small tokenizers for tests, each of another kind.
enum Vocabularies {
  /// Ids alone: 0 is the beginning, 1 special too.
  static func ids(_ size: Int = 1000, positions: Int? = nil) -> TokenVocabulary {
    TokenVocabulary(size: size, beginning: 0, special: [0, 1], maximumLength: positions)
  }

  /// One token a byte, 2 beyond the byte's value; 0 is the beginning.
  static func bytes(positions: Int? = nil) -> TokenVocabulary {
    TokenVocabulary(
      size: 258, beginning: 0, special: [0, 1], encode: { $0.utf8.map { Int($0) + 2 } },
      text: { $0 < 2 ? nil : String(decoding: [UInt8($0 - 2)], as: UTF8.self) }, maximumLength: positions)
  }

  /// Words with the space before them, and marks: what byte-level tokenizers make of common words.
  ///
  /// Ids are given out as pieces are met; `joining` are marks that stay with the word before them.
  static func words(joining: String = "", positions: Int? = nil) -> TokenVocabulary {
    let table = PieceTable()
    return TokenVocabulary(
      size: 5000, beginning: 0, special: [0, 1],
      encode: { text in pieces(of: text, joining: joining).map(table.id) }, text: table.piece,
      maximumLength: positions)
  }

  /// As words, each with a mark for the space before it and one at the very beginning of a text.
  static func markedWords() -> TokenVocabulary {
    let table = PieceTable()
    return TokenVocabulary(
      size: 5000, beginning: 0, special: [0, 1],
      encode: { text in pieces(of: " " + text, joining: "").map(table.id) }, text: table.piece)
  }

  /// Knows a few words only; all else is the special id 1.
  static func closed(_ words: [String]) -> TokenVocabulary {
    TokenVocabulary(
      size: words.count + 2, beginning: nil, special: [1],
      encode: { text in
        pieces(of: text, joining: "").filter { $0 != " " }.map { piece in
          words.firstIndex(of: piece.filter { $0 != " " }).map { $0 + 2 } ?? 1
        }
      }, text: { $0 < 2 ? nil : words[$0 - 2] })
  }

  /// The pieces: an optional space with letters, or with marks that are not spaces; or a lone space or newline.
  static func pieces(of text: String, joining: String) -> [String] {
    var pieces: [String] = []
    var piece = ""
    func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }
    for character in text {
      let bare = piece.drop { $0 == " " }
      let isContinued: Bool
      if character == " " || character == "\n" {
        isContinued = false
      } else if let last = bare.last {
        isContinued =
          last != "\n"
          && (isWord(last) == isWord(character) || (isWord(last) && joining.contains(character)))
      } else {
        isContinued = true
      }
      if !isContinued, !piece.isEmpty {
        pieces.append(piece)
        piece = ""
      }
      piece.append(character)
    }
    return piece.isEmpty ? pieces : pieces + [piece]
  }
}

/// Gives out ids from 2 on, in the order of asking.
final class PieceTable: Sendable {
  private let state = Mutex<(ids: [String: Int], pieces: [String])>(([:], []))

  func id(_ piece: String) -> Int {
    state.withLock { state in
      if let id = state.ids[piece] { return id }
      state.pieces.append(piece)
      state.ids[piece] = state.pieces.count + 1
      return state.pieces.count + 1
    }
  }

  @Sendable func piece(_ id: Int) -> String? {
    state.withLock { $0.pieces.indices.contains(id - 2) ? $0.pieces[id - 2] : nil }
  }
}

/// The text of the ids that stand for text.
func text(_ ids: some Sequence<Int>, _ vocabulary: TokenVocabulary) -> String {
  ids.compactMap { vocabulary.text?($0) }.joined()
}

/// The text of the error that building a token task throws, or nil.
func tokenFault(_ specification: String, _ vocabulary: TokenVocabulary = Vocabularies.ids()) -> String? {
  do throws(TaskError) {
    _ = try TokenTaskRegistry.task(specification, vocabulary: vocabulary)
    return nil
  } catch {
    return error.description
  }
}

/// A file that is deleted with its last reference.
final class TemporaryFile: Sendable {
  let path: String

  init(_ text: String, name: String = "cases.jsonl") throws {
    let folder = FileManager.default.temporaryDirectory.path + "/rnnprobe-tasks-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = folder + "/" + name
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  deinit { try? FileManager.default.removeItem(at: URL(filePath: path).deletingLastPathComponent()) }
}
