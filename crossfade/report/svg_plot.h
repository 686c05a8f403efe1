// svg_plot: a PlotBlock drawn for a page: lines with bands, points with whiskers and labels, bars.
#pragma once

#include <string>

#include "crossfade/report/document.h"
#include "crossfade/report/svg_frame.h"

namespace crossfade {

// An <svg> element that says what it is (role, title, description). Its marks carry <title>s, which
// browsers show on hovering; very long lines are thinned to what the width can show, and get fewer
// of those. Series i has the classes c0 to c5 (colour) and v0 to v2 (dashes), and data-s="i".
std::string svg_plot(const PlotBlock& plot, PlotSize size, const char* classes);

// The sign of a series for the legend: an <svg> of a short line, a mark or a patch.
std::string svg_legend_sign(const PlotBlock& plot, std::size_t series);

// Parts of the above, one file each.
std::string svg_bars(const PlotBlock& plot, const SvgFrame& frame, bool upright);
std::string svg_points(const PlotBlock& plot, const SvgFrame& frame);
std::string svg_lines(const PlotBlock& plot, const SvgFrame& frame);
// Texts beside the points that have one, of marks of this radius; left out where all places around
// a point are taken. Of a line only those points stand out that have a label.
std::string svg_labels(const PlotBlock& plot, const SvgFrame& frame, double radius);
// " c2 v0": how a series is told from the others.
std::string series_classes(std::size_t series);
// A circle, square, triangle or diamond, by the series' number.
std::string svg_mark(std::size_t series, double x, double y, double radius,
                     const std::string& title);
// "als: 64 factors, 0.1234 [0.12, 0.13]"
std::string point_title(const PlotBlock& plot, std::size_t series, std::size_t point);

}  // namespace crossfade
