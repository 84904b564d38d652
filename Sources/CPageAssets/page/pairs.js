"use strict";
// Networks by what sets them apart: the matrix of all pairs in the order of its tree, and the networks in the plane.
// A pair that is chosen anywhere is marked in every matrix and shown by the panel that the matrices name.
var Pairs = (function () {
  var chosen = {}, watchers = {};

  function choose(panel, first, second) {
    chosen[panel] = [first, second];
    (watchers[panel] || []).forEach(function (tell) { tell(); });
  }

  function watch(panel, tell) { (watchers[panel] = watchers[panel] || []).push(tell); }

  // IEEE 754 half precision, low byte first, as shares of `scale`; null where there is no amount.
  function decode(packed) {
    var bytes = atob(packed.bytes), values = [];
    for (var place = 0; place < bytes.length; place += 2) {
      var bits = bytes.charCodeAt(place) | bytes.charCodeAt(place + 1) << 8, power = bits >> 10 & 31, part = bits & 1023;
      var size = power ? (1 + part / 1024) * Math.pow(2, power - 15) : part * Math.pow(2, -24);
      values.push(power === 31 ? null : (bits & 32768 ? -size : size) * packed.scale);
    }
    return values;
  }

  // Where the pair i < j stands among all pairs of n.
  function place(i, j, n) { return i * n - i * (i + 1) / 2 + (j - i - 1); }

  // Names without what all of them begin with, as long as something is left that tells them apart.
  function shortened(names) {
    var common = names[0] || "";
    names.forEach(function (name) { while (!name.startsWith(common)) { common = common.slice(0, -1); } });
    var end = Math.max(common.lastIndexOf("-"), common.lastIndexOf("_"), common.lastIndexOf("/")) + 1;
    return names.map(function (name) { return name.length > end ? name.slice(end) : name; });
  }

  function marks(figure) {
    var names = figure.plot.names, pair = chosen[figure.plot.panel];
    var at = pair ? pair.map(function (name) { return names.indexOf(name); }) : [-1];
    if (at.indexOf(-1) >= 0 || at[0] === at[1]) { return []; }
    // Around a small cell, so that it is not hidden.
    var out = 0.5 + Math.max(0, names.length - 20) / 120;
    return [at, [at[1], at[0]]].map(function (ends) {
      return { type: "rect", x0: ends[0] - out, x1: ends[0] + out, y0: ends[1] - out, y1: ends[1] + out,
        line: { color: Theme.color("mark"), width: 2.5 } };
    });
  }

  // A strip of the groups' colours along both sides; neighbours of one group are one rectangle.
  function strips(plot, wide) {
    var shapes = [];
    for (var from = 0; from < plot.members.length; from = to) {
      for (var to = from + 1; to < plot.members.length && plot.members[to] === plot.members[from]; to++) { /* on */ }
      var fill = { type: "rect", fillcolor: Theme.series(plot.members[from]), line: { width: 0 } };
      shapes.push(Object.assign({ x0: from - 0.5, x1: to - 0.5, y0: -0.5 - 1.6 * wide, y1: -0.5 - 0.5 * wide }, fill));
      shapes.push(Object.assign({ y0: from - 0.5, y1: to - 0.5, x0: -0.5 - 1.6 * wide, x1: -0.5 - 0.5 * wide }, fill));
    }
    return shapes;
  }

  // The branches are cut below the first joining, or joinings at great heights would be a line.
  function tree(plot, bottom, size) {
    var heights = plot.links.map(function (link) { return link[4]; }), tallest = Math.max.apply(null, heights.concat(0));
    var lowest = Math.min.apply(null, heights.concat(tallest)), base = Math.max(0, lowest - 0.25 * (tallest - lowest)), x = [], y = [];
    plot.links.forEach(function (link) {
      x.push(link[0], link[0], link[2], link[2], null);
      [link[1], link[4], link[4], link[3]].forEach(function (height) {
        y.push(bottom - size * Math.max(0, height - base) / (tallest - base || 1));
      });
      y.push(null);
    });
    return { type: "scatter", mode: "lines", x: x, y: y, hoverinfo: "skip", showlegend: false,
      line: { width: 1, color: Theme.color("soft") } };
  }

  // Plotly gives all entries of a legend that breaks the width of the widest.
  function legendLines(names, width) {
    var widths = names.map(function (name) { return 52 + 7 * Math.min(40, Array.from(name).length); });
    var sum = widths.reduce(function (a, b) { return a + b; }, 0);
    return sum <= width ? 1 : Math.ceil(names.length / Math.max(1, Math.floor(width / Math.max.apply(null, widths))));
  }

  function pairMatrix(plot, element, figure) {
    var n = plot.names.length, rows = [], text = [], wide = n / 45, size = plot.links.length ? n * 0.16 : 0;
    figure.values = figure.values || decode(plot.values);
    var inkOf = plot.groups.length > 1, top = -0.5 - (inkOf ? 2.1 : 0.5) * wide;
    for (var i = 0; i < n; i++) {
      rows.push([]);
      text.push([]);
      for (var j = 0; j < n; j++) {
        var value = i === j ? null : figure.values[place(Math.min(i, j), Math.max(i, j), n)];
        rows[i].push(value);
        text[i].push(i === j ? Theme.plain(plot.names[i]) : Theme.plain(plot.names[i]) + " and " + Theme.plain(plot.names[j]) + "<br>"
          + Theme.axisTitle(plot.amount) + ": " + (value === null ? "not compared" : Number(value.toPrecision(3)))
          + (plot.panel ? "<br>click to see both" : ""));
      }
    }
    var isNamed = n <= (Theme.isNarrow(element) ? 16 : 40), labels = shortened(plot.names), places = labels.map(function (name, at) { return at; });
    // Margins are set, not found, so that cells are square and the bar is as tall as the matrix.
    var longest = labels.reduce(function (most, name) { return Math.max(most, Math.min(14, Array.from(name).length)); }, 0);
    var edge = isNamed ? 12 + 6.6 * longest : 8, margin = { l: edge, r: 88, t: 8, b: isNamed ? edge : 32, autoexpand: false };
    var left = -0.5 - (inkOf ? 1.8 : 0) * wide, width = Math.min(660, element.parentNode.clientWidth || 660);
    if (inkOf) { margin.t = 12 + 22 * legendLines(plot.groups, width - margin.l - margin.r); }
    var cell = (width - margin.l - margin.r) / (n - 0.5 - left), across = n - 0.5 - top + size;
    element.style.maxWidth = "660px";
    element.style.height = Math.round(cell * across + margin.t + margin.b) + "px";
    function ticks(more) {
      return Theme.axis({ label: "" }, Object.assign({ showgrid: false, zeroline: false, automargin: false, showline: false,
        linewidth: 0, tickvals: isNamed ? places : [], ticks: "", tickfont: { color: Theme.color("soft"), size: 11 },
        ticktext: isNamed ? labels.map(function (name) { return Theme.short(name, 14); }) : [] }, more));
    }
    var layout = Theme.layout(element, { showlegend: inkOf, margin: margin,
      shapes: strips(inkOf ? plot : { members: [] }, wide).concat([{ type: "rect", layer: "below",
        x0: -0.5, x1: n - 0.5, y0: -0.5, y1: n - 0.5, line: { width: 0 }, fillcolor: Theme.color("panel") }]),
      xaxis: ticks({ range: [left, n - 0.5], tickangle: isNamed ? -90 : 0 }), yaxis: ticks({ range: [n - 0.5, top - size] }) });
    if (!isNamed) { layout.xaxis.title = { text: n + " networks, in the order of the tree", standoff: 6, font: { size: 12 } }; }
    layout.coloraxis = Object.assign({ colorscale: Theme.sequential(), colorbar: { thickness: 12, outlinewidth: 0, x: 1.02, len: n / across, y: 0,
      yanchor: "bottom", ypad: 0, tickfont: { color: Theme.color("soft"), size: 11 }, nticks: 6,
      title: { text: Theme.short(plot.amount.label, 48), side: "right", font: { size: 12 } } } }, Plane.extent(figure.values));
    figure.base = layout.shapes;
    layout.shapes = figure.base.concat(marks(figure));
    var traces = [{ type: "heatmap", z: rows, coloraxis: "coloraxis", hoverinfo: "text", text: text, xgap: n > 80 ? 0 : 1, ygap: n > 80 ? 0 : 1,
      showlegend: false }, tree(plot, top, size)];
    if (inkOf) {
      plot.groups.forEach(function (name, at) {
        traces.push({ type: "scatter", mode: "markers", x: [null], y: [null], name: Theme.short(name),
          marker: { symbol: "square", size: 11, color: Theme.series(at) } });
      });
    }
    return { traces: traces, layout: layout };
  }

  // Plotly makes its own of the element that it draws in: clicks are asked for after the first drawing.
  function wire(figure) {
    if (figure.isWired || !figure.plot.panel) { return; }
    figure.isWired = true;
    figure.element.on("plotly_click", function (event) {
      var point = event.points.find(function (one) { return one.data.type === "heatmap"; });
      if (point && point.x !== point.y) { choose(figure.plot.panel, figure.plot.names[point.y], figure.plot.names[point.x]); }
    });
    var link = Tokens.make("a");
    link.href = "#figure-" + figure.plot.panel;
    figure.element.after(Tokens.make("p", "note"));
    figure.element.nextSibling.appendChild(link);
    function name() { link.textContent = chosen[figure.plot.panel].join(" and ") + " side by side"; }
    name();
    watch(figure.plot.panel, function () {
      name();
      Plotly.relayout(figure.element, { shapes: figure.base.concat(marks(figure)) });
    });
  }

  function embedding(plot, element) {
    var isNarrow = Theme.isNarrow(element), columns = isNarrow ? 1 : Math.min(2, plot.panels.length), gap = isNarrow ? 0.16 : 0.09;
    var rows = Math.ceil(plot.panels.length / columns), traces = [], seen = {}, headings = [], width = element.clientWidth || 800;
    element.style.height = Math.round(rows * Math.min(460, 0.92 * width / columns) + 40) + "px";
    var layout = Theme.layout(element, {});
    plot.panels.forEach(function (panel, at) {
      var suffix = at ? String(at + 1) : "", column = at % columns, row = Math.floor(at / columns);
      var x = [column * (1 + gap) / columns, (column * (1 + gap) + 1 - gap * (columns - 1)) / columns];
      x = columns === 1 ? [0, 1] : [column ? 0.5 + gap / 2 : 0, column ? 1 : 0.5 - gap / 2];
      var high = 1 - row * (1 + gap) / (rows + gap * (rows - 1)), tall = 1 / (rows + gap * (rows - 1));
      var y = [Math.max(0, high - tall * (rows > 1 ? 0.94 : 1)), high];
      layout["xaxis" + suffix] = Theme.axis({ label: row === rows - 1 || columns > 1 ? "coordinate 1" : "" }, { domain: x, anchor: "y" + suffix, zeroline: false, nticks: 6 });
      layout["yaxis" + suffix] = Theme.axis({ label: column ? "" : "coordinate 2" }, { domain: y, anchor: "x" + suffix, zeroline: false, nticks: 6,
        scaleanchor: "x" + suffix });
      if (panel.title) {
        headings.push({ xref: "paper", yref: "paper", x: x[0], xanchor: "left", y: y[1], yanchor: "bottom", showarrow: false,
          text: "<b>" + Theme.short(panel.title, 48) + "</b>" });
      }
      panel.groups.forEach(function (group) {
        var place = plot.groups.indexOf(group.name);
        traces.push({ type: "scatter", mode: "markers", name: Theme.short(group.name), x: group.x, y: group.y, xaxis: "x" + suffix,
          yaxis: "y" + suffix, hoverinfo: "text", text: group.hover.map(Theme.hover), legendgroup: group.name, showlegend: !seen[group.name],
          marker: { size: group.x.length > 400 ? 5 : 9, color: Theme.series(place), opacity: 0.85, symbol: ["circle", "square", "diamond", "triangle-up"][(place >> 3) % 4],
            line: { width: 0.8, color: Theme.color("paper") } } });
        seen[group.name] = true;
      });
    });
    layout.annotations = headings;
    layout.showlegend = traces.length > 1 && !headings.length;
    if (headings.length) { layout.margin.t = 26; }
    return { traces: traces, layout: layout };
  }

  return { pairMatrix: pairMatrix, embedding: embedding, wire: wire, watch: watch, choose: choose, decode: decode, place: place,
    chosen: function (panel) { return chosen[panel]; } };
})();
