"use strict";
// Looking at a node or an arrow of a graph: it and what it leads to stay, the rest fades.
var Graph = (function () {
  function near(all, isNear) { all.forEach(function (one) { one.classList.toggle("near", isNear(one)); }); }

  // Shows the arrows that leave some nodes, or the one arrow given, and hides nothing where `nodes` is null.
  function show(svg, nodes, arrow) {
    var wanted = new Set(nodes || []), ends = new Set(wanted);
    svg.classList.toggle("looking", nodes !== null);
    near(svg.querySelectorAll(".edge"), function (edge) {
      var isNear = nodes !== null && (arrow ? edge.dataset.from === arrow.from && edge.dataset.to === arrow.to
        : wanted.has(edge.dataset.from));
      if (isNear) { ends.add(edge.dataset.to); }
      return isNear;
    });
    svg.querySelectorAll(".node").forEach(function (one) {
      one.classList.toggle("near", nodes !== null && ends.has(one.dataset.node));
      one.classList.toggle("at", wanted.has(one.dataset.node));
    });
  }

  // Calls `look` with the nodes looked at (and the arrow, if it is one), or with null when the reader looks elsewhere.
  function watch(svg, look) {
    function on(one, begins, ends, nodes, arrow) {
      one.addEventListener(begins, function () { look(nodes, arrow); });
      one.addEventListener(ends, function () { look(null); });
    }
    svg.querySelectorAll(".node").forEach(function (one) {
      on(one, "pointerenter", "pointerleave", [one.dataset.node]);
      on(one, "focus", "blur", [one.dataset.node]);
    });
    svg.querySelectorAll(".edge[data-from]").forEach(function (one) {
      on(one, "pointerenter", "pointerleave", Array.from(new Set([one.dataset.from, one.dataset.to])), one.dataset);
    });
  }

  // The drawing as a file: with styles of its own, without what is there for the pointer.
  function file(svg) {
    var copy = svg.cloneNode(true), style = document.createElementNS(svg.namespaceURI, "style");
    style.textContent = document.getElementById("graph-file").textContent;
    copy.insertBefore(style, copy.firstChild);
    copy.querySelectorAll(".hit").forEach(function (one) { one.remove(); });
    show(copy, null);
    return new XMLSerializer().serializeToString(copy);
  }

  return { show: show, watch: watch, file: file };
})();
