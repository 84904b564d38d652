"use strict";
// Two networks side by side: the spectra of their linear models, their states in the plane, and what every metric says of the two.
var Networks = (function () {
  var make = Tokens.make;

  function pairsOf(flat) {
    var x = [], y = [];
    for (var place = 0; place < flat.length; place += 2) {
      x.push(flat[place]);
      y.push(flat[place + 1]);
    }
    return { x: x, y: y };
  }

  // The state is in the page's address, so that a pair can be linked: #figure-NAME:first=...&second=...
  function address(figure) {
    var pair = Pairs.chosen(figure.name), parts = new URLSearchParams();
    parts.set("first", pair[0]);
    parts.set("second", pair[1]);
    return "#figure-" + figure.name + ":" + parts.toString();
  }

  function read(figure) {
    var opening = "#figure-" + figure.name + ":", names = figure.plot.networks.map(function (one) { return one.name; });
    if (!location.hash.startsWith(opening)) { return null; }
    var parts = new URLSearchParams(location.hash.slice(opening.length)), pair = [parts.get("first"), parts.get("second")];
    return pair[0] !== pair[1] && pair.every(function (name) { return names.indexOf(name) >= 0; }) ? pair : null;
  }

  function prepare(figure) {
    var pair = read(figure) || figure.plot.shown.map(function (place) { return figure.plot.networks[place].name; });
    Pairs.choose(figure.name, pair[0], pair[1]);
  }

  function shares(network) {
    return network.shares.map(function (share) { return share === null ? "none" : Math.round(100 * share) + " %"; }).join(" and ");
  }

  function picture(figure, element, pair) {
    var isNarrow = Theme.isNarrow(element), gap = isNarrow ? 0.14 : 0.11, reach = 1.08, seen = {};
    var columns = [[0, 0.5 - gap / 2], [0.5 + gap / 2, 1]], rows = [[0.56, 0.95], [0, 0.42]], small = { size: isNarrow ? 10 : 12, color: Theme.color("soft") };
    pair.forEach(function (network) {
      network.eigenvalues.forEach(function (value) { reach = Math.max(reach, 1.08 * Math.abs(value || 0)); });
    });
    element.style.height = Math.round(Math.min(1.02 * (element.clientWidth || 900), 860) + 90) + "px";
    var layout = Theme.layout(element, { showlegend: true, shapes: [], annotations: [],
      margin: { l: isNarrow ? 34 : 62, r: 8, t: 8, b: 66, autoexpand: false } }), traces = [];
    layout.legend = Object.assign(layout.legend, { y: 0, yref: "container", yanchor: "bottom" });
    function head(text, column, row, more) {
      layout.annotations.push(Object.assign({ xref: "paper", yref: "paper", x: columns[column][0], xanchor: "left", y: rows[row][1], yanchor: "bottom",
        showarrow: false, align: "left", text: text, font: { size: isNarrow ? 11 : 13, color: Theme.color("ink") } }, more));
    }
    pair.forEach(function (network, column) {
      var spectrum = column ? "3" : "", plane = column ? "4" : "2", values = pairsOf(network.eigenvalues);
      function side(label, more) {
        return Theme.axis({ label: isNarrow ? "" : label }, Object.assign({ tickfont: small, nticks: isNarrow ? 4 : 6, automargin: false }, more));
      }
      layout["xaxis" + spectrum] = side("real part", { domain: columns[column], anchor: "y" + spectrum, range: [-reach, reach], constrain: "domain" });
      layout["yaxis" + spectrum] = side(column ? "" : "imaginary part", { domain: rows[0], anchor: "x" + spectrum, range: [-reach, reach],
        scaleanchor: "x" + spectrum, constrain: "domain" });
      layout["xaxis" + plane] = side("PC 1", { domain: columns[column], anchor: "y" + plane, zeroline: false });
      layout["yaxis" + plane] = side(column ? "" : "PC 2", { domain: rows[1], anchor: "x" + plane, zeroline: false, scaleanchor: "x" + plane });
      layout.shapes.push({ type: "circle", xref: "x" + spectrum, yref: "y" + spectrum, x0: -1, x1: 1, y0: -1, y1: 1, layer: "below",
        line: { color: Theme.color("soft"), width: 1.2, dash: "dot" } });
      head("<b>" + Theme.short(network.name, isNarrow ? 22 : 48) + "</b>" + (isNarrow ? "<br>" : " · ") + "eigenvalues", column, 0);
      head((isNarrow ? "states, PC 1, 2:<br>" : "states, PC 1 and 2: ") + shares(network) + (isNarrow ? "" : " of variance"), column, 1);
      traces.push({ type: "scatter", mode: "markers", x: values.x, y: values.y, xaxis: "x" + spectrum, yaxis: "y" + spectrum, showlegend: false,
        hoverinfo: "text", text: values.x.map(function (x, at) {
          return "modulus " + Math.hypot(x, values.y[at]).toPrecision(3) + ", real " + x.toPrecision(3) + ", imaginary " + values.y[at].toPrecision(3);
        }), marker: { size: isNarrow ? 5 : 8, color: Theme.color("ink"), opacity: 0.8, line: { width: 0.6, color: Theme.color("paper") } } });
      network.trajectories.forEach(function (packed, at) {
        var path = pairsOf(Pairs.decode(packed));
        traces.push({ type: "scatter", mode: "lines", x: path.x, y: path.y, xaxis: "x" + plane, yaxis: "y" + plane, hoverinfo: "name",
          name: "trial " + (at + 1), showlegend: false, line: { width: 1, color: Theme.color("soft") }, opacity: 0.65 });
      });
      // Points of one kind are one trace; the legend names a kind once for both networks.
      Object.keys(Theme.kinds).forEach(function (kind) {
        var places = network.kinds.map(function (one, at) { return at; }).filter(function (at) { return network.kinds[at] === kind; });
        if (!places.length) { return; }
        traces.push({ type: "scatter", mode: "markers", xaxis: "x" + plane, yaxis: "y" + plane, name: kind + (kind === "undecided" ? " fixed point" : kind === "saddle" ? "" : " fixed point"),
          legendgroup: kind, showlegend: !seen[kind], hoverinfo: "name", x: places.map(function (at) { return network.points[2 * at]; }),
          y: places.map(function (at) { return network.points[2 * at + 1]; }),
          marker: { symbol: Theme.kinds[kind], size: isNarrow ? 7 : 10, color: Theme.color(kind), line: { width: 1, color: Theme.color("paper") } } });
        seen[kind] = true;
      });
    });
    traces.push({ type: "scatter", mode: "lines", x: [null], y: [null], name: "trials", line: { width: 1.2, color: Theme.color("soft") } });
    return { traces: traces, layout: layout };
  }

  function median(values) { return values.length ? values[values.length >> 1] : null; }

  function number(value) { return value === null ? "none" : value === 0 ? "0" : String(Number(value.toPrecision(3))); }

  // What every metric says of the two, beside what it says of all pairs.
  function table(figure, first, second) {
    var element = make("table"), head = element.appendChild(make("thead")).appendChild(make("tr")), body = element.appendChild(make("tbody"));
    var n = figure.plot.networks.length, at = Pairs.place(Math.min(first, second), Math.max(first, second), n);
    ["level", "metric", "this pair", "median of all pairs", "pairs below it"].forEach(function (text, place) {
      head.appendChild(make("th", place > 1 ? "number" : "text", text)).scope = "col";
    });
    figure.metrics.forEach(function (metric) {
      var value = metric.values[at], below = 0, row = body.appendChild(make("tr"));
      metric.sorted.forEach(function (one) { below += one < value ? 1 : 0; });
      [metric.level, metric.title, value === null ? "not compared" : number(value), number(median(metric.sorted)),
        value === null || metric.sorted.length < 2 ? "" : Math.round(100 * below / (metric.sorted.length - 1)) + " %"].forEach(function (text, place) {
        row.appendChild(make("td", place > 1 ? "number" : "text", text));
      });
    });
    return element;
  }

  function build(figure) {
    var names = figure.plot.networks.map(function (one) { return one.name; });
    figure.metrics = figure.plot.metrics.map(function (metric) {
      var values = Pairs.decode(metric.values);
      return { title: metric.title, level: metric.level, values: values,
        sorted: values.filter(function (one) { return one !== null; }).sort(function (a, b) { return a - b; }) };
    });
    figure.drawing = figure.element.appendChild(make("div", "pair-picture"));
    figure.remark = figure.element.appendChild(make("p", "note"));
    figure.remark.setAttribute("aria-live", "polite");
    figure.frame = figure.element.appendChild(make("div", "table-frame"));
    figure.frame.tabIndex = 0;
    figure.frame.setAttribute("role", "region");
    figure.frame.setAttribute("aria-label", "What every metric says of this pair");
    figure.menus = ["first network", "second network"].map(function (label, side) {
      return Heads.select(label, names, 0, function (place) {
        var pair = Pairs.chosen(figure.name).slice();
        // The network that the other side shows already: the two change places.
        if (pair[1 - side] === names[place]) { pair[1 - side] = pair[side]; }
        pair[side] = names[place];
        Pairs.choose(figure.name, pair[0], pair[1]);
      });
    });
    figure.menus.slice().reverse().forEach(function (menu) { figure.controls.prepend(menu); });
    Pairs.watch(figure.name, function () {
      try { history.replaceState(null, "", address(figure)); } catch (fault) { /* a page without an address of its own */ }
      show(figure);
    });
    window.addEventListener("hashchange", function () {
      var pair = read(figure);
      if (pair) { Pairs.choose(figure.name, pair[0], pair[1]); }
    });
    if (read(figure)) { figure.element.closest("section").scrollIntoView(); }
  }

  function show(figure) {
    var networks = figure.plot.networks, names = networks.map(function (one) { return one.name; });
    var places = Pairs.chosen(figure.name).map(function (name) { return names.indexOf(name); });
    var pair = places.map(function (place) { return networks[place]; });
    figure.menus.forEach(function (menu, side) { menu.querySelector("select").value = places[side]; });
    figure.remark.textContent = pair.filter(function (one) { return one.remark; }).map(function (one) { return one.name + ": " + one.remark; }).join(" · ");
    figure.frame.textContent = "";
    figure.frame.appendChild(table(figure, places[0], places[1]));
    var drawn = picture(figure, figure.drawing, pair);
    return Plotly.react(figure.drawing, drawn.traces, drawn.layout, figure.config);
  }

  async function draw(figure, config) {
    figure.config = config;
    if (!figure.drawing) { build(figure); }
    await show(figure);
  }

  return { prepare: prepare, draw: draw };
})();
