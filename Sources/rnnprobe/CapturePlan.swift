import Foundation
import ProbeModels

/// Which models a command captures, and where each capture goes.
struct CapturePlan: Sendable {
  /// A model and its capture.
  struct Item: Sendable {
    let file: String
    let target: String
    /// The model's file name.
    var name: String { URL(filePath: file).lastPathComponent }
  }

  /// In the order of the files' names; at least one.
  let items: [Item]
  /// Whether the captures go into a folder.
  let isFolder: Bool

  /// Finds the models at a path.
  ///
  /// - Parameters:
  ///   - model: a model's file, a Hugging Face folder, or a folder of models.
  ///   - output: `-o`.
  /// - Throws: ``CommandError`` where there is no model, or two captures would have one name.
  init(of model: String, output: String?) throws {
    guard let isFolder = Self.isFolder(model) else {
      throw CommandError.wrong("there is no model at \(model)")
    }
    guard isFolder, !AttentionModel.isCheckpoint(folder: model) else {
      let file = model.count > 1 && model.hasSuffix("/") ? String(model.dropLast()) : model
      self = try Self(one: file, stem: Self.stem(file, isFolder: isFolder), output: output)
      return
    }
    let files = try Self.models(in: model)
    // A folder that describes one model is that model, unless its capture is to go into a folder.
    guard files.count > 1 || output.map({ Self.isFolder($0) == true || $0.hasSuffix("/") }) == true else {
      self = try Self(one: files[0], stem: Self.stem(files[0], isFolder: false), output: output)
      return
    }
    guard let output else {
      throw CommandError.wrong(
        "\(model) holds \(files.count) models; name the folder for their captures with -o")
    }
    let folder = output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
    guard Self.isFolder(folder) != false else {
      throw CommandError.wrong(
        "\(folder) is a file; the captures of \(model) go into a folder, so name another with -o")
    }
    items = files.map { Item(file: $0, target: "\(folder)/\(Self.stem($0, isFolder: false)).h5") }
    self.isFolder = true
    var owners: [String: String] = [:]
    for item in items {
      if let other = owners.updateValue(item.name, forKey: item.target) {
        throw CommandError.wrong(
          "\(other) and \(item.name) of \(model) would both be captured as \(item.target); rename one, or move it "
            + "elsewhere")
      }
    }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandError.wrong("cannot make the folder \(folder) for captures: \(error.localizedDescription)")
    }
  }

  /// One model, whose capture is a file.
  private init(one file: String, stem: String, output: String?) throws {
    let target = output ?? stem + ".h5"
    if Self.isFolder(target) == true {
      throw CommandError.wrong(
        "\(target) is a folder; name the file to write with -o, such as \(target)/\(stem).h5")
    }
    let folder = URL(filePath: target).deletingLastPathComponent().path(percentEncoded: false)
    if !FileManager.default.fileExists(atPath: folder) {
      throw CommandError.wrong("cannot write \(target): there is no folder \(folder)")
    }
    (items, isFolder) = ([Item(file: file, target: target)], false)
  }

  /// The models in a folder, sorted by name.
  private static func models(in folder: String) throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    // Weights that a model.json describes are that model, not a second one.
    let described = names.contains("model.json") ? describedWeights(folder + "/model.json") : nil
    let files = names.filter { name in
      guard name != described else { return false }
      return [".safetensors", ".npz", ".pt", ".pth"].contains { name.hasSuffix($0) } || name == "model.json"
    }
    guard !files.isEmpty else {
      throw CommandError.wrong("\(folder) holds no .safetensors, .npz, .pt or model.json")
    }
    return files.map { folder.hasSuffix("/") ? folder + $0 : folder + "/" + $0 }
  }

  /// The file that a model.json names; nil where it cannot be read, which its loading then says.
  private static func describedWeights(_ path: String) -> String? {
    let object = (try? Data(contentsOf: URL(filePath: path))).flatMap {
      try? JSONSerialization.jsonObject(with: $0)
    }
    return (object as? [String: Any])?["weights"] as? String
  }

  /// Whether a path is a folder; nil where nothing is there.
  private static func isFolder(_ path: String) -> Bool? {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) ? isFolder.boolValue : nil
  }

  private static func stem(_ file: String, isFolder: Bool) -> String {
    let url = URL(filePath: file)
    return (isFolder ? url : url.deletingPathExtension()).lastPathComponent
  }
}
