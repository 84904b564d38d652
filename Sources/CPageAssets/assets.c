#include "CPageAssets.h"

/* The two functions of a file that C23's #embed has put into the array `bytes_<name>`. */
#define ACCESS(name)                                                     \
  const unsigned char *page_##name##_start(void) { return bytes_##name; } \
  size_t page_##name##_length(void) { return sizeof(bytes_##name); }

static const unsigned char bytes_plotly[] = {
#embed "plotly.min.js"
};
ACCESS(plotly)

static const unsigned char bytes_report_template[] = {
#embed "page/report.mustache"
};
ACCESS(report_template)

static const unsigned char bytes_index_template[] = {
#embed "page/index.mustache"
};
ACCESS(index_template)

static const unsigned char bytes_style[] = {
#embed "page/style.css"
};
ACCESS(style)

static const unsigned char bytes_graph_style[] = {
#embed "page/graph.css"
};
ACCESS(graph_style)

static const unsigned char bytes_tables_script[] = {
#embed "page/tables.js"
};
ACCESS(tables_script)

static const unsigned char bytes_theme_script[] = {
#embed "page/theme.js"
};
ACCESS(theme_script)

static const unsigned char bytes_plane_script[] = {
#embed "page/plane.js"
};
ACCESS(plane_script)

static const unsigned char bytes_space_script[] = {
#embed "page/space.js"
};
ACCESS(space_script)

static const unsigned char bytes_tokens_script[] = {
#embed "page/tokens.js"
};
ACCESS(tokens_script)

static const unsigned char bytes_patterns_script[] = {
#embed "page/patterns.js"
};
ACCESS(patterns_script)

static const unsigned char bytes_heads_script[] = {
#embed "page/heads.js"
};
ACCESS(heads_script)

static const unsigned char bytes_graph_script[] = {
#embed "page/graph.js"
};
ACCESS(graph_script)

static const unsigned char bytes_automaton_script[] = {
#embed "page/automaton.js"
};
ACCESS(automaton_script)

static const unsigned char bytes_figures_script[] = {
#embed "page/figures.js"
};
ACCESS(figures_script)

static const unsigned char bytes_spread_script[] = {
#embed "page/spread.js"
};
ACCESS(spread_script)

static const unsigned char bytes_pairs_script[] = {
#embed "page/pairs.js"
};
ACCESS(pairs_script)

static const unsigned char bytes_networks_script[] = {
#embed "page/networks.js"
};
ACCESS(networks_script)
