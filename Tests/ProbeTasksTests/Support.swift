import ProbeLinearAlgebra
import ProbeTasks
import Testing

/// The inputs of a trial that has values.
func values(of trial: Trial) throws -> Tensor<Double> {
  guard case .values(let tensor) = trial.inputs else {
    throw UnexpectedInputs()
  }
  return tensor
}

/// The inputs of a trial that has tokens.
func tokens(of trial: Trial) throws -> [Int] {
  guard case .tokens(let tokens) = trial.inputs else {
    throw UnexpectedInputs()
  }
  return tokens
}

struct UnexpectedInputs: Error {}

/// The text of the error that building a task throws, or nil.
func fault(_ specification: String) -> String? {
  do throws(TaskError) {
    _ = try TaskRegistry.task(specification)
    return nil
  } catch {
    return error.description
  }
}
