public import ArgumentParser

/// The options of `analyze spectra`.
public struct SpectraOptions: ParsableArguments, Sendable {
  @Option(help: "Recorded states at which the Jacobian is decomposed.")
  var states = 256
  @Option(help: "Lyapunov exponents, from the largest down. Default: all of up to 16.")
  var exponents: Int?
  @Option(help: "Steps over which Lyapunov exponents are averaged.")
  var lyapunovSteps = 4000
  @Option(help: "Steps before them that align the directions and do not count.")
  var lyapunovDiscard = 500
  @Option(
    help: ArgumentHelp(
      "What drives the network meanwhile: zero, token:ID or a .npy vector (a constant input), or trials (the captured trials, one after the other)."
    ))
  var lyapunovInput: String?

  /// The defaults.
  public init() {}

  /// Rejects numbers that cannot be.
  public func validate() throws {
    if states < 1 || lyapunovSteps < 1 || lyapunovDiscard < 0 || (exponents ?? 1) < 1 {
      throw ValidationError(
        "--states, --lyapunov-steps and --exponents must be at least 1, --lyapunov-discard at least 0")
    }
    // More could not be run in a lifetime; their sum must not overflow.
    if max(lyapunovSteps, lyapunovDiscard) > 1_000_000_000_000 {
      throw ValidationError("--lyapunov-steps and --lyapunov-discard can be at most 1,000,000,000,000")
    }
  }
}
