"use strict";
// What figures made of tokens' texts share (a text under the pointer, a legend of tints, their picture), and the logit lens.
var Tokens = (function () {
  var tip;

  function make(name, className, text) {
    var element = document.createElement(name);
    if (className) { element.className = className; }
    if (text !== undefined) { element.textContent = text; }
    return element;
  }

  // A token within a sentence: isolated, so that one that runs right to left leaves the rest in order.
  function quoted(token, place) {
    return "‘\u2068" + cut(token, 60) + "\u2069’" + (place === undefined ? "" : " (" + place + ")");
  }

  function number(value) {
    if (value === null || isNaN(value)) { return "none"; }
    return value === 0 ? "0" : value < 0.0001 ? "below 0.0001" : value < 0.01 ? value.toPrecision(1) : value.toFixed(2);
  }

  function cut(text, most) {
    var letters = Array.from(text);
    return letters.length > most ? letters.slice(0, most - 1).join("") + "…" : text;
  }

  function showTip(text, x, y) {
    if (!tip) {
      tip = make("div", "tip");
      tip.setAttribute("aria-hidden", "true"); // the status line says the same
      document.body.appendChild(tip);
    }
    tip.textContent = text;
    tip.hidden = false;
    var width = document.documentElement.clientWidth;
    tip.style.left = "0px";
    var left = x + 14 + tip.offsetWidth > width ? x - 14 - tip.offsetWidth : x + 14;
    tip.style.left = Math.max(4, Math.min(left, width - tip.offsetWidth - 4)) + "px";
    tip.style.top = (y + 16 + tip.offsetHeight > window.innerHeight ? y - 12 - tip.offsetHeight : y + 16) + "px";
  }

  function hideTip() { if (tip) { tip.hidden = true; } }

  // ticks: pairs of where along the bar (0 to 1) and what is written there.
  function legend(label, ticks) {
    var element = make("div", "tints");
    var tint = Theme.tints();
    element.appendChild(make("div", "", label));
    var bar = element.appendChild(make("div", "bar"));
    bar.style.background = "linear-gradient(to right," + tint(0).paper + "," + tint(1).paper + ")";
    var row = element.appendChild(make("div", "ticks"));
    ticks.forEach(function (tick) {
      var one = row.appendChild(make("span", "", tick[1]));
      one.style.left = 100 * tick[0] + "%";
    });
    return element;
  }

  // The boxes of a part of the page, with their texts and colours, as a picture for a paper.
  function picture(root, selector, title) {
    var name = "http://www.w3.org/2000/svg";
    function add(parent, kind, attributes, text) {
      var element = parent.appendChild(document.createElementNS(name, kind));
      Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
      if (text !== undefined) { element.textContent = text; }
      return element;
    }
    var frames = [root].concat(Array.from(root.querySelectorAll(".token-frame, .tokens")));
    var scrolled = frames.map(function (frame) { return [frame.scrollLeft, frame.scrollTop]; });
    frames.forEach(function (frame) { frame.style.maxHeight = "none"; frame.scrollLeft = 0; frame.scrollTop = 0; });
    var origin = root.getBoundingClientRect(), width = 0, height = 0;
    var svg = document.createElementNS(name, "svg");
    svg.setAttribute("xmlns", name);
    add(svg, "title", {}, title);
    var sheet = add(svg, "rect", { fill: Theme.color("paper") });
    root.querySelectorAll(selector).forEach(function (element) {
      var box = element.getBoundingClientRect(), style = getComputedStyle(element);
      if (!box.width) { return; }
      var left = box.left - origin.left + 6, top = box.top - origin.top + 6;
      width = Math.max(width, left + box.width + 6);
      height = Math.max(height, top + box.height + 6);
      var group = add(svg, "g", {});
      if (element.classList.contains("bar")) {
        for (var step = 0; step < 32; step++) {
          add(group, "rect", { x: left + step * box.width / 32, y: top, width: box.width / 32 + 0.5, height: box.height,
            fill: Theme.tints()(step / 31).paper });
        }
        return;
      }
      var isMarked = element.matches(".hit, .query");
      if (style.backgroundColor !== "rgba(0, 0, 0, 0)" || isMarked) {
        add(group, "rect", { x: left, y: top, width: box.width, height: box.height, rx: 2, fill: style.backgroundColor,
          stroke: isMarked ? Theme.color("mark") : element.matches(".token") ? Theme.color("line") : "none",
          "stroke-width": isMarked ? 2 : 1 });
      }
      if (element.children.length || !element.textContent) { return; }
      var align = element.matches(".token") ? "center" : style.textAlign;
      var x = align === "center" ? left + box.width / 2 : align === "right" ? left + box.width - 4 : left;
      add(group, "text", { x: x, y: top + box.height / 2, "dominant-baseline": "central", fill: style.color,
        "text-anchor": align === "center" ? "middle" : align === "right" ? "end" : "start", "font-family": style.fontFamily,
        "font-size": style.fontSize, "font-weight": style.fontWeight, "xml:space": "preserve", "unicode-bidi": "isolate" },
        element.textContent);
    });
    frames.forEach(function (frame, place) {
      frame.style.maxHeight = "";
      frame.scrollLeft = scrolled[place][0];
      frame.scrollTop = scrolled[place][1];
    });
    [svg, sheet].forEach(function (element) {
      element.setAttribute("width", Math.ceil(width));
      element.setAttribute("height", Math.ceil(height));
    });
    return new XMLSerializer().serializeToString(svg);
  }

  // The likeliest tokens by position and depth, the deepest layer on top.
  function tokenTable(figure) {
    var plot = figure.plot, element = figure.element, columns = plot.tokens.length, tint = Theme.tints();
    var most = 0;
    plot.cells.forEach(function (cell) { most = Math.max(most, cell.length ? cell[1] || 0 : 0); });
    var full = most <= 1 ? 1 : most;
    element.textContent = "";
    if (!plot.rows.length || !columns) { element.appendChild(make("p", "note", "There is nothing to show.")); return; }
    var status = make("p", "status");
    status.setAttribute("aria-live", "polite");
    var frame = make("div", "token-frame"), table = frame.appendChild(make("table"));
    table.setAttribute("role", "grid");

    function describe(row, column) {
      var cell = plot.cells[row * columns + column], lines = [];
      for (var place = 0; place < cell.length; place += 2) {
        lines.push(quoted(plot.words[cell[place]]) + " " + number(cell[place + 1]));
      }
      var target = plot.targets.length ? plot.words[plot.targets[column]] : null;
      return { head: plot.rowAxis.label + " " + plot.rows[row] + ", at " + quoted(plot.tokens[column], plot.firstPosition + column)
        + (target === null ? "" : ", in truth followed by " + quoted(target)),
        lines: lines.length ? lines : ["not applicable"] };
    }

    function headings(label, texts, places) {
      var row = make("tr");
      row.appendChild(make("th", "", cut(label, 24))).title = label;
      texts.forEach(function (text, column) {
        var heading = row.appendChild(make("th"));
        heading.scope = "col";
        heading.title = text;
        if (places) { heading.appendChild(make("small", "", String(plot.firstPosition + column))); }
        heading.appendChild(make("span", "", cut(text, 14)));
      });
      return row;
    }

    var head = table.appendChild(make("thead"));
    head.appendChild(headings(plot.rowAxis.label + (plot.rowAxis.unit ? " (" + plot.rowAxis.unit + ")" : ""), plot.tokens, true));
    var body = table.appendChild(make("tbody"));
    for (var row = plot.rows.length - 1; row >= 0; row--) {
      var line = body.appendChild(make("tr"));
      var side = line.appendChild(make("th", "", cut(plot.rows[row], 24)));
      side.scope = "row";
      side.title = plot.rows[row];
      for (var column = 0; column < columns; column++) {
        var cell = plot.cells[row * columns + column];
        var place = line.appendChild(make("td", cell.length ? "" : "none", cell.length ? cut(plot.words[cell[0]], 14) : "–"));
        var shade = tint(cell.length ? cell[1] / full : 0);
        place.style.background = shade.paper;
        if (cell.length) { place.style.color = shade.ink; }
        if (cell.length && plot.targets[column] === cell[0]) { place.classList.add("hit"); }
        place.dataset.row = row;
        place.dataset.column = column;
        place.tabIndex = -1;
      }
    }
    if (plot.targets.length) {
      body.appendChild(headings("in truth", plot.targets.map(function (word) { return plot.words[word]; }), false));
    }
    function at(row, column) { return table.querySelector('td[data-row="' + row + '"][data-column="' + column + '"]'); }
    function look(cell, x, y) {
      var said = describe(+cell.dataset.row, +cell.dataset.column);
      showTip(said.head + "\n" + said.lines.join("\n"), x, y);
      status.textContent = said.head + ": " + said.lines.join(", ") + ".";
    }
    at(plot.rows.length - 1, 0).tabIndex = 0;
    table.addEventListener("pointermove", function (event) {
      var cell = event.target.closest("td");
      if (cell) { look(cell, event.clientX, event.clientY); } else { hideTip(); }
    });
    table.addEventListener("pointerleave", hideTip);
    table.addEventListener("focusout", hideTip);
    table.addEventListener("focusin", function (event) {
      var cell = event.target.closest("td");
      if (!cell) { return; }
      table.querySelectorAll('td[tabindex="0"]').forEach(function (other) { other.tabIndex = -1; });
      cell.tabIndex = 0;
      var box = cell.getBoundingClientRect();
      look(cell, box.right - 10, box.bottom - 10);
    });
    table.addEventListener("keydown", function (event) {
      var step = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      var cell = event.target.closest("td");
      if (!step || !cell) { return; }
      event.preventDefault();
      var next = at(+cell.dataset.row + step[0], +cell.dataset.column + step[1]);
      if (next) { next.focus(); }
    });
    element.appendChild(frame);
    var ticks = [0, 0.25, 0.5, 0.75, 1].map(function (share) { return [share, String(+(share * full).toPrecision(3))]; });
    element.appendChild(legend(plot.amount.label + (plot.amount.unit ? " (" + plot.amount.unit + ")" : "")
      + (plot.targets.length ? "; a frame: the likeliest token is the true one" : ""), ticks));
    status.textContent = "Point at a cell, or move there by the arrow keys, for its likeliest tokens.";
    element.appendChild(status);
  }

  return { make: make, quoted: quoted, number: number, cut: cut, showTip: showTip, hideTip: hideTip, legend: legend,
    picture: picture, tokenTable: tokenTable,
    parts: "th:not(:has(span)), th span, th small, td, .tints > div:first-child, .bar, .ticks span, .token" };
})();
