import Foundation
import ProbeCapture
import ProbeCheckpoints
import ProbeModels

/// The folders of `--initial`, where the networks' weights before training are.
struct InitialWeights: Sendable {
  private let folders: [String]
  /// The files that may hold a network's weights, by what follows its name.
  private static let endings = [".safetensors", ".npz", ".pt"]

  /// Takes folders.
  ///
  /// - Throws: ``AnalysisError/option(name:fault:)`` where one does not exist.
  init(folders: [String]) throws(AnalysisError) {
    for folder in folders {
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
      guard exists && isFolder.boolValue else {
        throw .option(
          name: "--initial",
          fault:
            "\(folder) \(exists ? "is a file" : "does not exist"); name a folder that holds the weights before "
            + "training, a file for each network: \(Self.fileNames)")
      }
    }
    self.folders = folders
  }

  private static var fileNames: String {
    "NAME" + endings.dropLast().joined(separator: ", NAME") + " or NAME" + (endings.last ?? "")
  }

  /// A captured network before training: the same cell with the weights of the file of its name.
  ///
  /// The name is the capture's, without its folder where no file has it with it, else the captured model's.
  ///
  /// - Throws: ``Incomparable`` where there is no such file, more than one, or one that does not fit.
  func model(of capture: NamedCapture) throws(Incomparable) -> RecurrentModel {
    guard let identity = capture.reader.metadata.model else {
      throw Incomparable("their captures name no model")
    }
    let stem = capture.name.split(separator: "/").last.map(String.init) ?? capture.name
    let found = [capture.name, stem, identity.name].lazy.map(files).first { !$0.isEmpty } ?? []
    guard let path = found.first else {
      throw Incomparable(
        "no file of their names (\(Self.fileNames)) is in \(folders.joined(separator: ", "))")
    }
    guard found.count == 1 else {
      throw Incomparable(
        "more than one file has the name: \(found.joined(separator: ", ")); name the one folder that is meant"
      )
    }
    do {
      let checkpoint = try Checkpoint.open(path: path)
      return try RecurrentModel(
        checkpoint: checkpoint,
        configuration: RecurrentConfiguration(json: identity.configuration, source: capture.reader.path),
        name: identity.name, sha256: checkpoint.sha256())
    } catch {
      throw Incomparable("\(error)")
    }
  }

  private func files(named name: String) -> [String] {
    folders.flatMap { folder in
      Self.endings.map { folder + "/" + name + $0 }.filter { FileManager.default.fileExists(atPath: $0) }
    }
  }
}
