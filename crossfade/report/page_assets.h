// The style sheet and the script of a report's page: page.css and page.js, built into the program.
#pragma once

#include <string_view>

namespace crossfade {

extern const std::string_view kPageStyle;
extern const std::string_view kPageScript;

}  // namespace crossfade
