"use strict";
// What one head attends to on a prompt: the tokens as text, shaded by weight, and the matrix beside them.
var Patterns = (function () {
  var make = Tokens.make, serial = 0;

  // The weights as rows, [query][key]; null where a query was not recorded. The layouts are those of PatternEncoding.swift.
  function decode(packed, count) {
    var bytes = Uint8Array.from(atob(packed.bytes), function (one) { return one.charCodeAt(0); });
    var rows = [], next = 0;
    function weight(byte) { return byte === 255 ? null : byte * byte / (254 * 254); }
    for (var query = 0; query < count; query++) {
      var row = new Array(count).fill(0);
      if (packed.layout === "sparse") {
        var kept = bytes[next++], key = 0;
        if (kept === 255) { row.fill(null); kept = 0; }
        while (kept-- > 0) {
          while (bytes[next] === 255) { key += 255; next++; }
          key += bytes[next++];
          row[key] = weight(bytes[next++]);
        }
      } else {
        var length = packed.layout === "triangle" ? query + 1 : count;
        for (var place = 0; place < length; place++) { row[place] = weight(bytes[next++]); }
      }
      rows.push(row);
    }
    return rows;
  }

  // view: { container, matrix, prompt, rows, isSparse, query, isHeld, isReversed, changed }
  function view(prompt, packed, state, changed) {
    var rows = decode(packed, prompt.tokens.length), count = prompt.tokens.length, id = "tokens" + serial++;
    var element = make("div", "pattern-body"), text = element.appendChild(make("div", "pattern-text"));
    var list = text.appendChild(make("div", "tokens"));
    list.tabIndex = 0;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Tokens of the prompt; arrow keys choose one");
    text.appendChild(Tokens.legend("attention weight, shaded by its square root", [0, 0.05, 0.25, 0.5, 1].map(function (value) {
      return [Math.sqrt(value), String(value)];
    })));
    var status = text.appendChild(make("p", "status"));
    status.setAttribute("aria-live", "polite");
    var matrix = element.appendChild(make("div", "pattern-matrix"));
    matrix.setAttribute("role", "img");
    matrix.setAttribute("aria-label", "Matrix of the weights: queries down, keys across");
    var tint = Theme.tints();
    var boxes = prompt.tokens.map(function (token, place) {
      var box = make("span", "token", Tokens.cut(token, 32) || "\u00a0");
      box.id = id + "-" + place;
      box.dir = "auto";
      box.dataset.place = place;
      box.setAttribute("role", "option");
      list.appendChild(box);
      list.appendChild(document.createTextNode("\u200b"));
      return box;
    });

    function weight(query, key) { return state.isReversed ? rows[key][query] : rows[query][key]; }
    function named(place) { return Tokens.quoted(prompt.tokens[place], place); }

    // The partners of a token, heaviest first.
    function heaviest(query) {
      var order = [];
      for (var key = 0; key < count; key++) { if (weight(query, key) > 0) { order.push(key); } }
      return order.sort(function (a, b) { return weight(query, b) - weight(query, a) || a - b; }).slice(0, 5);
    }

    function sentence(query, separator) {
      if (weight(query, query) === null && !state.isReversed) { return named(query) + " was not recorded as a query"; }
      var top = heaviest(query);
      return named(query) + (state.isReversed ? " is attended by" : " attends to") + separator[0] + (top.length
        ? top.map(function (key) { return named(key) + " " + Tokens.number(weight(query, key)); }).join(separator[1]) : "nothing");
    }

    function shade(query) {
      boxes.forEach(function (box, place) {
        var color = tint(Math.sqrt(weight(query, place) || 0));
        box.style.background = color.paper;
        box.style.color = color.ink;
        box.classList.toggle("query", place === query);
        box.classList.toggle("held", place === query && state.isHeld);
        box.setAttribute("aria-selected", place === query);
      });
      if (list.getAttribute("aria-activedescendant") !== id + "-" + query) {
        list.setAttribute("aria-activedescendant", id + "-" + query);
      }
      status.textContent = sentence(query, [": ", ", "]) + ".";
    }

    function mark() {
      var at = state.query, ends = state.isReversed
        ? { x0: at - 0.5, x1: at + 0.5, y0: -0.5, y1: count - 0.5 } : { x0: -0.5, x1: count - 0.5, y0: at - 0.5, y1: at + 0.5 };
      return [Object.assign({ type: "rect", line: { color: Theme.color("mark"), width: 1.5 } }, ends)];
    }

    function choose(query, isHeld) {
      state.query = query;
      state.isHeld = isHeld;
      shade(query);
      Plotly.relayout(matrix, { shapes: mark() });
      changed();
    }

    function placeOf(event) {
      var box = event.target.closest(".token");
      return box ? +box.dataset.place : null;
    }

    list.addEventListener("pointermove", function (event) {
      var place = placeOf(event);
      if (place === null) { Tokens.hideTip(); return; }
      if (state.isHeld) {
        Tokens.showTip((state.isReversed ? named(place) + " → " + named(state.query) : named(state.query) + " → " + named(place))
          + "\nweight " + Tokens.number(weight(state.query, place)), event.clientX, event.clientY);
      } else {
        if (!boxes[place].classList.contains("query")) { shade(place); }
        Tokens.showTip(sentence(place, [":\n", "\n"]), event.clientX, event.clientY);
      }
    });
    list.addEventListener("pointerleave", function () {
      Tokens.hideTip();
      shade(state.query);
    });
    list.addEventListener("click", function (event) {
      var place = placeOf(event);
      if (place !== null) { choose(place, !(state.isHeld && place === state.query)); }
    });
    list.addEventListener("keydown", function (event) {
      var step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -count, End: count }[event.key];
      if (event.key === "Escape") { choose(state.query, false); }
      if (step === undefined) { return; }
      event.preventDefault();
      choose(Math.max(0, Math.min(count - 1, state.query + step)), true);
      boxes[state.query].scrollIntoView({ block: "nearest" });
    });

    function drawMatrix() {
      matrix.style.height = Math.min(440, Math.max(240, matrix.clientWidth - 30)) + "px";
      // Texts of tokens where there is room for each, else positions.
      var room = Math.floor(0.6 * (matrix.clientWidth || 320) / 13), hasText = count <= room, step = Math.ceil(count / Math.min(room, 12));
      var places = [];
      for (var place = 0; place < count; place += hasText ? 1 : step) { places.push(place); }
      function side(label, more) {
        return Theme.axis({ label: label }, Object.assign({ tickvals: places, showgrid: false, zeroline: false, range: [-0.5, count - 0.5],
          constrain: "domain", tickfont: { color: Theme.color("soft"), size: 11 }, ticktext: places.map(function (place) {
            return hasText ? "\u2068" + Theme.short(prompt.tokens[place], 10) + "\u2069" : String(place);
          }) }, more));
      }
      var layout = Theme.layout(matrix, { shapes: mark(), margin: { l: 4, r: 4, t: 4, b: 4 },
        xaxis: side(hasText ? "key" : "position of the key", { tickangle: hasText ? -90 : 0 }),
        yaxis: side(hasText ? "query" : "position of the query", { range: [count - 0.5, -0.5], scaleanchor: "x", constraintoward: "top" }) });
      var bar = { title: { text: "attention weight", side: "right", font: { size: 12 } }, thickness: 10, outlinewidth: 0, len: 0.8,
        tickfont: { color: Theme.color("soft"), size: 11 }, tickvals: [0, 0.05, 0.25, 0.5, 1] };
      return Plotly.react(matrix, [{ type: "heatmap", z: rows, zmin: 0, zmax: 1, colorscale: Theme.rootTints(), hoverinfo: "none",
        xgap: count <= 40 ? 1 : 0, ygap: count <= 40 ? 1 : 0, colorbar: bar }], layout,
        { responsive: true, displaylogo: false, displayModeBar: false, topojsonURL: "", plotlyServerURL: "" }).then(function () {
        matrix.on("plotly_hover", function (event) {
          var point = event.points[0], value = rows[point.y][point.x];
          Tokens.showTip(named(point.y) + " → " + named(point.x) + "\nweight " + Tokens.number(value), event.event.clientX, event.event.clientY);
        });
        matrix.on("plotly_unhover", Tokens.hideTip);
        matrix.on("plotly_click", function (event) {
          choose(state.isReversed ? event.points[0].x : event.points[0].y, true);
        });
        matrix.dataset.state = "drawn";
      });
    }

    text.appendChild(make("p", "note", "Point at a token to see " + (state.isReversed ? "what attends to it" : "what it attends to")
      + "; click to hold it, then point at others for their weights; arrow keys move, Escape lets go."
      + (packed.layout === "sparse" ? " Of this long prompt each query's heaviest keys are kept here, at most 16." : "")));
    shade(state.query);
    return { element: element, text: text, matrix: matrix, draw: drawMatrix };
  }

  return { view: view };
})();
