import ArgumentParser
import ProbeAnalyses
import ProbeModels
import ProbeTasks

/// `rnnprobe list`.
struct ListCommand: ParsableCommand {
  /// What can be listed.
  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case tasks, cells, sites, analyses
  }

  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List tasks, cells, the sites of a model, or analyses.",
    discussion: """
      Examples:
        rnnprobe list tasks
        rnnprobe list tasks tomita
        rnnprobe list sites notebooks-data/models/flipflop-gru.safetensors
        rnnprobe list sites notebooks-data/models/heads-demo
      """)

  @Argument(help: "tasks, cells, sites or analyses.")
  var subject: Subject
  @Argument(help: "The task to document, or the model whose sites are wanted.")
  var name: String?
  @OptionGroup var modelOptions: ModelOptions

  func run() throws {
    switch subject {
    case .tasks: try listTasks()
    case .cells:
      let cells = RecurrentConfiguration.cells
      let width = cells.map(\.name.count).max() ?? 0
      for cell in cells { print("\(cell.name.padded(to: width)) \(cell.summary)") }
    case .sites:
      guard let name else { throw ValidationError("name the model: rnnprobe list sites MODEL") }
      let model: any SequenceModel =
        AttentionModel.isCheckpoint(folder: name)
        ? try AttentionModel.load(folder: name)
        : try RecurrentModel.load(path: name, request: modelOptions.request)
      for site in model.sites { print("\(site.name.padded(to: 28)) \(site.shape) \(site.role.rawValue)") }
    case .analyses:
      for analysis in AnalysisRegistry.all { print("\(analysis.name.padded(to: 16)) \(analysis.summary)") }
    }
  }

  private func listTasks() throws {
    let descriptors = TaskRegistry.descriptors + TokenTaskRegistry.descriptors
    guard let name else {
      for task in TaskRegistry.descriptors { print("\(task.name.padded(to: 24)) \(task.summary)") }
      print("\nOn token ids, for language models:")
      for task in TokenTaskRegistry.descriptors { print("\(task.name.padded(to: 24)) \(task.summary)") }
      print("\nrnnprobe list tasks NAME documents one: its parameters, inputs, targets, score and source.")
      return
    }
    guard let task = descriptors.first(where: { $0.name == name }) else {
      throw TaskError.unknownTask(
        name: name, suggestion: nearestName(to: name, among: descriptors.map(\.name)),
        known: descriptors.map(\.name))
    }
    print("\(task.name): \(task.summary)")
    print("  inputs   \(task.inputs)")
    print("  targets  \(task.targets)")
    if let labels = task.labels { print("  labels   \(labels)") }
    print(
      "  score    \(task.score.name): \(task.score.meaning); learnt from \(task.score.threshold) on, \(task.score.direction.rawValue)"
    )
    print("  source   \(task.source)")
    print("  parameters")
    for parameter in task.parameters {
      print("    \((parameter.name + "=" + parameter.defaultValue).padded(to: 24)) \(parameter.meaning)")
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    count >= width ? self : self + String(repeating: " ", count: width - count)
  }
}
