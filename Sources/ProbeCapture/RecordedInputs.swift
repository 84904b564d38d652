internal import ProbeLinearAlgebra
internal import ProbeModels

extension ChunkRecorder {
  /// Records what the model reads and what its task wants, in the order of the layout's channels.
  mutating func recordInputs(of block: TrialBlock, layout: CaptureLayout) throws {
    var channel = layout.siteCount
    let lengths = block.batch.lengths
    switch block.batch.inputs {
    case .values(let tensor): try record(tensor, channel: channel, lengths: lengths)
    case .tokens(let tensor): try record(integers: tensor, channel: channel, lengths: lengths)
    }
    channel += 1
    switch block.targets {
    case .values(let tensor): try record(tensor, channel: channel, lengths: lengths)
    case .classes(let tensor): try record(integers: tensor, channel: channel, lengths: lengths)
    case nil: channel -= 1
    }
    channel += 1
    if let labels = block.labels, labels.shape.count == 2 {
      try record(integers: labels, channel: channel, lengths: lengths)
    }
  }

  private mutating func record(_ tensor: Tensor<Double>, channel: Int, lengths: [Int]) throws {
    let width = tensor.shape[2]
    try tensor.elements.withUnsafeBufferPointer { elements in
      for (trial, length) in lengths.enumerated() where length > 0 {
        let start = trial * tensor.shape[1] * width
        try record(
          UnsafeBufferPointer(rebasing: elements[start..<(start + length * width)]), site: channel,
          trial: trial,
          steps: 0..<length)
      }
    }
  }

  private mutating func record(integers tensor: Tensor<Int>, channel: Int, lengths: [Int]) throws {
    try tensor.elements.withUnsafeBufferPointer { elements in
      for (trial, length) in lengths.enumerated() where length > 0 {
        let start = trial * tensor.shape[1]
        try record(
          integers: UnsafeBufferPointer(rebasing: elements[start..<(start + length)]), channel: channel,
          trial: trial, steps: 0..<length)
      }
    }
  }
}

extension CaptureLayout {
  /// Checks that a block has the kinds and extents of the first one.
  func check(_ block: TrialBlock, trials: Range<Int>) throws(CaptureError) {
    func fault(_ text: String) -> CaptureError { .trials(fault: "trials \(trials): \(text)") }
    let lengths = block.batch.lengths
    guard lengths.count == trials.count else { throw fault("there are \(lengths.count) of them") }
    if let length = lengths.first(where: { !(0...steps).contains($0) }) {
      throw fault("a length of \(length) is outside 0...\(steps)")
    }
    var wanted: [(path: String, shape: [Int])] = []
    switch block.batch.inputs {
    case .values(let tensor): wanted.append(("inputs/values", tensor.shape))
    case .tokens(let tensor): wanted.append(("inputs/tokens", tensor.shape))
    }
    switch block.targets {
    case .values(let tensor): wanted.append(("inputs/targets", tensor.shape))
    case .classes(let tensor): wanted.append(("inputs/targets", tensor.shape))
    case nil: break
    }
    if let labels = block.labels {
      if labels.shape.count == 2 {
        wanted.append(("inputs/labels", labels.shape))
      } else if !hasTrialLabels || labels.shape != [trials.count] {
        throw fault("the labels have shape \(labels.shape)")
      }
    } else if hasTrialLabels {
      throw fault("there are no labels")
    }
    let known = channels.dropFirst(siteCount).map { ($0.path, [trials.count, steps] + $0.shape) }
    guard known.count == wanted.count, zip(known, wanted).allSatisfy({ $0 == $1 }) else {
      throw fault("there are \(wanted), where the first trials call for \(known)")
    }
    for table in tables where block.tables[table.name]?.shape != [trials.count] + table.shape {
      throw fault("the table \(table.name) is missing or has another shape than \(table.shape) a trial")
    }
    for site in initialSites where block.batch.initialStates[site.name]?.shape != [trials.count] + site.shape
    {
      throw fault("the initial \(site.name) is missing or has another shape than \(site.shape) a trial")
    }
    if block.batch.initialStates.count != initialSites.count {
      throw fault("there are further initial states")
    }
  }
}
