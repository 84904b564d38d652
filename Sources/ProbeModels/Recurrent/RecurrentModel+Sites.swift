import ProbeLinearAlgebra

/// Where a site's values come from while a recurrent model runs.
enum SitePlace: Sendable, Hashable {
  case hidden(layer: Int, reverse: Bool)
  case cell(layer: Int, reverse: Bool)
  /// The values at `offset` of the row of gates.
  case gate(layer: Int, reverse: Bool, offset: Int)
  case readout
}

extension RecurrentModel {
  /// Names every place: per layer hidden, cell, gates; then the reverse direction; the readout last.
  static func describeSites(layers: [Layer], readout: Readout?) -> ([Site], [SitePlace]) {
    var sites: [Site] = []
    var places: [SitePlace] = []
    func describe(_ cell: any RecurrentCell, layer: Int, reverse: Bool) {
      let prefix = "layers.\(layer)." + (reverse ? "reverse." : "")
      sites.append(Site(name: prefix + "hidden", shape: [cell.hiddenSize], role: .state))
      places.append(.hidden(layer: layer, reverse: reverse))
      if cell.cellSize > 0 {
        sites.append(Site(name: prefix + "cell", shape: [cell.cellSize], role: .state))
        places.append(.cell(layer: layer, reverse: reverse))
      }
      var offset = 0
      for gate in cell.gates {
        sites.append(Site(name: prefix + "gates." + gate.name, shape: [gate.size], role: .gate))
        places.append(.gate(layer: layer, reverse: reverse, offset: offset))
        offset += gate.size
      }
    }
    for (index, layer) in layers.enumerated() {
      describe(layer.forward, layer: index, reverse: false)
      if let reverse = layer.reverse { describe(reverse, layer: index, reverse: true) }
    }
    if let readout {
      sites.append(Site(name: "readout", shape: [readout.weight.rows], role: .readout))
      places.append(.readout)
    }
    return (sites, places)
  }
}
