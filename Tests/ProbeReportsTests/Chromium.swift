import Foundation

/// A headless Chromium, where the machine has one.
struct Chromium {
  /// What came of opening a page.
  struct Visit {
    /// The page's elements after its scripts have run.
    let dom: String
    /// What Chromium wrote to standard error, console messages among it.
    let log: String
    /// The addresses that the page asked for, other than files of this machine, `data:` and `blob:`.
    let requests: [String]
  }

  let path: String

  /// The Chromium on the search path, `nil` where there is none.
  static let found: Chromium? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    for name in ["chromium", "chromium-browser", "google-chrome"] {
      for folder in folders where access("\(folder)/\(name)", X_OK) == 0 {
        return Chromium(path: "\(folder)/\(name)")
      }
    }
    return nil
  }()

  /// Opens a page of this machine.
  ///
  /// With a `mark`, waits until the page has a `data-` attribute of that name, as long as it takes up to 50 seconds.
  ///
  /// The page stands in a frame of the given width, as a headless window is never narrower than 500 pixels. When it
  /// has drawn, it takes the place of the outer page, with an attribute `data-overflow` that says by how many pixels
  /// it is wider than its frame. Requests are read from Chromium's own network log; its proxy is a port that nobody listens to.
  func open(
    _ page: String, width: Int, height: Int = 1200, isDark: Bool = false, screenshot: String? = nil,
    more: [String] = [], until mark: String? = nil
  ) throws -> Visit {
    let profile = NSTemporaryDirectory() + "rnnprobe-chromium-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: profile) }
    try FileManager.default.createDirectory(atPath: profile, withIntermediateDirectories: true)
    let frame = "\(profile)/frame.html"
    try """
    <!DOCTYPE html><meta name="color-scheme" content="light dark"><style>body { margin: 0 }
    iframe { border: 0; width: \(width)px; height: \(height)px }</style>
    <iframe src="file://\(page)"></iframe>
    <script>
    var rounds = 0;
    function look() {
      var inner = document.querySelector("iframe").contentDocument.documentElement, mark = "\(mark ?? "")";
      if (mark && !(inner && inner.dataset[mark]) && ++rounds < 500) { setTimeout(look, 100); return; }
      inner.dataset.overflow = inner.scrollWidth - inner.clientWidth;
      document.replaceChild(document.importNode(inner, true), document.documentElement);
    }
    if (\(screenshot == nil)) { setTimeout(look, \(mark == nil ? 6000 : 100)); }
    </script>
    """.write(toFile: frame, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments =
      [
        "--headless", "--no-sandbox", "--enable-unsafe-swiftshader", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--no-first-run", "--user-data-dir=\(profile)/user",
        "--log-net-log=\(profile)/net.json", "--proxy-server=127.0.0.1:9", "--hide-scrollbars",
        "--virtual-time-budget=\(mark == nil ? 8000 : 60_000)", "--window-size=\(max(width, 500)),\(height)",
        "--allow-file-access-from-files",
        "--enable-logging=stderr", "--v=0",
        "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)",
      ] + more
      + (screenshot.map { ["--screenshot=\($0)"] } ?? ["--dump-dom"]) + ["file://\(frame)"]
    let output = "\(profile)/out"
    let errors = "\(profile)/err"
    try Data().write(to: URL(fileURLWithPath: output))
    try Data().write(to: URL(fileURLWithPath: errors))
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    process.waitUntilExit()
    let text = { (path: String) in
      String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
    return Visit(dom: text(output), log: text(errors), requests: requests(text("\(profile)/net.json")))
  }

  /// The addresses in a network log whose request has a page as its initiator.
  private func requests(_ log: String) -> [String] {
    log.split(separator: "\n").compactMap { line -> String? in
      guard line.contains("\"url\":\""), line.contains("\"initiator\":"),
        !line.contains("\"initiator\":\"not an origin\"")
      else { return nil }
      let url = line.components(separatedBy: "\"url\":\"")[1].prefix { $0 != "\"" }
      return url.hasPrefix("data:") || url.hasPrefix("blob:") ? nil : String(url)
    }
  }

  /// The console messages in a log, but for Chromium's hints on how to read a canvas faster.
  static func consoleMessages(_ log: String) -> [String] {
    let hints = ["willReadFrequently", "GL Driver Message (OpenGL, Performance"]
    return log.split(separator: "\n").map(String.init).filter { line in
      line.contains(":CONSOLE") && !hints.contains { line.contains($0) }
    }
  }
}
