import ArgumentParser

@main
struct Main: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "rnnprobe", abstract: "Look inside sequence models.")
}
