"use strict";
// Trajectories and marked points in three dimensions; where there is no WebGL, their projection on the first two axes.
var Space = (function () {
  function hasWebGL() {
    try {
      var canvas = document.createElement("canvas");
      var context = canvas.getContext("webgl2") || canvas.getContext("webgl");
      if (!context) { return false; }
      var release = context.getExtension("WEBGL_lose_context");
      if (release) { release.loseContext(); }
      return true;
    } catch (fault) {
      return false;
    }
  }

  var isSpatial = hasWebGL();

  // Points of many lines as one trace, the lines parted by nulls: a trace a line would be slow.
  function join(trajectories) {
    var joined = { x: [], y: [], z: [], time: [], text: [] };
    trajectories.forEach(function (line) {
      for (var place = 0; place < line.x.length; place++) {
        var time = line.firstTime + place;
        joined.x.push(line.x[place]); joined.y.push(line.y[place]); joined.z.push(line.z[place]);
        joined.time.push(time);
        joined.text.push(Theme.lines([line.name, line.label, "time " + time].filter(Boolean)));
      }
      joined.x.push(null); joined.y.push(null); joined.z.push(null); joined.time.push(line.firstTime); joined.text.push("");
    });
    return joined;
  }

  function trace(data, more) {
    var result = Object.assign({ x: data.x, y: data.y, hoverinfo: "text", text: data.text }, more);
    result.type = isSpatial ? "scatter3d" : "scatter";
    if (isSpatial) { result.z = data.z; }
    return result;
  }

  function lines(plot, coloring) {
    if (coloring === "time") {
      var all = join(plot.trajectories);
      var amount = { color: all.time, colorscale: Theme.sequential(), showscale: true,
        colorbar: { title: { text: "time (steps)", side: "right" }, thickness: 10, len: 0.6, outlinewidth: 0, x: 1,
          tickfont: { color: Theme.color("soft") } } };
      // A flat line has one colour only; small points can have many.
      return [trace(all, isSpatial
        ? { mode: "lines", line: Object.assign({ width: 2.5 }, amount), opacity: 0.75, name: "trajectories" }
        : { mode: "markers", marker: Object.assign({ size: 3 }, amount), name: "trajectories" })];
    }
    var labels = [];
    plot.trajectories.forEach(function (line) {
      if (labels.indexOf(line.label || "") < 0) { labels.push(line.label || ""); }
    });
    labels.sort();
    return labels.map(function (label, place) {
      var own = plot.trajectories.filter(function (line) { return (line.label || "") === label; });
      return trace(join(own), { mode: "lines", name: Theme.short(label || "no label"), opacity: 0.7,
        line: { width: 2.5, color: Theme.series(place) } });
    });
  }

  function markers(plot, isNeutral) {
    var traces = [];
    Object.keys(Theme.kinds).forEach(function (kind) {
      [true, false].forEach(function (isVisited) {
        var own = plot.markers.filter(function (one) { return one.kind === kind && one.isVisited === isVisited; });
        if (!own.length) { return; }
        var data = { x: [], y: [], z: [], text: [] };
        own.forEach(function (one) {
          data.x.push(one.position[0]); data.y.push(one.position[1]); data.z.push(one.position[2]);
          data.text.push(Theme.lines(one.hover));
        });
        // Labels and kinds share a palette: beside coloured labels, kinds are told by their symbols.
        var color = isNeutral ? Theme.color("ink") : Theme.color(kind);
        traces.push(trace(data, { mode: "markers", name: kind + (isVisited ? "" : ", never visited"),
          marker: { symbol: Theme.kinds[kind] + (isVisited ? "" : "-open"), color: color,
            size: isSpatial ? (kind === "stable" ? 7 : 5) : 10,
            line: { width: isVisited ? 1 : isSpatial ? 2 : 1.8, color: isVisited ? Theme.color("paper") : color } } }));
      });
    });
    return traces;
  }

  function directions(plot) {
    var data = { x: [], y: [], z: [] };
    plot.markers.forEach(function (one) {
      one.directions.forEach(function (half) {
        [-1, 1].forEach(function (sign) {
          data.x.push(one.position[0] + sign * half[0]);
          data.y.push(one.position[1] + sign * half[1]);
          data.z.push(one.position[2] + sign * half[2]);
        });
        data.x.push(null); data.y.push(null); data.z.push(null);
      });
    });
    return data.x.length ? [trace(data, { mode: "lines", name: "unstable directions", hoverinfo: "skip",
      line: { width: isSpatial ? 4 : 2, color: Theme.color("ink") } })] : [];
  }

  function trajectories(plot, element, figure) {
    var coloring = figure.coloring;
    var isNarrow = Theme.isNarrow(element);
    var traces = lines(plot, coloring).concat(directions(plot), markers(plot, coloring === "label"));
    var layout = Theme.layout(element, {});
    if (coloring === "time") { traces[0].showlegend = false; }
    layout.legend.font = { size: isNarrow ? 11 : 12 };
    layout.legend.tracegroupgap = 0;
    if (!isSpatial) {
      layout.xaxis = Theme.axis(plot.x);
      layout.yaxis = Theme.axis(plot.y, { scaleanchor: "x" });
      return { traces: traces, layout: layout,
        note: "This browser has no WebGL: drawn is the projection on the first two axes." };
    }
    function side(axis) {
      return { title: { text: Theme.axisTitle(axis), font: { size: isNarrow ? 11 : 13 } }, gridcolor: Theme.color("grid"),
        zerolinecolor: Theme.color("grid"), linecolor: Theme.color("line"), showbackground: false, showspikes: false,
        nticks: isNarrow ? 4 : 6, tickfont: { color: Theme.color("soft"), size: isNarrow ? 9 : 11 } };
    }
    layout.margin = { l: 0, r: 0, t: 0, b: 0 };
    layout.scene = { xaxis: side(plot.x), yaxis: side(plot.y), zaxis: side(plot.z), aspectmode: "data",
      dragmode: "turntable", camera: { center: { x: 0, y: 0, z: -0.12 },
        eye: isNarrow ? { x: 1.5, y: 1.25, z: 0.95 } : { x: 1.35, y: 1.1, z: 0.8 } } };
    layout.uirevision = "kept"; // a change of colours does not turn the scene back
    return { traces: traces, layout: layout };
  }

  return { trajectories: trajectories };
})();
