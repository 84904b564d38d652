import Foundation
import ProbeTasks
import Testing

/// `Fixtures/languages.json`, made by `scripts/fixtures/make_language_fixtures.py`.
private struct LanguageFixture: Decodable {
  struct Case: Decodable {
    let word: [String]
    let `class`: String
  }

  let task: String
  /// The size of the Moore machine that AALpy learns from a definition in Python.
  let states: Int
  let words: [Case]

  static func load() throws -> [LanguageFixture] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/languages.json")
    return try JSONDecoder().decode([LanguageFixture].self, from: Data(contentsOf: path))
  }
}

@Suite("Languages against definitions in Python")
struct LanguageFixtureTests {
  @Test(
    "words have the classes that Python's arithmetic, its regular expressions and sympy's permutations give")
  func classes() throws {
    let fixtures = try LanguageFixture.load()
    #expect(fixtures.count == 23)
    for fixture in fixtures {
      let language = try #require(try TaskRegistry.task(fixture.task) as? any LanguageTask).language
      #expect(fixture.words.count == 30)
      for example in fixture.words {
        #expect(language.answer(example.word) == example.class, "\(fixture.task): \(example.word)")
      }
    }
  }

  @Test("automata have as many states as the machines that AALpy learns")
  func sizes() throws {
    for fixture in try LanguageFixture.load() {
      let language = try #require(try TaskRegistry.task(fixture.task) as? any LanguageTask).language
      #expect(language.states.count == fixture.states, "\(fixture.task)")
    }
  }
}
