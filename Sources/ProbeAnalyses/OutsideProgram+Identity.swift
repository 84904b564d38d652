import ProbeFindings
import ProbeOutside

extension OutsideProgram {
  /// What is said of the model in findings; nobody has its weights, so there is no hash of them.
  var foundModel: ProbeFindings.ModelIdentity {
    ProbeFindings.ModelIdentity(name: offer.name, family: "outside program", source: command, sha256: "")
  }

  /// Why maps cannot be analysed, or nil.
  var mapObstacle: String? {
    offer.map == nil ? "the program '\(command)' offers labels of words and no map" : nil
  }
}

extension OutsideMap {
  /// What a reader must know of numbers that were made with a program's map.
  var warnings: [String] {
    var result = [
      "\(program.offer.name): the rounding errors of an outside program are not known: nothing is certified."
    ]
    if derivatives == .differences {
      result.append(
        "\(program.offer.name): the program offers no Jacobian; Jacobians are central differences of its map."
      )
    }
    if invariantBox != nil {
      result.append(
        "\(program.offer.name): that the map keeps its box is the program's claim; the index sum rests on it."
      )
    }
    if isSinglePrecision {
      result.append(
        "\(program.offer.name): the program answers in single precision: fixed points cannot be "
          + "found to a residual of 1e-12. Let it compute in f64 (in PyTorch, model.double()).")
    }
    return result
  }
}
