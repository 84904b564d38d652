"use strict";
// Draws every figure, again when the reader's colours change; offers each as SVG; says so where one fails.
(function () {
  var faults = [];
  var drawn = {};

  function note(fault) {
    faults.push(String(fault));
    document.documentElement.dataset.faults = faults.join("\n");
  }
  window.addEventListener("error", function (event) { note(event.message); });
  window.addEventListener("unhandledrejection", function (event) { note(event.reason); });
  document.addEventListener("securitypolicyviolation", function (event) { note("refused " + event.blockedURI); });

  function button(label, action) {
    var result = document.createElement("button");
    result.type = "button";
    result.textContent = label;
    result.addEventListener("click", action);
    return result;
  }

  function config() {
    return { responsive: true, displaylogo: false, displayModeBar: false, doubleClick: "reset", scrollZoom: false,
      topojsonURL: "", plotlyServerURL: "" };
  }

  async function draw(figure) {
    if (figure.kind === "tokenTable") {
      Tokens.tokenTable(figure);
      figure.element.dataset.state = "drawn";
      return;
    }
    if (figure.kind === "automaton") {
      await Automaton.draw(figure, config());
      figure.element.dataset.state = "drawn";
      return;
    }
    if (figure.kind === "networkPair") {
      await Networks.draw(figure, config());
      figure.element.dataset.state = "drawn";
      return;
    }
    await drawPicture(figure);
    if (figure.kind === "pairMatrix") { Pairs.wire(figure); }
    if (figure.kind === "headMap") {
      figure.showPanel = figure.showPanel || Heads.panel(figure, function () { return drawPicture(figure); }, button, saveText);
      await figure.showPanel();
    }
    figure.element.dataset.state = "drawn";
  }

  async function drawPicture(figure) {
    var kinds = { trajectories: Space, headMap: Heads, spread: Spread, pairMatrix: Pairs, embedding: Pairs }[figure.kind] || Plane;
    var picture = kinds[figure.kind](figure.plot, figure.element, figure);
    await Plotly.react(figure.element, picture.traces, picture.layout, config());
    var place = document.querySelector('[data-note="' + figure.name + '"]');
    if (picture.note && place.textContent.indexOf(picture.note) < 0) {
      place.textContent = (place.textContent + " " + picture.note).trim();
    }
  }

  async function drawAll() {
    for (var name of Object.keys(drawn)) {
      try {
        await draw(drawn[name]);
      } catch (fault) {
        drawn[name].element.dataset.state = "failed";
        drawn[name].element.classList.add("plot-fault");
        drawn[name].element.textContent = "This figure could not be drawn: " + fault;
        note(fault);
        delete drawn[name];
      }
    }
  }

  function offerColorings(figure, controls) {
    if (figure.kind !== "trajectories") { return; }
    figure.coloring = figure.plot.coloring;
    var hasLabels = figure.plot.trajectories.some(function (line) { return line.label !== undefined; });
    if (!hasLabels) { figure.coloring = "time"; return; }
    var choice = document.createElement("span");
    choice.className = "choice";
    ["label", "time"].forEach(function (coloring) {
      var label = "colour by " + (coloring === "label" ? figure.plot.labelTitle : "time");
      var one = button(label, function () {
        figure.coloring = coloring;
        choice.querySelectorAll("button").forEach(function (other) { other.setAttribute("aria-pressed", other === one); });
        draw(figure);
      });
      one.setAttribute("aria-pressed", coloring === figure.coloring);
      choice.appendChild(one);
    });
    controls.appendChild(choice);
  }

  function offerGroups(figure) {
    if (figure.kind !== "complexPlane" || figure.plot.groups.length <= Plane.groupLimit) { return; }
    figure.choice = null;
    var names = ["all"].concat(figure.plot.groups.map(function (group) { return group.name; }));
    figure.controls.appendChild(Heads.select("show", names, 0, function (place) {
      figure.choice = place ? place - 1 : null;
      draw(figure);
    }));
  }

  function saveText(name, text) { save(name, new Blob([text], { type: "image/svg+xml" })); }

  function save(name, blob) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name + ".svg";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  }

  function watchGraph(element) {
    var svg = element.querySelector("svg");
    Graph.watch(svg, function (nodes, arrow) { Graph.show(svg, nodes, arrow); });
    element.dataset.state = "drawn";
  }

  function offerSaving(figure) {
    function drawing(element, name) {
      return Plotly.downloadImage(element, { format: "svg", filename: name, width: element.clientWidth, height: element.clientHeight });
    }
    if (figure.kind === "automaton") {
      figure.controls.appendChild(button("save machine as SVG", function () {
        saveText(figure.name, Graph.file(figure.element.querySelector(".machine svg")));
      }));
      if (!figure.plot.state.length) { return; }
      figure.controls.appendChild(button("save states as SVG", function () {
        drawing(figure.element.querySelector(".states"), figure.name + "-states");
      }));
      return;
    }
    figure.controls.appendChild(button("save as SVG", function () {
      if (figure.kind === "tokenTable") {
        saveText(figure.name, Tokens.picture(figure.element, Tokens.parts, figure.element.getAttribute("aria-label")));
        return;
      }
      drawing(figure.drawing || figure.element, figure.name);
    }));
  }

  document.querySelectorAll("[data-figure]").forEach(function (element) {
    var name = element.dataset.figure;
    var controls = document.querySelector('[data-controls="' + name + '"]');
    if (element.dataset.kind === "graph") {
      watchGraph(element);
      controls.appendChild(button("save as SVG", function () {
        saveText(name, Graph.file(element.querySelector("svg")));
      }));
      return;
    }
    var plot = JSON.parse(document.querySelector('[data-for="' + name + '"]').textContent);
    var figure = { name: name, kind: element.dataset.kind, element: element, plot: plot, controls: controls };
    drawn[name] = figure;
    offerColorings(figure, controls);
    offerGroups(figure);
    if (figure.kind === "headMap") { Heads.prepare(figure); }
    if (figure.kind === "networkPair") { Networks.prepare(figure); }
    offerSaving(figure);
  });

  function redrawIn(theme) {
    return function () {
      if (theme) { document.documentElement.dataset.theme = theme; } else { delete document.documentElement.dataset.theme; }
      drawAll();
    };
  }
  // What is right for a narrow page is not for a wide one: draw anew when the reader crosses the border.
  matchMedia("(max-width: 34rem)").addEventListener("change", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  window.addEventListener("beforeprint", redrawIn("light"));
  window.addEventListener("afterprint", redrawIn(null));
  drawAll().then(function () { document.documentElement.dataset.state = "drawn"; });
})();
