// Markup: the pieces of HTML and SVG that every writer here needs, and CSV for downloads.
#pragma once

#include <string>
#include <string_view>

#include "crossfade/report/document.h"

namespace crossfade {

// For text and for attributes in double quotes. What is not UTF-8, and control characters that HTML
// forbids, become U+FFFD: a page stays readable whatever a name is made of.
std::string escape_markup(std::string_view text);

// A coordinate: at most one decimal, no "-0".
std::string coordinate(double value);

// Comma-separated values after RFC 4180: a line of headings, numbers in full precision, missing
// ones empty. An interval takes two columns, "95% low" and "95% high".
std::string table_csv(const TableBlock& table);
// A line per point: series, x or category, y, and low, high and label where the plot has them.
// Times are written as in ISO 8601.
std::string plot_csv(const PlotBlock& plot);

// The text as an address that a browser saves without asking anybody: "data:text/csv,...".
std::string data_address(std::string_view csv);

}  // namespace crossfade
