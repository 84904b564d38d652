"use strict";
// Figures in the plane: each function turns a figure's meaning into Plotly's traces and layout.
var Plane = (function () {
  function points(group, place, plot) {
    var color = Theme.colorOf(group, place);
    var marker = { symbol: Theme.kinds[group.kind] || "circle", size: group.x.length > 400 ? 5 : 8, color: color,
      opacity: group.x.length > 400 ? 0.6 : 0.9, line: { width: 0.6, color: Theme.color("paper") } };
    if (group.amounts.length) {
      marker.color = group.amounts;
      marker.colorscale = Theme.sequential();
      if (plot.amount) {
        marker.coloraxis = "coloraxis";
        delete marker.colorscale;
      }
    }
    return { type: "scatter", mode: "markers", name: Theme.short(group.name), x: group.x, y: group.y, marker: marker,
      hoverinfo: group.hover.length ? "text" : "x+y", text: group.hover.map(Theme.hover) };
  }

  // The ends of a colour scale; where all amounts are equal they are set apart, or Plotly cannot place its ticks.
  function extent(values) {
    var known = values.filter(function (value) { return typeof value === "number"; });
    var low = Infinity, high = -Infinity;
    known.forEach(function (value) { low = Math.min(low, value); high = Math.max(high, value); });
    if (!known.length) { return { cmin: 0, cmax: 1 }; }
    return low < high ? { cmin: low, cmax: high } : { cmin: low - 0.5, cmax: high + 0.5 };
  }

  // The amount is named above its bar: beside it, long names and long tick labels run into one another.
  function addColorAxis(layout, axis, scale, more) {
    layout.coloraxis = Object.assign({ colorscale: scale, colorbar: { thickness: 12, outlinewidth: 0,
      tickfont: { color: Theme.color("soft") } } }, more);
    layout.annotations = [{ xref: "paper", x: 1, xanchor: "right", yref: "paper", y: 1, yanchor: "bottom",
      yshift: 5, showarrow: false, text: Theme.axisTitle(axis) }];
    layout.margin.t = 30;
    return layout;
  }

  // Many groups, such as heads, would be a legend without end and colours that repeat: there the reader chooses one.
  var groupLimit = 8;
  function chosenOf(groups, figure) {
    if (groups.length <= groupLimit) { return groups.map(function (group, place) { return points(group, place, {}); }); }
    var traces = groups.map(function (group) {
      var trace = points(group, 0, {});
      Object.assign(trace.marker, { size: 4, opacity: 0.55, color: Theme.color(figure.choice === null ? "c0" : "undecided") });
      return trace;
    });
    if (figure.choice !== null) {
      traces.splice(figure.choice, 1);
      traces.push(points(groups[figure.choice], 5, {}));
    }
    return traces;
  }

  function complexPlane(plot, element, figure) {
    var traces = chosenOf(plot.groups, figure);
    var reach = plot.showsUnitCircle ? 1.08 : 0;
    plot.groups.forEach(function (group) {
      group.x.concat(group.y).forEach(function (value) {
        if (isFinite(value)) { reach = Math.max(reach, 1.08 * Math.abs(value)); }
      });
    });
    var range = [-(reach || 1), reach || 1];
    return { traces: traces, layout: Theme.layout(element, {
      xaxis: Theme.axis({ label: "real part" }, { range: range, constrain: "domain", zeroline: true }),
      yaxis: Theme.axis({ label: "imaginary part" }, { range: range, constrain: "domain", scaleanchor: "x" }),
      showlegend: traces.length > 1 && traces.length <= groupLimit,
      shapes: plot.showsUnitCircle ? [{ type: "circle", x0: -1, x1: 1, y0: -1, y1: 1, layer: "below",
        line: { color: Theme.color("soft"), width: 1.2, dash: "dot" } }] : []
    }) };
  }

  function scatter(plot, element) {
    var layout = Theme.layout(element, { xaxis: Theme.axis(plot.x), yaxis: Theme.axis(plot.y),
      showlegend: plot.groups.length > 1 });
    if (plot.amount) { 
      addColorAxis(layout, plot.amount, Theme.sequential(),
        extent([].concat.apply([], plot.groups.map(function (group) { return group.amounts; }))));
    }
    return { traces: plot.groups.map(function (group, place) { return points(group, place, plot); }), layout: layout };
  }

  function histogram(plot, element) {
    var isLogarithmic = plot.axis.isLogarithmic;
    var place = isLogarithmic ? Math.log10 : Number;
    var left = plot.edges.slice(0, -1).map(place), right = plot.edges.slice(1).map(place);
    // Bars on a linear axis of exponents: a bar's width then means the same everywhere.
    var axis = Theme.axis({ label: plot.axis.label, unit: plot.axis.unit });
    if (isLogarithmic && left.length) {
      var low = Math.floor(left[0]), high = Math.ceil(right[right.length - 1]);
      var room = Math.max(2, Math.floor(element.clientWidth / 70));
      var step = Math.max(1, Math.ceil((high - low) / room));
      axis.tickvals = [];
      for (var tick = Math.ceil(low / step) * step; tick <= high; tick += step) { axis.tickvals.push(tick); }
      axis.ticktext = axis.tickvals.map(function (tick) { return "10<sup>" + String(tick).replace("-", "−") + "</sup>"; });
    }
    var traces = plot.groups.map(function (group, index) {
      return { type: "bar", name: Theme.short(group.name), offset: 0, x: left, y: group.counts,
        width: left.map(function (edge, bin) { return right[bin] - edge; }), hoverinfo: "text",
        hovertext: group.counts.map(function (count, bin) {
          return Theme.plain(group.name) + "<br>" + plot.edges[bin].toPrecision(4) + " to "
            + plot.edges[bin + 1].toPrecision(4) + ": " + count;
        }),
        marker: { color: Theme.colorOf(group, index), line: { width: 0.8, color: Theme.color("paper") } } };
    });
    return { traces: traces, layout: Theme.layout(element, { barmode: "stack", bargap: 0, xaxis: axis,
      yaxis: Theme.axis({ label: "count" }, { rangemode: "tozero" }), showlegend: traces.length > 1 }) };
  }

  function translucent(hex) {
    var value = parseInt(hex.slice(1), 16);
    return "rgba(" + (value >> 16) + "," + (value >> 8 & 255) + "," + (value & 255) + ",0.2)";
  }

  function lines(plot, element) {
    var traces = [];
    var symbols = ["circle", "square", "diamond", "triangle-up", "x", "cross", "triangle-down", "star"];
    // A few measured points, as of an ablation, are marked: the line between them is only a guide.
    var isMarked = plot.series.every(function (series) { return series.x.length <= 16; });
    function told(series, at) {
      var y = series.y[at], low = series.low[at], high = series.high[at];
      return Theme.plain(series.name) + "<br>" + Theme.axisTitle(plot.x) + " " + Number(series.x[at].toPrecision(6)) + ": "
        + (typeof y === "number" ? Number(y.toPrecision(4)) : "none")
        + (typeof low === "number" && typeof high === "number"
          ? " (" + Number(low.toPrecision(3)) + " to " + Number(high.toPrecision(3)) + ")" : "");
    }
    plot.series.forEach(function (series, place) {
      var color = Theme.series(place), group = "series" + place;
      if (series.low.length) {
        var edge = { type: "scatter", mode: "lines", x: series.x, hoverinfo: "skip", showlegend: false,
          legendgroup: group, line: { width: 0, color: color } };
        traces.push(Object.assign({}, edge, { y: series.low }));
        traces.push(Object.assign({}, edge, { y: series.high, fill: "tonexty", fillcolor: translucent(color) }));
      }
      traces.push({ type: "scatter", mode: series.x.length === 1 ? "markers" : isMarked ? "lines+markers" : "lines",
        name: Theme.short(series.name), x: series.x, y: series.y, legendgroup: group, line: { color: color, width: 1.8 },
        marker: { color: color, size: 7, symbol: isMarked ? symbols[place % symbols.length] : "circle" },
        hoverinfo: "text", hovertext: series.x.map(function (x, at) { return typeof x === "number" ? told(series, at) : ""; }) });
    });
    var ends = extent([].concat.apply([], plot.series.map(function (series) { return series.x; })));
    plot.references.forEach(function (line) {
      traces.unshift({ type: "scatter", mode: "lines", name: Theme.short(line.label), x: [ends.cmin, ends.cmax],
        y: [line.y, line.y], hoverinfo: "y+name", line: { color: Theme.color("soft"), width: 1.2, dash: "dash" } });
    });
    if (plot.bandMeaning) {
      traces.push({ type: "scatter", mode: "markers", x: [null], y: [null], name: Theme.short(plot.bandMeaning),
        marker: { symbol: "square", size: 12, color: translucent(Theme.color("ink")) } });
    }
    var xaxis = Theme.axis(plot.x);
    var places = Array.from(new Set([].concat.apply([], plot.series.map(function (series) { return series.x; }))))
      .filter(function (x) { return x > 0; }).sort(function (a, b) { return a - b; });
    // On a logarithmic axis few values, such as 1, 2, 5, 10 heads, are its ticks, unless they stand too close.
    if (plot.x.isLogarithmic && isMarked && places.length > 1) {
      var span = Math.log10(places[places.length - 1] / places[0]), last = -Infinity;
      xaxis.tickvals = places.filter(function (x) {
        var isFree = Math.log10(x) - last >= span * 34 / (element.clientWidth || 600);
        if (isFree) { last = Math.log10(x); }
        return isFree;
      });
      xaxis.ticktext = xaxis.tickvals.map(function (x) {
        return x >= 0.001 && x < 1e5 ? String(Number(x.toPrecision(3))) : x.toExponential(1).replace("-", "−");
      });
    }
    // Each entry of the legend has a line of its own on a narrow page: the plot keeps its height.
    var entries = traces.filter(function (trace) { return trace.showlegend !== false; }).length;
    element.style.height = Theme.isNarrow(element) && entries > 2 ? 280 + 20 * entries + "px" : "";
    var layout = Theme.layout(element, { xaxis: xaxis, yaxis: Theme.axis(plot.y), showlegend: traces.length > 1 });
    return { traces: traces, layout: layout };
  }

  function heatmap(plot, element) {
    var rows = [], reach = 0;
    for (var row = 0; row < plot.rows.length; row++) {
      rows.push(plot.values.slice(row * plot.columns.length, (row + 1) * plot.columns.length));
    }
    plot.values.forEach(function (value) { if (isFinite(value)) { reach = Math.max(reach, Math.abs(value)); } });
    function ticks(labels, axis, more) {
      // Positions rather than names: two rows may bear one name.
      var step = Math.ceil(labels.length / (Theme.isNarrow(element) ? 12 : 30)), places = [];
      for (var place = 0; place < labels.length; place += step) { places.push(place); }
      return Theme.axis(axis, Object.assign({ tickvals: places, showgrid: false, zeroline: false, type: "linear",
        ticktext: places.map(function (place) { return Theme.short(labels[place], 16); }) }, more));
    }
    function named(axis, label) { return Theme.short(axis.label) + " " + Theme.plain(label); }
    var isDiverging = plot.scale === "diverging";
    var layout = Theme.layout(element, { xaxis: ticks(plot.columns, plot.columnAxis),
      yaxis: ticks(plot.rows, plot.rowAxis, { autorange: "reversed" }) });
    addColorAxis(layout, plot.amount, isDiverging ? Theme.diverging() : Theme.sequential(),
      plot.range ? { cmin: plot.range[0], cmax: plot.range[1] }
        : isDiverging ? { cmin: -(reach || 1), cmax: reach || 1 } : extent(plot.values));
    var text = rows.map(function (values, row) {
      return values.map(function (value, column) {
        var more = plot.hover.length ? plot.hover[row * plot.columns.length + column] : "";
        return named(plot.rowAxis, plot.rows[row]) + ", " + named(plot.columnAxis, plot.columns[column]) + "<br>"
          + Theme.axisTitle(plot.amount) + ": " + (typeof value === "number" ? Number(value.toPrecision(4)) : "none")
          + (more ? "<br>" + Theme.hover(more) : "");
      });
    });
    return { traces: [{ type: "heatmap", z: rows, coloraxis: "coloraxis", hoverinfo: "text", text: text, xgap: 1, ygap: 1 }],
      layout: layout };
  }

  return { complexPlane: complexPlane, scatter: scatter, histogram: histogram, lines: lines, heatmap: heatmap,
    groupLimit: groupLimit, extent: extent, addColorAxis: addColorAxis };
})();
