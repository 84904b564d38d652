"use strict";
// An automaton beside the states of its network: who looks at one sees it in the other.
var Automaton = (function () {
  function color(figure, state) {
    if (state < 0) { return Theme.color("undecided"); }
    return figure.plot.states[state][Theme.isDark() ? "dark" : "light"];
  }

  function name(figure, state) { return state < 0 ? "no state" : figure.plot.states[state].label; }

  // The points of each state that has any, in the order of the states; those of no state come first, below the others.
  function grouped(plot) {
    var groups = new Map();
    plot.state.forEach(function (state, place) {
      if (!groups.has(state)) { groups.set(state, []); }
      groups.get(state).push(place);
    });
    return Array.from(groups).sort(function (a, b) { return a[0] - b[0]; })
      .map(function (entry) { return { state: entry[0], places: entry[1] }; });
  }

  function median(values) {
    var sorted = values.filter(function (value) { return value !== null; }).sort(function (a, b) { return a - b; });
    return sorted.length ? sorted[sorted.length >> 1] : null;
  }

  // A label at the point nearest to the medians of a state: where points are, even if they lie in a ring.
  function labels(figure, at) {
    return figure.groups.filter(function (group) { return group.state >= 0; }).map(function (group) {
      var x = at(group, "horizontal"), y = at(group, "vertical"), middle = [median(x), median(y)], best = Infinity, place = 0;
      var width = figure.extent[0] || 1, height = figure.extent[1] || 1;
      x.forEach(function (value, index) {
        var distance = value === null || y[index] === null ? Infinity
          : Math.pow((value - middle[0]) / width, 2) + Math.pow((y[index] - middle[1]) / height, 2);
        if (distance < best) { best = distance; place = index; }
      });
      return { x: x[place], y: y[place], text: "<b>" + Theme.short(name(figure, group.state), 12) + "</b>", showarrow: false,
        font: { size: 12, color: Theme.color("ink") }, bgcolor: Theme.color("paper"), opacity: 0.9, borderpad: 2, borderwidth: 1.5,
        bordercolor: color(figure, group.state), captureevents: false };
    });
  }

  function picture(figure) {
    var plot = figure.plot, count = plot.state.length;
    function at(group, axis) { return group.places.map(function (place) { return plot[axis][place]; }); }
    figure.groups = grouped(plot);
    figure.extent = ["horizontal", "vertical"].map(function (axis) {
      var ends = Plane.extent(plot[axis]);
      return ends.cmax - ends.cmin;
    });
    var traces = figure.groups.map(function (group) {
      return { type: "scatter", mode: "markers", name: Theme.short(name(figure, group.state)), x: at(group, "horizontal"),
        y: at(group, "vertical"), hoverinfo: "text", marker: { color: color(figure, group.state),
          symbol: group.state < 0 ? "x-thin-open" : "circle", size: count > 1500 ? 4.5 : count > 400 ? 5.5 : 7,
          opacity: count > 1500 ? 0.55 : 0.8, line: { width: group.state < 0 ? 1 : count > 400 ? 0 : 0.6,
            color: group.state < 0 ? color(figure, -1) : Theme.color("paper") } },
        text: at(group, "hover").map(function (text) {
          return "state <b>" + Theme.plain(name(figure, group.state)) + "</b>" + (text ? "<br>" + Theme.hover(text) : "");
        }) };
    });
    return { traces: traces, layout: Theme.layout(figure.states, { xaxis: Theme.axis(plot.x, { zeroline: false }),
      yaxis: Theme.axis(plot.y, { zeroline: false }), showlegend: false, annotations: labels(figure, at) }) };
  }

  function share(figure, state) {
    var group = figure.groups.find(function (one) { return one.state === state; });
    var count = group ? group.places.length : 0, all = figure.plot.state.length;
    return count + (count === 1 ? " point" : " points") + (all ? " (" + Number((100 * count / all).toPrecision(3)) + " %)" : "");
  }

  // Lights states (indices as text) in both panels and says which; null lights all.
  function look(figure, states, arrow) {
    Graph.show(figure.machine, states, arrow);
    var wanted = new Set(states || []), place = 0;
    function dim(one, state) { one.classList.toggle("dim", states !== null && !wanted.has(String(state))); }
    figure.states.querySelectorAll(".scatterlayer > .trace").forEach(function (trace, index) {
      if (figure.groups[index]) { dim(trace, figure.groups[index].state); }
    });
    var labelled = (figure.groups || []).filter(function (group) { return group.state >= 0; });
    figure.states.querySelectorAll(".annotation").forEach(function (one) {
      if (labelled[place]) { dim(one, labelled[place].state); }
      place += 1;
    });
    figure.status.textContent = states === null ? figure.hint : states.map(function (state) {
      var known = figure.plot.states[state];
      return known ? "state " + known.label + ": " + share(figure, Number(state)) + (known.hover ? " · "
        + known.hover.replace(/\n/g, " · ") : "") : "no state: " + share(figure, -1);
    }).join(arrow ? " → " : ", ");
  }

  function wire(figure) {
    figure.machine = figure.element.querySelector(".machine svg");
    figure.states = figure.element.querySelector(".states");
    figure.status = figure.element.querySelector(".automaton-status");
    figure.hint = figure.plot.state.length ? "Hover over a state, an arrow or a point, or step through them by keyboard, to see it in both." : "";
    figure.status.textContent = figure.hint;
    Graph.watch(figure.machine, function (states, arrow) { look(figure, states, arrow); });
    figure.element.classList.toggle("alone", !figure.plot.state.length);
  }

  // Plotly makes its own of the element that it draws in: what it tells is asked for after the first drawing.
  function wireStates(figure) {
    var at = null;
    figure.states.on("plotly_hover", function (event) {
      look(figure, [String(figure.groups[event.points[0].curveNumber].state)]);
    });
    figure.states.on("plotly_unhover", function () { look(figure, null); });
    figure.states.addEventListener("blur", function () {
      at = null;
      look(figure, null);
    });
    figure.states.addEventListener("keydown", function (event) {
      var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key], count = figure.groups.length;
      if (event.key === "Escape") {
        at = null;
        look(figure, null);
      }
      if (!step || !count) { return; }
      event.preventDefault();
      at = at === null ? (step > 0 ? 0 : count - 1) : (at + step + count) % count;
      look(figure, [String(figure.groups[at].state)]);
    });
  }

  async function draw(figure, config) {
    if (!figure.machine) { wire(figure); }
    if (!figure.plot.state.length) { return; }
    var drawn = picture(figure);
    await Plotly.react(figure.states, drawn.traces, drawn.layout, config);
    if (!figure.isWired) { wireStates(figure); }
    figure.isWired = true;
    look(figure, null);
  }

  return { draw: draw };
})();
