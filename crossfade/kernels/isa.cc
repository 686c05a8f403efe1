// Names and choice of Highway's targets; see isa.h. Which ones are compiled is decided in one
// place, this room's CMakeLists.txt.
#include "crossfade/kernels/isa.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string>
#include <vector>

#include "hwy/highway.h"
#include "hwy/targets.h"

namespace crossfade::kernels {
namespace {

std::string target_name(std::int64_t target) {
  std::string name = hwy::TargetName(target);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

// Lower bits are better targets (hwy/detect_targets.h).
std::int64_t best_of(std::int64_t targets) {
  return targets & -targets;
}

std::vector<std::int64_t> split(std::int64_t targets) {
  std::vector<std::int64_t> result;
  for (; targets != 0; targets &= targets - 1) result.push_back(best_of(targets));
  return result;
}

// What this CPU can run of what is compiled. Highway answers with an earlier choice where one was
// made, so that is lifted for the question and put back.
std::int64_t runnable_targets() {
  const std::int64_t chosen = hwy::SupportedTargets();
  hwy::SetSupportedTargetsForTest(0);
  const std::int64_t supported = (hwy::SupportedTargets() & HWY_TARGETS) | HWY_STATIC_TARGET;
  hwy::SetSupportedTargetsForTest(chosen);
  hwy::GetChosenTarget().Update(chosen);
  return supported;
}

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

Status choose_isa(const char* forced) {
  const std::string wanted = forced == nullptr ? "" : forced;
  std::int64_t choice = 0;
  for (std::int64_t target : split(runnable_targets()))
    if (wanted.empty() ? choice == 0 : target_name(target) == wanted) choice = target;
  if (choice == 0) {
    bool known = false;
    for (std::int64_t target : split(HWY_TARGETS)) known |= target_name(target) == wanted;
    return usage_error("CROSSFADE_ISA=" + wanted +
                       (known ? " asks for instructions that this CPU lacks"
                              : " names no instruction set of this program") +
                       "; this CPU can use: " + join(supported_isas()) + ".");
  }
  hwy::SetSupportedTargetsForTest(choice);
  hwy::GetChosenTarget().Update(choice);
  return ok_status();
}

std::string isa_name() {
  const std::int64_t usable = hwy::SupportedTargets() & HWY_TARGETS;
  return target_name(usable == 0 ? HWY_STATIC_TARGET : best_of(usable));
}

std::vector<std::string> supported_isas() {
  std::vector<std::string> names;
  for (std::int64_t target : split(runnable_targets())) names.push_back(target_name(target));
  return names;
}

}  // namespace crossfade::kernels
