"use strict";
// Rows of values on one axis: what was measured as a hill or one by one over its quartiles, controls by marks of their own.
var Spread = (function () {
  var symbols = { "null": "x-thin", floor: "triangle-down", ceiling: "triangle-up" };

  // Steps that differ from draw to draw but not from drawing to drawing: points on one spot stay countable.
  function jitter(place) { return ((place * 0.618034) % 1 - 0.5) * 0.4; }

  function faint(hex, share) {
    var value = parseInt(hex.slice(1), 16);
    return "rgba(" + (value >> 16) + "," + (value >> 8 & 255) + "," + (value & 255) + "," + share + ")";
  }

  // The outline of the counts, from the row's line up; empty bins fall back to the line.
  function hill(row, at) {
    var most = Math.max.apply(null, row.counts), x = [], y = [];
    row.counts.forEach(function (count, bin) {
      x.push(row.edges[bin], row.edges[bin + 1]);
      y.push(at - 0.6 * count / most, at - 0.6 * count / most);
    });
    return { x: [row.edges[0]].concat(x, [row.edges[row.edges.length - 1]]), y: [at].concat(y, [at]) };
  }

  function told(row) {
    var q = row.quantiles;
    return Theme.plain(row.title) + "<br>median " + q[2].toPrecision(3) + ", half of them " + q[1].toPrecision(3) + " to "
      + q[3].toPrecision(3) + "<br>nine in ten " + q[0].toPrecision(3) + " to " + q[4].toPrecision(3) + "; " + row.count
      + (row.count === 1 ? " value" : " values");
  }

  // 1, 2, 5, 10, ... as they are written, as many as there is room for.
  function logarithmicTicks(low, high, room) {
    var steps = [[1, 2, 5], [1, 3], [1]], ticks = [];
    for (var kind = 0; kind < steps.length; kind++) {
      ticks = [];
      for (var power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
        steps[kind].forEach(function (step) {
          var tick = Number((step * Math.pow(10, power)).toPrecision(1));
          if (tick >= 0.8 * low && tick <= 1.25 * high) { ticks.push(tick); }
        });
      }
      if (ticks.length <= room) { break; }
    }
    return { tickvals: ticks, ticktext: ticks.map(function (tick) {
      return tick >= 0.001 && tick < 1e4 ? String(tick) : tick.toExponential(0).replace("-", "−");
    }) };
  }

  // Headings stand left of their rows where there is room, else above them.
  function spread(plot, element) {
    var traces = [], isNarrow = Theme.isNarrow(element), shift = isNarrow ? 0.02 : 0.22, low = Infinity, high = -Infinity;
    element.style.height = 62 + (isNarrow ? 66 : 52) * plot.rows.length + "px";
    plot.rows.forEach(function (row, at) {
      if (!row.count) { return; }
      var color = row.colour === null ? Theme.color("undecided") : Theme.series(row.colour), line = at + shift, q = row.quantiles;
      var symbol = row.control === null ? "circle" : symbols[row.control];
      row.values.concat(row.edges, q).forEach(function (value) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      });
      if (row.values.length) {
        traces.push({ type: "scatter", mode: "markers", x: row.values, y: row.values.map(function (one, place) { return line - 0.32 + jitter(place); }),
          hoverinfo: "x", marker: { symbol: symbol, size: 7, color: color, opacity: 0.8,
            line: { width: symbol === "x-thin" ? 1.4 : 0.6, color: symbol === "x-thin" ? color : Theme.color("paper") } } });
      } else {
        var outline = hill(row, line - 0.05);
        traces.push({ type: "scatter", mode: "lines", x: outline.x, y: outline.y, fill: "toself", fillcolor: faint(color, 0.28),
          line: { width: 1.1, color: color }, hoverinfo: "skip" });
      }
      [[0, 4, 1.4], [1, 3, 4.5]].forEach(function (ends) {
        traces.push({ type: "scatter", mode: "lines", x: [q[ends[0]], q[ends[1]]], y: [line, line], hoverinfo: "text", text: told(row),
          line: { width: ends[2], color: color } });
      });
      traces.push({ type: "scatter", mode: "markers", x: [q[2]], y: [line], hoverinfo: "text", text: told(row),
        marker: { symbol: "circle", size: 8, color: Theme.color("paper"), line: { width: 1.8, color: color } } });
    });
    function heading(row) {
      var text = Theme.short(row.title, isNarrow ? 48 : 42) + (row.count ? "" : ": none");
      return row.control === null ? text : "<span style=\"color:" + Theme.color("soft") + "\">" + text + "</span>";
    }
    var layout = Theme.layout(element, { showlegend: false, xaxis: Theme.axis(plot.axis), yaxis: Theme.axis({ label: "" }, {
      range: [plot.rows.length - (isNarrow ? 0.7 : 0.55), isNarrow ? -0.95 : -0.6], showgrid: false, zeroline: false, fixedrange: true,
      showline: false, ticks: "", tickfont: { size: 12, color: Theme.color("ink") }, showticklabels: !isNarrow,
      tickvals: plot.rows.map(function (row, at) { return at; }), ticktext: plot.rows.map(heading) }) });
    layout.xaxis.title.text = Theme.short(plot.axis.label, isNarrow ? 44 : 80);
    if (plot.axis.isLogarithmic && low < high) {
      Object.assign(layout.xaxis, logarithmicTicks(low, high, Math.max(3, (element.clientWidth - (isNarrow ? 20 : 280)) / 55)));
    }
    if (low < high) {
      var ends = plot.axis.isLogarithmic ? [Math.log10(low), Math.log10(high)] : [low, high], room = 0.03 * (ends[1] - ends[0]);
      layout.xaxis.range = [ends[0] - room, ends[1] + room];
    }
    if (isNarrow) {
      layout.annotations = plot.rows.map(function (row, at) {
        return { xref: "paper", x: 0, xanchor: "left", y: at - 0.74, yanchor: "middle", showarrow: false, text: heading(row),
          font: { size: 12, color: Theme.color("ink") } };
      });
    }
    // A line above each group's first row: what belongs together stands together.
    layout.shapes = plot.rows.map(function (row, at) { return row.control === null && at > 0 ? at : null; })
      .filter(function (at) { return at !== null; }).map(function (at) {
        return { type: "line", xref: "paper", x0: 0, x1: 1, y0: at - (isNarrow ? 0.93 : 0.56), y1: at - (isNarrow ? 0.93 : 0.56), layer: "below",
          line: { width: 1, color: Theme.color("line") } };
      });
    return { traces: traces, layout: layout };
  }

  return { spread: spread };
})();
