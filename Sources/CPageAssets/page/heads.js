"use strict";
// The map of attention heads: one score at a time by layer and head, and below it what the chosen head attends to.
var Heads = (function () {
  var make = Tokens.make;

  function headMap(plot, element, figure) {
    var state = figure.state, score = plot.scores[state.score], heads = plot.heads, rows = [], text = [];
    var absent = { x: [], y: [] }, stored = { x: [], y: [] };
    element.style.height = Math.min(600, Math.max(220, 130 + plot.layers * 26)) + "px";
    if (!score) { return { traces: [], layout: Theme.layout(element, {}), note: "There is no score to show." }; }
    for (var layer = 0; layer < plot.layers; layer++) {
      rows.push(score.values.slice(layer * heads, (layer + 1) * heads));
      text.push(rows[layer].map(function (value, head) {
        if (value === null) { absent.x.push(head); absent.y.push(layer); }
        return Theme.lines(describe(plot, state.score, layer, head));
      }));
    }
    plot.scores.length && Object.keys(figure.stored).forEach(function (key) {
      stored.x.push(+key.split(".")[1]);
      stored.y.push(+key.split(".")[0]);
    });
    function side(label, count, more) {
      return Theme.axis({ label: label }, Object.assign({ showgrid: false, zeroline: false, range: [-0.5, count - 0.5], tickmode: "linear",
        tick0: 0, dtick: Math.ceil(count / (Theme.isNarrow(element) ? 12 : 32)), fixedrange: true }, more));
    }
    var layout = Theme.layout(element, { showlegend: true, xaxis: side("head", heads),
      yaxis: side("layer", plot.layers, { range: [plot.layers - 0.5, -0.5] }) });
    // The amount is named over the map, so the legend goes below.
    layout.legend = Object.assign(layout.legend, { y: 0, yref: "container", yanchor: "bottom" });
    var known = score.values.filter(function (value) { return typeof value === "number"; });
    var reach = known.reduce(function (most, value) { return Math.max(most, Math.abs(value)); }, 0) || 1;
    var ends = score.range ? { cmin: score.range[0], cmax: score.range[1] }
      : score.scale === "diverging" ? { cmin: -reach, cmax: reach } : Plane.extent(score.values);
    Plane.addColorAxis(layout, score.amount, score.scale === "diverging" ? Theme.diverging() : Theme.sequential(), ends);
    if (state.head !== null) {
      layout.shapes = [{ type: "rect", x0: state.head - 0.5, x1: state.head + 0.5, y0: state.layer - 0.5, y1: state.layer + 0.5,
        line: { color: Theme.color("mark"), width: 3 } }];
    }
    var traces = [{ type: "heatmap", z: rows, coloraxis: "coloraxis", hoverinfo: "text", text: text, xgap: 1, ygap: 1 }];
    function marks(places, name, marker) {
      if (places.x.length) {
        traces.push({ type: "scatter", mode: "markers", x: places.x, y: places.y, name: name, hoverinfo: "skip", marker: marker });
      }
    }
    marks(absent, "not applicable", { symbol: "x-thin", size: 7, line: { width: 1, color: Theme.color("soft") } });
    marks(stored, "click for its attention pattern", { symbol: "circle", size: 6, color: "#ffffff", line: { width: 1.2, color: "#000000" } });
    return { traces: traces, layout: layout };
  }

  function describe(plot, index, layer, head) {
    var score = plot.scores[index], place = layer * plot.heads + head, value = score.values[place];
    var unit = score.amount.unit ? " " + score.amount.unit : "";
    var lines = ["layer " + layer + ", head " + head + " (" + layer + "." + head + ")"];
    if (value === null) {
      return lines.concat(score.amount.label + ": not applicable" + (score.notApplicable ? " (" + score.notApplicable + ")" : ""));
    }
    lines.push(score.amount.label + ": " + value.toPrecision(3) + unit);
    if (score.low.length && score.low[place] !== null && score.high[place] !== null) {
      lines.push((score.intervalMeaning || "interval") + ": " + score.low[place].toPrecision(3) + " to " + score.high[place].toPrecision(3));
    } else if (score.intervalMeaning) {
      lines.push(score.low.length ? "no interval" : score.intervalMeaning);
    }
    if (score.null.length && score.null[place] !== null) {
      lines.push("null" + (score.nullMeaning ? " (" + score.nullMeaning + ")" : "") + ": " + score.null[place].toPrecision(3));
    }
    return lines;
  }

  // The state is in the page's address: #figure-NAME:score=...&head=LAYER.HEAD&prompt=N&token=N
  function address(figure) {
    var state = figure.state, parts = new URLSearchParams();
    if (figure.plot.scores[state.score]) { parts.set("score", figure.plot.scores[state.score].name); }
    if (state.head !== null) { parts.set("head", state.layer + "." + state.head); }
    if (state.head !== null && figure.plot.prompts.length) { parts.set("prompt", state.prompt); }
    if (state.head !== null && state.isHeld) { parts.set("token", state.query); }
    return "#figure-" + figure.name + ":" + parts.toString();
  }

  function read(figure) {
    var opening = "#figure-" + figure.name + ":", plot = figure.plot, state = figure.state;
    if (!location.hash.startsWith(opening)) { return false; }
    var parts = new URLSearchParams(location.hash.slice(opening.length));
    function whole(text, count) { return /^\d+$/.test(text || "") && +text < count ? +text : null; }
    plot.scores.forEach(function (score, place) { if (score.name === parts.get("score")) { state.score = place; } });
    var head = (parts.get("head") || "").split(".");
    if (head.length === 2 && whole(head[0], plot.layers) !== null && whole(head[1], plot.heads) !== null) {
      state.layer = +head[0];
      state.head = +head[1];
    }
    state.prompt = whole(parts.get("prompt"), plot.prompts.length) || 0;
    var prompt = plot.prompts[state.prompt];
    var token = prompt ? whole(parts.get("token"), prompt.tokens.length) : null;
    state.isHeld = token !== null;
    state.query = state.isHeld ? token : prompt ? prompt.focus : 0;
    return true;
  }

  function prepare(figure) {
    var plot = figure.plot;
    figure.stored = {};
    plot.patterns.forEach(function (pattern) {
      var key = pattern.layer + "." + pattern.head;
      (figure.stored[key] = figure.stored[key] || {})[pattern.prompt] = pattern.weights;
    });
    figure.state = { score: 0, layer: null, head: null, prompt: 0, query: plot.prompts.length ? plot.prompts[0].focus : 0, isHeld: false,
      isReversed: false };
    // At first the head with a pattern that scores highest.
    var best = -Infinity;
    plot.patterns.forEach(function (pattern) {
      var value = plot.scores.length ? plot.scores[0].values[pattern.layer * plot.heads + pattern.head] : 0;
      if (figure.state.head === null || (value !== null && value > best)) {
        best = value === null ? best : value;
        Object.assign(figure.state, { layer: pattern.layer, head: pattern.head, prompt: pattern.prompt,
          query: plot.prompts[pattern.prompt].focus });
      }
    });
    read(figure);
  }

  function select(label, options, chosen, action) {
    var frame = make("label", "", label + " "), menu = frame.appendChild(make("select"));
    options.forEach(function (text, place) {
      var option = menu.appendChild(make("option", "", text));
      option.value = place;
    });
    menu.value = chosen;
    menu.addEventListener("change", function () { action(+menu.value); });
    return frame;
  }

  // redraw draws the map anew; save(name, text) hands out a picture.
  function panel(figure, redraw, button, save) {
    var plot = figure.plot, state = figure.state, element = make("div", "pattern");
    var said = make("p", "note"), title = make("p", "pattern-title"), place = make("div");
    title.setAttribute("aria-live", "polite");
    [said, title, place].forEach(function (one) { element.appendChild(one); });
    figure.element.closest("figure").appendChild(element);

    function keep() {
      try { history.replaceState(null, "", address(figure)); } catch (fault) { location.replace(address(figure)); }
    }

    function goTo(layer, head) {
      state.layer = layer;
      state.head = head;
      // A prompt that the head has a pattern on, where it has any.
      var own = Object.keys(figure.stored[layer + "." + head] || {});
      if (own.length && own.indexOf(String(state.prompt)) < 0) { changePrompt(+own[0]); }
      keep();
      return update();
    }

    function changePrompt(prompt) {
      state.prompt = prompt;
      state.query = plot.prompts[prompt].focus;
      state.isHeld = false;
    }

    function links() {
      var list = make("p", "controls");
      list.appendChild(make("span", "note", "Heads with a pattern in this page:"));
      Object.keys(figure.stored).forEach(function (key) {
        list.appendChild(button(key, function () { goTo(+key.split(".")[0], +key.split(".")[1]); }));
      });
      return list;
    }

    function name() {
      title.textContent = state.head === null ? "" : "Head " + state.layer + "." + state.head;
      if (state.head !== null && plot.scores.length) {
        title.appendChild(make("small", "", " · " + describe(plot, state.score, state.layer, state.head).slice(1).join(" · ")));
      }
    }

    async function show() {
      var hadFocus = document.activeElement && place.contains(document.activeElement) && document.activeElement.className;
      var score = plot.scores[state.score];
      said.textContent = score ? score.note : "";
      name();
      place.textContent = "";
      if (state.head === null) { return; }
      var packed = (figure.stored[state.layer + "." + state.head] || {})[state.prompt], prompt = plot.prompts[state.prompt];
      if (!plot.prompts.length && !plot.remedy) { return; }
      var controls = make("div", "controls");
      place.appendChild(controls);
      if (plot.prompts.length) {
        controls.appendChild(select("prompt", plot.prompts.map(function (one) { return one.name; }), state.prompt, function (chosen) {
          changePrompt(chosen);
          keep();
          show();
        }));
      }
      if (!packed || !prompt.tokens.length) {
        place.appendChild(make("p", "note", packed ? "This prompt has no tokens." : "This page has no attention pattern of head "
          + state.layer + "." + state.head + (prompt ? " on this prompt." : ".") + (plot.remedy ? " " + plot.remedy : "")));
        if (plot.patterns.length) { place.appendChild(links()); }
        return;
      }
      var stem = figure.name + "_" + state.layer + "_" + state.head;
      var view = Patterns.view(prompt, packed, state, keep);
      var choice = make("span", "choice");
      [["what a token attends to", false], ["what attends to it", true]].forEach(function (one) {
        var pressed = button(one[0], function () {
          state.isReversed = one[1];
          show();
        });
        pressed.setAttribute("aria-pressed", state.isReversed === one[1]);
        choice.appendChild(pressed);
      });
      controls.appendChild(choice);
      controls.appendChild(button("save tokens as SVG", function () {
        save(stem + "_tokens", Tokens.picture(view.text, Tokens.parts, "Head " + state.layer + "." + state.head + " on " + prompt.name));
      }));
      controls.appendChild(button("save matrix as SVG", function () {
        Plotly.downloadImage(view.matrix, { format: "svg", filename: stem + "_matrix", width: view.matrix.clientWidth,
          height: view.matrix.clientHeight });
      }));
      if (prompt.note) { place.appendChild(make("p", "note", prompt.note)); }
      place.appendChild(view.element);
      await view.draw();
      if (hadFocus === "tokens") { view.text.querySelector(".tokens").focus(); }
    }

    function update() { return Promise.all([redraw(), show()]); }

    // One moves about in it: a screen reader shall leave the arrow keys to the map.
    figure.element.tabIndex = 0;
    figure.element.setAttribute("role", "application");
    figure.element.setAttribute("aria-label", figure.element.getAttribute("aria-label") + " Arrow keys choose a head.");
    figure.element.on("plotly_click", function (event) {
      var point = event.points[0];
      if (point) { goTo(Math.round(point.y), Math.round(point.x)); }
    });
    figure.element.addEventListener("keydown", function (event) {
      var step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!step || event.target !== figure.element || !plot.layers || !plot.heads) { return; }
      event.preventDefault();
      goTo(Math.max(0, Math.min(plot.layers - 1, (state.layer || 0) + (state.head === null ? 0 : step[0]))),
        Math.max(0, Math.min(plot.heads - 1, (state.head || 0) + (state.head === null ? 0 : step[1]))));
    });
    window.addEventListener("hashchange", function () { if (read(figure)) { refreshMenu(); update(); } });

    var menu = null;
    function refreshMenu() { if (menu) { menu.querySelector("select").value = state.score; } }
    if (plot.scores.length > 1) {
      menu = select("score", plot.scores.map(function (score) { return score.amount.label; }), state.score, function (chosen) {
        state.score = chosen;
        keep();
        update();
      });
      figure.controls.prepend(menu);
    }
    if (location.hash.startsWith("#figure-" + figure.name + ":")) { figure.element.closest("section").scrollIntoView(); }
    return show;
  }

  return { headMap: headMap, prepare: prepare, panel: panel, select: select };
})();
