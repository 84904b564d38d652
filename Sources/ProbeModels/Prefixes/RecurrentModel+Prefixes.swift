public import ProbeLinearAlgebra

extension RecurrentModel {
  /// The model over words of a finite alphabet, from the zero state.
  ///
  /// - Parameters:
  ///   - symbols: `[symbol, feature]`: the input vector of each symbol.
  ///   - precision: the arithmetic.
  ///   - threads: how many may run; results do not depend on it.
  /// - Returns: what runs prefixes.
  /// - Throws: ``ModelError/batch(model:fault:)`` for bidirectional models and symbols of the wrong size.
  public func prefixes(
    symbols: Matrix<Double>, precision: Precision = .f32, threads: Int = 1
  ) throws(ModelError) -> any PrefixRunner {
    switch precision {
    case .f32: try RecurrentPrefixes<Float>(self, symbols: symbols, threads: threads)
    case .f64: try RecurrentPrefixes<Double>(self, symbols: symbols, threads: threads)
    }
  }
}
