import ArgumentParser
import ProbeCapture
import ProbeLinearAlgebra
import ProbeModels

/// What is edited while an attention model runs.
struct InterventionOptions: ParsableArguments {
  @Option(help: "Heads to take out, LAYER.HEAD separated by commas.")
  var ablate: String?
  @Option(
    help:
      "What stands in their place: zero, mean (their mean output over the first prompts), or uniform (the average of the values they see)."
  )
  var ablation: Ablation = .zero
  @Option(help: "A capture whose values are put in the place of the model's own.")
  var patch: String?
  @Option(help: "The sites that --patch replaces, with * and ?.")
  var patchSites: String?
  @Option(help: "The steps that --patch replaces, such as 0,5,10:20.")
  var patchSteps: StepSelection = .all

  /// What stands in an ablated head's place.
  enum Ablation: String, ExpressibleByArgument, CaseIterable { case zero, mean, uniform }

  var isGiven: Bool { ablate != nil || patch != nil }

  func validate() throws {
    if patch != nil && patchSites == nil {
      throw ValidationError("--patch needs --patch-sites, such as --patch-sites 'blocks.3.resid_pre'")
    }
    if patch == nil && patchSites != nil { throw ValidationError("--patch-sites needs --patch FILE.h5") }
    if patchSteps == .generation {
      throw ValidationError("--patch-steps takes all or a list such as 0,5,10:20")
    }
  }

  /// The interventions for runs of the trials of `source`.
  ///
  /// Means are taken over the first 32 of them, before any is generated on.
  func interventions(for model: AttentionModel, source: any TrialSource) throws -> [any Intervention] {
    var result: [any Intervention] = []
    if let ablate {
      let heads = try ablate.split(separator: ",", omittingEmptySubsequences: false).map { text in
        guard let head = HeadIndex(parsing: text) else {
          throw CommandError.wrong(
            "--ablate takes LAYER.HEAD, such as 3.11, separated by commas; '\(text)' is not")
        }
        return head
      }
      let replacement: HeadAblation.Replacement
      switch ablation {
      case .zero: replacement = .zero
      case .uniform: replacement = .uniform
      case .mean:
        var means = HeadMeans(model)
        let prompts = try source.block(0..<min(32, source.trialCount)).batch
        try model.run(prompts, plan: RunPlan(observed: means.sites), recorder: &means)
        replacement = .mean(means.means)
      }
      result.append(try HeadAblation(Array(Set(heads)).sorted(), of: model, replacement: replacement))
    }
    if let patch, let patchSites {
      let reader = try CaptureReader(patch)
      for site in try SiteGlob.resolve(patchSites, among: model.sites) {
        let name = model.sites[site].name
        let values = try reader.values(of: name, as: Float.self)
        let width = model.sites[site].elementCount
        let found = values.shape.dropFirst(2).reduce(1, *)
        guard found == width else {
          throw CommandError.wrong(
            "\(patch) has \(found) values a step of \(name), \(model.identity.name) has \(width)")
        }
        let selection = patchSteps
        result.append(
          SitePatch(
            site: site,
            values: Tensor(shape: [values.shape[0], values.shape[1], width], elements: values.elements),
            steps: { selection.includes($0) }))
      }
    }
    return result
  }
}
