"use strict";
// Sorts a table by a column when its heading's button is pressed, by mouse or keyboard: ascending, then descending,
// then as it was. Missing values and NaN stay last either way.
(function () {
  function key(cell, isNumber) {
    var value = cell.dataset.value;
    if (!isNumber) { return value === "" ? null : value; }
    if (value === "inf") { return Infinity; }
    if (value === "-inf") { return -Infinity; }
    var number = parseFloat(value);
    return isNaN(number) ? null : number;
  }

  function sort(table, column) {
    var headings = Array.from(table.tHead.rows[0].cells);
    var heading = headings[column];
    var body = table.tBodies[0];
    var rows = Array.from(body.rows);
    var next = { none: "ascending", ascending: "descending", descending: "none" }[heading.getAttribute("aria-sort")];
    rows.forEach(function (row, place) { if (row.dataset.place === undefined) { row.dataset.place = place; } });
    headings.forEach(function (other) { other.setAttribute("aria-sort", "none"); });
    heading.setAttribute("aria-sort", next);
    var isNumber = heading.classList.contains("number");
    var sign = next === "descending" ? -1 : 1;
    rows.sort(function (left, right) {
      var placed = left.dataset.place - right.dataset.place;
      if (next === "none") { return placed; }
      var a = key(left.cells[column], isNumber), b = key(right.cells[column], isNumber);
      if (a === null || b === null) { return (a === null) - (b === null) || placed; }
      return (a < b ? -sign : a > b ? sign : 0) || placed;
    });
    rows.forEach(function (row) { body.appendChild(row); });
  }

  // The columns that say what a row is stay in sight, as long as they leave room for the others.
  function stick(table) {
    var room = table.parentElement.clientWidth / 2, left = 0, count = 0;
    Array.from(table.tHead.rows[0].cells).forEach(function (heading, column) {
      var isKey = heading.classList.contains("key") && column === count && left + heading.offsetWidth <= room;
      if (isKey) { count++; }
      Array.from(table.rows).forEach(function (row) {
        var cell = row.cells[column];
        if (cell && cell.classList.contains("key")) {
          cell.style.position = isKey ? "" : "static";
          cell.style.left = left + "px";
        }
      });
      if (isKey) { left += heading.offsetWidth; }
    });
  }

  window.addEventListener("resize", function () { document.querySelectorAll("table.sortable").forEach(stick); });
  document.querySelectorAll("table.sortable").forEach(stick);
  document.querySelectorAll("table.sortable").forEach(function (table) {
    Array.from(table.tHead.rows[0].cells).forEach(function (heading, column) {
      heading.querySelector("button").addEventListener("click", function () { sort(table, column); });
    });
  });
})();
