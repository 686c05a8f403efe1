// text_plot: a PlotBlock in characters, for terminals and Markdown.
#pragma once

#include <string>

#include "crossfade/report/document.h"

namespace crossfade {

// Columns a terminal needs for UTF-8 text: every byte but the continuations starts one.
std::size_t text_width(const std::string& text);

// The caption and, per series, bars of blocks (kBars), a line of blocks from low to high (kLine),
// or a line per point with its label (kPoints). At most about 80 columns wide, unless names are
// longer; ends with a line break.
std::string text_plot(const PlotBlock& plot);

}  // namespace crossfade
