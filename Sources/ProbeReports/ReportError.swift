/// Why a report could not be written.
public enum ReportError: Error, Equatable, CustomStringConvertible {
  /// The folder holds files that a report did not write; they would be lost.
  case foreignFiles(folder: String, files: [String])
  /// Two tables, figures, attachments or analyses would be written to one file.
  case duplicateName(name: String)
  /// The system refused an operation on a file or folder.
  case system(action: String, path: String, reason: String)
  /// A template of the page does not parse.
  case template(name: String, fault: String)

  /// What was attempted, on what, what was seen, what would be right.
  public var description: String {
    switch self {
    case .foreignFiles(let folder, let files):
      "cannot replace \(folder): it holds files that are not part of a report (\(files.prefix(5).joined(separator: ", "))"
        + "\(files.count > 5 ? ", ..." : "")); give a folder that is empty, new, or an earlier report"
    case .duplicateName(let name):
      "cannot write the report: two of its parts would become the file \(name); give them different names"
    case .system(let action, let path, let reason): "cannot \(action) \(path): \(reason)"
    case .template(let name, let fault): "cannot read the page template \(name): \(fault)"
    }
  }
}
