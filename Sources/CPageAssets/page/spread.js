"use strict";
// Rows of values on one axis: what was measured as a hill over its quartiles, controls as single points.
var Spread = (function () {
  var symbols = ["x-thin", "triangle-down", "triangle-up", "diamond", "square"];

  // Steps that differ from draw to draw but not from drawing to drawing: points on one spot stay countable.
  function jitter(place) { return ((place * 0.618034) % 1 - 0.5) * 0.34; }

  function colourOf(row) { return row.colour === null ? Theme.color("undecided") : Theme.series(row.colour); }

  function faint(hex, share) {
    var value = parseInt(hex.slice(1), 16);
    return "rgba(" + (value >> 16) + "," + (value >> 8 & 255) + "," + (value & 255) + "," + share + ")";
  }

  // The outline of the counts, from the row's line up; empty bins fall back to the line.
  function hill(row, at) {
    var most = Math.max.apply(null, row.counts), x = [], y = [];
    row.counts.forEach(function (count, bin) {
      x.push(row.edges[bin], row.edges[bin + 1]);
      y.push(at - 0.52 * count / most, at - 0.52 * count / most);
    });
    return { x: [row.edges[0]].concat(x, [row.edges[row.edges.length - 1]]), y: [at].concat(y, [at]) };
  }

  function told(row) {
    var q = row.quantiles;
    return Theme.plain(row.title) + "<br>median " + q[2].toPrecision(3) + ", half of them " + q[1].toPrecision(3) + " to "
      + q[3].toPrecision(3) + "<br>nine in ten " + q[0].toPrecision(3) + " to " + q[4].toPrecision(3) + "; " + row.count + " values";
  }

  function spread(plot, element) {
    var traces = [], headings = [], controls = 0;
    element.style.height = 70 + 58 * plot.rows.length + "px";
    plot.rows.forEach(function (row, at) {
      var color = colourOf(row), kind = row.isControl ? symbols[controls++ % symbols.length] : "circle";
      // On a logarithmic axis an annotation's place is an exponent; at the edge of the paper there is no such question.
      headings.push({ xref: "paper", x: 0, xanchor: "left", y: at - 0.76, yanchor: "middle", showarrow: false,
        text: Theme.short(row.title, Theme.isNarrow(element) ? 44 : 90) + (row.count ? "" : ": none"), font: { size: 12, color: Theme.color(row.isControl ? "soft" : "ink") } });
      if (!row.isControl) { controls = 0; }
      if (!row.count) { return; }
      if (row.values.length) {
        traces.push({ type: "scatter", mode: "markers", x: row.values, y: row.values.map(function (one, place) { return at - 0.26 + jitter(place); }),
          hoverinfo: "x", marker: { symbol: kind, size: 7, color: color, opacity: 0.75,
            line: { width: kind === "x-thin" ? 1.4 : 0.6, color: kind === "x-thin" ? color : Theme.color("paper") } } });
      } else {
        var outline = hill(row, at);
        traces.push({ type: "scatter", mode: "lines", x: outline.x, y: outline.y, fill: "toself", fillcolor: faint(color, 0.28),
          line: { width: 1.1, color: color }, hoverinfo: "skip" });
      }
      var q = row.quantiles, line = at + 0.05;
      [[0, 4, 1.4], [1, 3, 5]].forEach(function (ends) {
        traces.push({ type: "scatter", mode: "lines", x: [q[ends[0]], q[ends[1]]], y: [line, line], hoverinfo: "text", text: told(row),
          line: { width: ends[2], color: color } });
      });
      traces.push({ type: "scatter", mode: "markers", x: [q[2]], y: [line], hoverinfo: "text", text: told(row),
        marker: { symbol: "circle", size: 9, color: Theme.color("paper"), line: { width: 2, color: color } } });
    });
    return { traces: traces, layout: Theme.layout(element, { showlegend: false, annotations: headings,
      xaxis: Theme.axis(plot.axis), yaxis: Theme.axis({ label: "" }, { range: [plot.rows.length - 0.8, -0.98], showticklabels: false,
        showgrid: false, zeroline: false, fixedrange: true }) }) };
  }

  return { spread: spread };
})();
