/// Models of a folder that could not be captured, or whose capture was stopped; the others' captures are there.
struct FolderCaptureError: Error, CustomStringConvertible {
  /// Failed models in the order of the files.
  let failures: [(name: String, error: any Error)]
  /// Captures that were stopped or never begun.
  let stopped: Int
  private let folder: String
  private let count: Int

  /// Nil where every model has its capture.
  init?(folder: String, plan: CapturePlan, outcomes: [FolderCapture.Outcome]) {
    failures = zip(plan.items, outcomes).compactMap { item, outcome in
      if case .failed(let error) = outcome { (item.name, error) } else { nil }
    }
    stopped = outcomes.count { if case .stopped = $0 { true } else { false } }
    (self.folder, count) = (folder, plan.items.count)
    if failures.isEmpty && stopped == 0 { return nil }
  }

  /// How the program ends: stopped, or as the first failed model alone would have ended it.
  var status: ExitStatus {
    guard stopped == 0, let first = failures.first else { return .failed }
    return ExitStatus(first.error)
  }

  /// One line for each distinct fault, with the models it is of.
  var description: String {
    var lines: [String] = []
    if stopped > 0 {
      lines.append(
        "stopped with \(count - stopped - failures.count) of \(count) models in \(folder) captured; --resume continues"
      )
    }
    var faults: [(text: String, names: [String])] = []
    for failure in failures {
      let text = "\(failure.error)"
      if let place = faults.firstIndex(where: { $0.text == text }) {
        faults[place].names.append(failure.name)
      } else {
        faults.append((text, [failure.name]))
      }
    }
    if let only = faults.first, only.names.count == count, count > 1 {
      return "cannot capture any of the \(count) models in \(folder): \(only.text)"
    }
    if !failures.isEmpty {
      lines.append("\(failures.count) of \(count) models in \(folder) were not captured:")
      lines += faults.map { "  \($0.names.joined(separator: ", ")): \($0.text)" }
    }
    return lines.joined(separator: "\n")
  }
}
