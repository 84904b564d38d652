"use strict";
// Colours by the reader's setting, and what all figures share: fonts, axes, the text that Plotly may interpret.
var Theme = (function () {
  var viridis = ["#440154", "#482878", "#3e4a89", "#31688e", "#26838f", "#1f9d8a", "#6cce5a", "#b6de2b", "#fee825"];

  function color(name) {
    return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  }

  function scale(colors) {
    return colors.map(function (one, place) { return [place / (colors.length - 1), one]; });
  }

  // Plotly reads a subset of HTML in its texts: what comes from files is made plain.
  function plain(text) {
    return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }

  // Legends and axes have little room; the text under the pointer is never cut.
  function short(text, most) {
    var letters = Array.from(String(text));
    most = most || 40;
    return plain(letters.length > most ? letters.slice(0, most - 1).join("") + "…" : text);
  }

  function axisTitle(axis) {
    var text = short(axis.label);
    if (axis.unit) { text += " (" + short(axis.unit) + ")"; }
    if (axis.varianceShare !== undefined) { text += " (" + (100 * axis.varianceShare).toPrecision(3) + " %)"; }
    return text;
  }

  function channels(hex) {
    var value = parseInt(hex.slice(1), 16);
    return [value >> 16, value >> 8 & 255, value & 255];
  }

  // Behind text amounts are tints of one hue, not viridis: none at all is the paper itself, and what is written stays
  // readable, in black or white, whichever stands out more (4.5 to 1 at least).
  function tints() {
    var paper = channels(color("paper")), full = channels(color("tint"));
    return function (share) {
      var light = 0;
      var mixed = paper.map(function (one, place) {
        var value = Math.round(one + (full[place] - one) * Math.min(1, Math.max(0, share || 0)));
        var part = value / 255;
        light += [0.2126, 0.7152, 0.0722][place] * (part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
        return value;
      });
      return { paper: "rgb(" + mixed.join(",") + ")", ink: light > 0.179 ? "#000000" : "#ffffff" };
    };
  }

  return {
    tints: tints,
    // A colour scale for amounts from 0 to 1 whose colours go with the square root: small weights show, too.
    rootTints: function () {
      var tint = tints(), stops = [];
      for (var step = 0; step <= 16; step++) { stops.push([step * step / 256, tint(step / 16).paper]); }
      return stops;
    },
    color: color,
    plain: plain,
    short: short,
    axisTitle: axisTitle,
    lines: function (texts) { return texts.map(plain).join("<br>"); },
    hover: function (text) { return plain(text).replace(/\n/g, "<br>"); },
    kinds: { stable: "circle", saddle: "diamond", unstable: "square", undecided: "x" },
    series: function (place) { return color("c" + place % 8); },
    colorOf: function (group, place) { return group.kind ? color(group.kind) : color("c" + place % 8); },
    // Dark paper swallows the low end of viridis: begin a little higher there.
    sequential: function () { return scale(Theme.isDark() ? viridis.slice(2) : viridis.slice(0, 8)); },
    // Far from zero is far from the paper: dark on light, light on dark.
    diverging: function () {
      return scale(Theme.isDark() ? ["#8ecbff", "#3b82b8", color("zero"), "#b8583b", "#ffb08a"]
        : ["#2166ac", "#67a9cf", color("zero"), "#ef8a62", "#b2182b"]);
    },
    isDark: function () {
      return document.documentElement.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches;
    },
    isNarrow: function (element) { return element.clientWidth < 520; },
    axis: function (axis, more) {
      return Object.assign({
        title: { text: axisTitle(axis), standoff: 8, font: { size: 13 } }, type: axis.isLogarithmic ? "log" : "linear",
        exponentformat: "power", automargin: true, gridcolor: color("grid"), linecolor: color("line"),
        zerolinecolor: color("line"), zerolinewidth: 1, tickfont: { color: color("soft") }
      }, more);
    },
    layout: function (element, more) {
      return Object.assign({
        autosize: true, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
        font: { family: getComputedStyle(document.body).fontFamily, size: 13, color: color("ink") },
        margin: { l: 8, r: 12, t: 12, b: 8 }, hovermode: "closest",
        hoverlabel: { bgcolor: color("panel"), bordercolor: color("line"), font: { color: color("ink") }, align: "left" },
        legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", bgcolor: "rgba(0,0,0,0)", itemsizing: "constant",
          traceorder: "normal" },
        modebar: { bgcolor: "rgba(0,0,0,0)", color: color("soft"), activecolor: color("ink") }
      }, more);
    }
  };
})();
