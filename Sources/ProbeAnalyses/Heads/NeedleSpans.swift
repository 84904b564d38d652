import ProbeLinearAlgebra

extension Tensor<Int> {
  /// The needles of a trial in a table `[trial, needle, 2]` of first tokens and ends; -1 fills the rows of absent ones.
  func needleSpans(trial: Int) -> [Range<Int>] {
    (0..<shape[1]).compactMap { index in
      let place = (trial * shape[1] + index) * 2
      let (start, end) = (elements[place], elements[place + 1])
      return start >= 0 && end > start ? start..<end : nil
    }
  }
}
