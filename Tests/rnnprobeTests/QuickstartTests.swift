import Foundation
import Testing

/// Runs the quickstart notebook on a capture and a report of this build.
@Suite("Quickstart notebook")
struct QuickstartTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let notebook = root.appendingPathComponent("notebooks-data/quickstart.ipynb")

  @Test("the notebook is committed without outputs")
  func isClean() throws {
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: Self.notebook)) as? [String: Any])
    let cells = try #require(document["cells"] as? [[String: Any]])
    let code = cells.filter { $0["cell_type"] as? String == "code" }
    #expect(!code.isEmpty)
    for cell in code {
      #expect((cell["outputs"] as? [Any])?.isEmpty == true)
      #expect(cell["execution_count"] is NSNull)
    }
  }

  @Test(
    "the notebook runs on a fresh capture and report, prints their contents and draws its figure",
    .enabled(
      if: Python.found != nil,
      """
      no python3 (or RNNPROBE_PYTHON) that has nbclient, ipykernel, h5py, xarray, h5netcdf, pandas, matplotlib
      """),
    .timeLimit(.minutes(10)))
  func runs() throws {
    let python = try #require(Python.found)
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("rnnprobe-quickstart-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let program = URL(fileURLWithPath: tests).deletingLastPathComponent()
      .appendingPathComponent("rnnprobe").path
    let model = Self.root.appendingPathComponent("notebooks-data/models/flipflop-gru.safetensors").path

    let captured = try EndedProcess(
      program, ["capture", model, "--task", "flipflop:trials=32", "-o", "flipflop.h5"], in: folder.path)
    try #require(captured.status == 0, "\(captured.output)")
    // Few starts: the notebook needs tables, not all points.
    let analyzed = try EndedProcess(
      program,
      [
        "analyze", "fixed-points", "flipflop.h5", "-o", "report", "--starts", "128", "--fresh-starts", "16",
        "--deflations", "0", "--states", "256", "--assets", "linked",
      ], in: folder.path)
    try #require(analyzed.status == 0, "\(analyzed.output)")

    let executed = try EndedProcess(
      python, ["-c", Python.runner, Self.notebook.path], in: folder.path,
      environment: [
        "RNNPROBE_CAPTURE": folder.appendingPathComponent("flipflop.h5").path,
        "RNNPROBE_REPORT": folder.appendingPathComponent("report").path,
      ])
    #expect(executed.status == 0, "\(executed.output)")
    #expect(executed.output.contains("--task flipflop:trials=32 -o flipflop.h5\n"))
    #expect(executed.output.contains("layers.0.hidden (32, 64, 48) float32 in chunks of"))
    #expect(executed.output.contains("figures: 1\n"))
  }
}

/// A Python that can run the notebook.
private enum Python {
  /// `RNNPROBE_PYTHON` or the search path's `python3`, if it has what the notebook imports.
  static let found = OtherPrograms.python(
    "import nbclient, ipykernel, h5py, xarray, h5netcdf, pandas, matplotlib")

  /// Executes the notebook that is its argument, and prints what the cells print and how many figures they draw.
  static let runner = """
    import sys, nbformat, nbclient
    notebook = nbformat.read(sys.argv[1], 4)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": "."}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    for output in outputs:
        print(output.get("text", ""))
    print("figures:", sum("image/png" in output.get("data", {}) for output in outputs))
    """
}
