/// What a task is, for people and for `rnnprobe list tasks`.
public struct TaskDescriptor: Sendable, Equatable {
  /// The name on the command line.
  public var name: String
  /// What the task asks, in one sentence.
  public var summary: String
  /// What the inputs hold.
  public var inputs: String
  /// What the targets hold.
  public var targets: String
  /// What a step's label means, or nil.
  public var labels: String?
  /// The paper that the definition follows.
  public var source: String
  /// Everything that can be set, in the order of the documentation; `trials`, `steps` and `seed` come last.
  public var parameters: [TaskParameter]
  /// How answers are scored, and the value that counts as having learnt the task.
  public var score: ScoreDescriptor

  /// Gathers the parts; the parameters that every task has are added to those given, `steps` with its default.
  init(
    name: String, summary: String, inputs: String, targets: String, labels: String?, source: String,
    parameters: [TaskParameter], steps: Int, score: ScoreDescriptor
  ) {
    self.name = name
    self.summary = summary
    self.inputs = inputs
    self.targets = targets
    self.labels = labels
    self.source = source
    self.parameters =
      parameters + [
        TaskParameter("trials", "256", "the number of trials"),
        TaskParameter("steps", "\(steps)", "the number of time steps of a trial"),
        TaskParameter("seed", "0", "the seed; trial i is the same whatever the number of trials"),
      ]
    self.score = score
  }

  /// Gathers the parts of a token task, whose trials differ in length and which knows how many it has.
  ///
  /// `trials` says what `trials=auto` gives; `steps` what steps means, where it is more than the room for a trial.
  init(
    name: String, summary: String, inputs: String, targets: String, labels: String?, source: String,
    tokenParameters: [TaskParameter], trials: String, steps: String? = nil, score: ScoreDescriptor
  ) {
    self.name = name
    self.summary = summary
    self.inputs = inputs
    self.targets = targets
    self.labels = labels
    self.source = source
    parameters =
      tokenParameters + [
        TaskParameter("trials", "auto", "the number of trials; auto: \(trials)"),
        TaskParameter(
          "steps", "auto",
          steps ?? "the room for a trial, its generated tokens included; auto: as long as the longest"),
        TaskParameter("seed", "0", "the seed; trial i is the same whatever the number of trials"),
      ]
    self.score = score
  }
}

/// One thing that can be set.
public struct TaskParameter: Sendable, Equatable {
  /// The key on the command line.
  public var name: String
  /// The default, as it would be typed.
  public var defaultValue: String
  /// What it is, with its unit and range.
  public var meaning: String

  init(_ name: String, _ defaultValue: String, _ meaning: String) {
    self.name = name
    self.defaultValue = defaultValue
    self.meaning = meaning
  }
}
