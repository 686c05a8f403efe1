// The list of splitting rules, and the parts as datasets.
#include "crossfade/data/split.h"

#include <algorithm>
#include <array>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/select_rows.h"
#include "crossfade/data/split_kind.h"

namespace crossfade {
namespace {

// The one list of rules.
std::vector<SplitKind> split_kinds() {
  return {time_split(), last_split(), ratio_split()};
}

std::string examples() {
  std::vector<std::string> list;
  for (const SplitKind& kind : split_kinds()) list.push_back(kind.example);
  return join(list, ", ");
}

std::array<std::int64_t, 3> count_parts(const RowParts& parts) {
  std::array<std::int64_t, 3> counts{};
  for (const auto& domain : parts)
    for (const std::uint8_t part : domain) ++counts[part];
  return counts;
}

Status check_parts(const RowParts& parts, const std::string& rule, bool validation) {
  const auto counts = count_parts(parts);
  const std::string rows = format_count(counts[kTrain] + counts[kValidation] + counts[kTest]);
  const auto nothing = [&](const std::string& purpose, const std::string& advice) {
    return data_invalid("the split " + rule + " of " + rows + " interactions leaves none " +
                        purpose + "; " + advice);
  };
  if (counts[kTest] == 0) return nothing("to test on", "hold out more, or use more data");
  if (counts[kTrain] == 0) return nothing("to train on", "hold out less, or skip the validation");
  if (validation && counts[kValidation] == 0)
    return nothing("for validation", "hold out more, or skip the validation");
  return ok_status();
}

}  // namespace

Result<SplitRule> parse_split(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos)
    return usage_error("'" + text + "' is not a split; write for example " + examples());
  const std::string name = text.substr(0, colon);
  std::vector<std::string> names;
  for (const SplitKind& kind : split_kinds()) {
    names.push_back(kind.name);
    if (kind.name != name) continue;
    auto rule = kind.parse(text.substr(colon + 1));
    if (!rule.ok()) return rule.status().at("split " + text);
    rule->text = text;
    return rule;
  }
  return unknown_name("split", name, names);
}

std::string describe_splits() {
  std::string text;
  for (const SplitKind& kind : split_kinds()) {
    std::string line = "  " + kind.example;
    line.resize(std::max<std::size_t>(line.size() + 1, 14), ' ');
    text += line + kind.help + "\n";
  }
  return text;
}

Result<Split> split_dataset(const Dataset& dataset, const SplitRule& rule,
                            const SplitOptions& options, Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const RowParts parts, rule.assign(dataset, options, context));
  CROSSFADE_RETURN_IF_ERROR(check_parts(parts, rule.text, options.validation));
  Split split;
  split.train = select_rows(dataset, parts, kTrain, context);
  split.test = select_rows(dataset, parts, kTest, context);
  if (options.validation) split.validation = select_rows(dataset, parts, kValidation, context);
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return split;
}

}  // namespace crossfade
