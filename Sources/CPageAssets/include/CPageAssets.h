/* The files that a report's page is made of, as bytes in the program: a resource bundle is lost when a binary moves.
   Every file is plain text in UTF-8, without a terminating zero; lengths are in bytes. */
#ifndef RNNPROBE_CPAGEASSETS_H
#define RNNPROBE_CPAGEASSETS_H

#include <stddef.h> /* size_t */

#define PAGE_ASSET(name)                          \
  const unsigned char *page_##name##_start(void); \
  size_t page_##name##_length(void);

PAGE_ASSET(plotly)          /* plotly.js, minified; its licence is in plotly.LICENSE.txt */
PAGE_ASSET(report_template) /* the page of one analysis, Mustache */
PAGE_ASSET(index_template)  /* the page that leads to several, Mustache */
PAGE_ASSET(style)           /* CSS of both */
PAGE_ASSET(graph_style)     /* CSS of graphs, also inside SVG files */
PAGE_ASSET(tables_script)   /* sorting of tables */
PAGE_ASSET(theme_script)    /* colours by the reader's setting */
PAGE_ASSET(plane_script)    /* figures in the plane */
PAGE_ASSET(space_script)    /* figures in three dimensions */
PAGE_ASSET(tokens_script)   /* figures made of tokens' texts */
PAGE_ASSET(patterns_script) /* what a head attends to on a prompt */
PAGE_ASSET(heads_script)    /* the map of attention heads */
PAGE_ASSET(spread_script)   /* rows of values on one axis */
PAGE_ASSET(pairs_script)    /* the matrix of all pairs of networks, and networks in the plane */
PAGE_ASSET(networks_script) /* two networks side by side */
PAGE_ASSET(graph_script)    /* looking at a graph's nodes and arrows */
PAGE_ASSET(automaton_script) /* an automaton beside its network's states */
PAGE_ASSET(figures_script)  /* draws every figure; comes last */

#undef PAGE_ASSET
#endif
