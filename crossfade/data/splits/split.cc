// The list of splitting rules, and the parts as datasets, with what is known of users when asked.
#include "crossfade/data/splits/split.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/select_rows.h"
#include "crossfade/data/splits/refine_parts.h"
#include "crossfade/data/splits/split_kind.h"
#include "crossfade/data/splits/successive.h"

namespace crossfade {
namespace {

// The one list of rules.
std::vector<SplitKind> split_kinds() {
  return {time_split(),  last_split(),      ratio_split(),   random_split(),
          users_split(), new_users_split(), session_split(), random_next_split(),
          fold_split(),  hide_split(),      cold_split()};
}

std::string examples() {
  std::vector<std::string> list;
  for (const SplitKind& kind : split_kinds()) list.push_back(kind.example);
  return join(list, ", ");
}

std::array<std::int64_t, kNumParts> count_parts(const RowParts& parts) {
  std::array<std::int64_t, kNumParts> counts{};
  for (const auto& domain : parts)
    for (const std::uint8_t part : domain) ++counts[part];
  return counts;
}

Status check_parts(const RowParts& parts, const std::string& rule, bool validation) {
  const auto counts = count_parts(parts);
  const std::string rows =
      format_count(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
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

// The rows of `known` parts that users of the part `asked` have, in any domain: 1 in the answer.
RowParts known_rows(const Dataset& dataset, const RowParts& parts, Part asked, const PartSet& known,
                    ThreadPool& threads) {
  RowParts labels = parts;
  threads.parallel_for(dataset.num_users(), 1024, [&](std::int64_t begin, std::int64_t end, int) {
    for (auto user = static_cast<std::size_t>(begin); user < static_cast<std::size_t>(end);
         ++user) {
      const auto rows_of = [&](std::size_t d) {
        const auto& offsets = dataset.domains()[d].offsets;
        return std::pair(labels[d].begin() + offsets[user], labels[d].begin() + offsets[user + 1]);
      };
      bool is_asked = false;
      for (std::size_t d = 0; d < parts.size(); ++d)
        is_asked =
            is_asked || std::find(rows_of(d).first, rows_of(d).second, asked) != rows_of(d).second;
      for (std::size_t d = 0; d < parts.size(); ++d)
        for (auto [row, last] = rows_of(d); row != last; ++row)
          *row = is_asked && known[*row] ? 1 : 0;
    }
  });
  return labels;
}

// What is known when the test asks, and when the validation does.
constexpr PartSet kKnownToTest{true, true, false, false, true, true};
constexpr PartSet kKnownToValidation{true, false, false, false, false, true};

void add_fold_in(const Dataset& dataset, const RowParts& parts, const SplitOptions& options,
                 Context& context, Split& split) {
  const auto counts = count_parts(parts);
  if (options.fold_in || counts[kFoldIn] > 0 || counts[kValidationFoldIn] > 0)
    split.fold_in = select_rows(
        dataset, known_rows(dataset, parts, kTest, kKnownToTest, context.threads), 1, context);
  if (counts[kValidationFoldIn] > 0)
    split.validation_fold_in = select_rows(
        dataset, known_rows(dataset, parts, kValidation, kKnownToValidation, context.threads), 1,
        context);
}

Status ask_in_turn(const Dataset& dataset, const RowParts& parts, const SplitOptions& options,
                   Context& context, Split& split) {
  const AskFrom from = options.target == Target::kFollowing ? AskFrom::kSecond : AskFrom::kFirst;
  CROSSFADE_ASSIGN_OR_RETURN(Questions test,
                             ask_one_by_one(dataset, parts, kTest, kKnownToTest, from, context));
  split.test = std::move(test.asked);
  split.fold_in = std::move(test.known);
  if (!options.validation) return ok_status();
  CROSSFADE_ASSIGN_OR_RETURN(Questions before, ask_one_by_one(dataset, parts, kValidation,
                                                              kKnownToValidation, from, context));
  split.validation = std::move(before.asked);
  split.validation_fold_in = std::move(before.known);
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
    line.resize(std::max<std::size_t>(line.size() + 2, 22), ' ');
    text += line + kind.help + "\n";
  }
  return text;
}

Result<Split> split_dataset(const Dataset& dataset, const SplitRule& rule,
                            const SplitOptions& options, Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(RowParts parts, rule.assign(dataset, options, context));
  CROSSFADE_RETURN_IF_ERROR(keep_sessions_whole(dataset, options.sessions, parts, context));
  choose_targets(dataset, options, parts, context);
  drop_cold(dataset, options, rule.validation_joins_train, parts, context);
  CROSSFADE_RETURN_IF_ERROR(check_parts(parts, rule.text, options.validation));
  Split split;
  split.rows_dropped = count_parts(parts)[kDropped];
  split.train = select_rows(dataset, parts, kTrain, context);
  if (is_in_turn(options.target)) {
    CROSSFADE_RETURN_IF_ERROR(ask_in_turn(dataset, parts, options, context, split));
    return split;
  }
  split.test = select_rows(dataset, parts, kTest, context);
  if (options.validation) split.validation = select_rows(dataset, parts, kValidation, context);
  add_fold_in(dataset, parts, options, context, split);
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return split;
}

SplitRule rule_per_user(std::function<Status(const Domain&, Context&)> check,
                        std::function<void(UserRows&, const SplitOptions&)> cut) {
  const auto assign = [check = std::move(check), cut = std::move(cut)](
                          const Dataset& dataset, const SplitOptions& options,
                          Context& context) -> Result<RowParts> {
    RowParts parts;
    for (const Domain& domain : dataset.domains()) {
      CROSSFADE_RETURN_IF_ERROR(context.check_stop());
      if (check) CROSSFADE_RETURN_IF_ERROR(check(domain, context));
      const std::uint64_t seed = options.seed + mix64(parts.size());
      auto& rows = parts.emplace_back(domain.item.size(), std::uint8_t{kTrain});
      context.threads.parallel_for(
          dataset.num_users(), 1024, [&](std::int64_t begin, std::int64_t end, int) {
            for (auto user = static_cast<std::size_t>(begin); user < static_cast<std::size_t>(end);
                 ++user) {
              const auto first = static_cast<std::size_t>(domain.offsets[user]);
              const auto size = static_cast<std::size_t>(domain.offsets[user + 1]) - first;
              UserRows one{domain, user, first, std::span(rows).subspan(first, size),
                           Rng(seed, user)};
              cut(one, options);
            }
          });
    }
    return parts;
  };
  return {"", assign};
}

Status need_times_to_split(const Domain& domain, const std::string& advice) {
  if (!domain.time_ns.empty() || domain.num_interactions() == 0) return ok_status();
  return usage_error("domain '" + domain.name + "' has no times, so it cannot be split by time; " +
                     advice);
}

}  // namespace crossfade
