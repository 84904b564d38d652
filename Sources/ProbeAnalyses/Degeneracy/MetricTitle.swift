import ProbeDegeneracy

/// What a metric is called on a page; the names of columns stay as they are.
enum MetricTitle {
  private static let titles = [
    "loss_difference": "difference of losses",
    "loss_standard_deviation": "standard deviation of losses",
    "harder_loss_difference": "difference of losses on the harder variant",
    "harder_loss_standard_deviation": "standard deviation of losses on the harder variant",
    "output_disagreement": "output disagreement",
    "dsa_angular": "DSA angle",
    "dsa_euclidean": "DSA distance",
    "dsa_w2": "Wasserstein distance of DSA spectra",
    "dsa_w2_squared": "squared Wasserstein distance of DSA spectra",
    "input_dsa": "InputDSA distance",
    "input_dsa_angular": "InputDSA angle",
    "fixed_point_topology": "fixed-point topology distance",
    "procrustes_angular": "Procrustes angle of states",
    "procrustes_euclidean": "Procrustes distance of states",
    "cka_biased": "linear CKA, biased",
    "cka_debiased": "linear CKA, debiased",
    "cca": "mean canonical correlation (CCA)",
    "svcca": "SVCCA",
    "pwcca": "projection-weighted CCA",
    "rsa_squared_euclidean_spearman": "RSA (squared Euclidean, Spearman)",
    "linear_predictivity": "linear predictivity (R²)",
    "mutual_10nn": "shared 10 nearest neighbours",
    "bures_similarity": "Bures similarity",
    "weights_permutations": "permutation distance of weights",
    "weights_signed_permutations": "signed-permutation distance of weights",
    "weights_scaled_permutations": "permutation distance of balanced weights",
    "pif": "permutation distance of recurrent weights (PIF)",
    "pif_per_n2": "permutation distance of recurrent weights, per n²",
    "weights_singular_values": "distance of recurrent weights' singular values",
    "weights_eigenvalues": "distance of recurrent weights' eigenvalues",
  ]

  private static let suffixes = [
    ("_bound", ", lower bound"), ("_ab", ", from first to second"), ("_ba", ", from second to first"),
  ]

  /// The title of a column; a name that has none loses its underscores.
  static func title(of name: String) -> String {
    if let title = titles[name] { return title }
    for (suffix, words) in suffixes where name.hasSuffix(suffix) {
      return title(of: String(name.dropLast(suffix.count))) + words
    }
    return name.split(separator: "_").joined(separator: " ")
  }
}

extension MetricColumn {
  /// What it is called on a page.
  var title: String { MetricTitle.title(of: name) }
}

extension EnsembleResults.Metric {
  /// What it is called on a page.
  var title: String { MetricTitle.title(of: name) }
}
