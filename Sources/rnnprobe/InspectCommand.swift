import ArgumentParser
import Foundation
import ProbeCapture
import ProbeCheckpoints
import ProbeModels
import ProbeTokenizers

/// `rnnprobe inspect`.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Say what a model, a capture or a checkpoint holds.",
    discussion: """
      Examples:
        rnnprobe inspect notebooks-data/models/flipflop-gru.safetensors
        rnnprobe inspect notebooks-data/models/heads-demo
        rnnprobe inspect flipflop.h5
      """)

  @Argument(help: "A capture (.h5), a checkpoint, a Hugging Face folder, or a model.json.")
  var file: String
  @OptionGroup var modelOptions: ModelOptions

  func run() throws {
    guard FileManager.default.fileExists(atPath: file) else {
      throw CommandError.wrong("there is no file at \(file)")
    }
    if file.hasSuffix(".h5") || file.hasSuffix(".h5.partial") || file.hasSuffix(".hdf5") {
      try describe(CaptureReader(file))
    } else {
      try describeModel()
    }
  }

  private func describe(_ reader: CaptureReader) throws {
    let metadata = reader.metadata
    print(
      "\(file): capture, \(metadata.trials) trials of up to \(metadata.steps) steps"
        + (metadata.isComplete ? "" : ", unfinished (\(metadata.done.count { $0 }) trials are in)"))
    if let model = metadata.model { print("  model   \(model.family) \(model.name), sha256 \(model.sha256)") }
    if let task = metadata.task {
      print("  task    \(task.generator), \(task.parameters)")
    }
    if !metadata.command.isEmpty { print("  command \(metadata.command)") }
    if !metadata.created.isEmpty {
      print("  created \(metadata.created) by rnnprobe \(metadata.programVersion)")
    }
    for site in metadata.sites {
      let shape = ([metadata.trials, metadata.steps] + site.shape).map { "\($0)" }.joined(separator: ", ")
      print(
        "  site    \(site.name) [\(shape)] \(site.dtype), \(ProgressLine.size(Double(site.storedBytes))) stored"
      )
    }
    for warning in metadata.warnings { Console.error("warning: \(warning)") }
  }

  private func describeModel() throws {
    if !file.hasSuffix(".json") {
      let checkpoint = try Checkpoint.open(path: file)
      print("\(file): \(checkpoint.names.count) tensors")
      for name in checkpoint.names {
        guard let information = checkpoint.information(name) else { continue }
        print("  tensor  \(name) \(information.shape) \(information.type.rawValue)")
      }
      for (key, value) in checkpoint.metadata.sorted(by: { $0.key < $1.key }) {
        print("  key     \(key) = \(value)")
      }
    }
    if AttentionModel.isCheckpoint(folder: file) { return try describeAttention() }
    do {
      let model = try RecurrentModel.load(path: file, request: modelOptions.request)
      print(
        "  model   \(model.identity.family), \(model.layers.count) layer(s), \(model.stateSize) state variables"
      )
      for site in model.sites { print("  site    \(site.name) \(site.shape) (\(site.role.rawValue))") }
    } catch let error as ModelError {
      print("  model   none that can be run: \(error)")
    }
  }

  private func describeAttention() throws {
    do {
      let model = try AttentionModel.load(folder: file)
      let attention = model.parts.blocks.first?.attention
      let positions = model.parts.maximumPositions.map { ", \($0) positions" } ?? ""
      print(
        "  model   \(model.identity.family), \(model.layers) layers of \(model.heads) heads"
          + " (\(attention?.keyValueHeads ?? 0) for keys and values), width \(model.width), "
          + "\(model.vocabulary) tokens\(positions)")
      if FileManager.default.fileExists(atPath: file + "/tokenizer.json") {
        print("  tokens  \(try Tokenizer.load(path: file + "/tokenizer.json"))")
      }
      print("  sites   rnnprobe list sites \(file)")
    } catch let error as ModelError {
      print("  model   none that can be run: \(error)")
    } catch let error as TokenizerError {
      print("  tokens  none that can be read: \(error)")
    }
  }
}
