// Works user by user, so threads change nothing.
#include "crossfade/data/splits/refine_parts.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "crossfade/base/rng.h"
#include "crossfade/data/for_each_history.h"

namespace crossfade {
namespace {

using Parts = std::vector<std::uint8_t>;  // of one domain's rows

// Which parts count as "before" for the one that is asked about.
PartSet set_of(std::initializer_list<Part> parts) {
  PartSet set{};
  for (const Part part : parts) set[part] = true;
  return set;
}

std::vector<std::uint8_t> users_with(const Dataset& dataset, const RowParts& parts,
                                     const PartSet& set, ThreadPool& threads) {
  std::vector<std::uint8_t> with(static_cast<std::size_t>(dataset.num_users()));
  for (std::size_t d = 0; d < parts.size(); ++d)
    for_each_history(dataset.domains()[d], threads,
                     [&](std::size_t user, std::size_t begin, std::size_t end) {
                       for (std::size_t row = begin; row < end && !with[user]; ++row)
                         with[user] = set[parts[d][row]];
                     });
  return with;
}

std::vector<std::uint8_t> items_with(const Domain& domain, const Parts& parts, const PartSet& set) {
  std::vector<std::uint8_t> with(static_cast<std::size_t>(domain.items.size()));
  for (std::size_t row = 0; row < parts.size(); ++row)
    if (set[parts[row]]) with[static_cast<std::size_t>(domain.item[row])] = 1;
  return with;
}

// The two questions of drop_cold() about one part: whose users, which items come before it.
struct ColdRule {
  Part part;
  PartSet users_known, items_known;
};

void drop_cold_of(const Dataset& dataset, const ColdRule& rule, const SplitOptions& options,
                  RowParts& parts, Context& context) {
  const std::vector<std::uint8_t> users =
      users_with(dataset, parts, rule.users_known, context.threads);
  for (std::size_t d = 0; d < parts.size(); ++d) {
    const Domain& domain = dataset.domains()[d];
    const std::vector<std::uint8_t> items = items_with(domain, parts[d], rule.items_known);
    for_each_history(
        domain, context.threads, [&](std::size_t user, std::size_t begin, std::size_t end) {
          for (std::size_t row = begin; row < end; ++row) {
            if (parts[d][row] != rule.part) continue;
            const bool cold_item = !items[static_cast<std::size_t>(domain.item[row])];
            if ((options.drop_cold_users && !users[user]) || (options.drop_cold_items && cold_item))
              parts[d][row] = kDropped;
          }
        });
  }
}

// Leaves one of a user's rows of one part; `rng` draws it.
void choose_target(std::span<std::uint8_t> rows, Part part, Target target, Rng rng) {
  const auto held = static_cast<std::uint64_t>(std::count(rows.begin(), rows.end(), part));
  if (held == 0) return;
  std::uint64_t chosen = 0;  // counted among the rows of this part
  if (target == Target::kLast) chosen = held - 1;
  if (target == Target::kRandom) chosen = rng.below(held);
  const Part before = part == kTest ? kFoldIn : kValidationFoldIn;
  const Part after = part == kTest ? kDropped : kFoldIn;
  std::uint64_t place = 0;
  for (std::uint8_t& row : rows) {
    if (row != part) continue;
    if (place != chosen) row = place < chosen ? before : after;
    ++place;
  }
}

}  // namespace

Status keep_sessions_whole(const Dataset& dataset, Sessions where, RowParts& parts,
                           Context& context) {
  if (where == Sessions::kCut) return ok_status();
  for (std::size_t d = 0; d < parts.size(); ++d) {
    const Domain& domain = dataset.domains()[d];
    if (domain.session.empty() && domain.num_interactions() > 0)
      return usage_error("domain '" + domain.name +
                         "' has no sessions that could be kept whole; import it with them");
    for_each_history(domain, context.threads, [&](std::size_t, std::size_t begin, std::size_t end) {
      for (std::size_t first = begin, last; first < end; first = last) {
        for (last = first + 1; last < end && domain.session[last] == domain.session[first];) ++last;
        const auto at = [&](std::size_t row) {
          return parts[d].begin() + static_cast<std::ptrdiff_t>(row);
        };
        std::fill(at(first), at(last), *at(where == Sessions::kEarlier ? first : last - 1));
      }
    });
  }
  return ok_status();
}

void choose_targets(const Dataset& dataset, const SplitOptions& options, RowParts& parts,
                    Context& context) {
  if (options.target == Target::kAll || is_in_turn(options.target)) return;
  for (std::size_t d = 0; d < parts.size(); ++d) {
    // Other streams than those of the rules, which draw from the seed itself.
    const std::uint64_t seed = mix64(options.seed) + d;
    for_each_history(dataset.domains()[d], context.threads,
                     [&](std::size_t user, std::size_t begin, std::size_t end) {
                       const auto rows = std::span(parts[d]).subspan(begin, end - begin);
                       choose_target(rows, kTest, options.target, Rng(seed, 2 * user));
                       choose_target(rows, kValidation, options.target, Rng(seed, 2 * user + 1));
                     });
  }
}

void drop_cold(const Dataset& dataset, const SplitOptions& options, bool validation_joins_train,
               RowParts& parts, Context& context) {
  if (!options.drop_cold_users && !options.drop_cold_items) return;
  const PartSet trained =
      validation_joins_train ? set_of({kTrain, kValidation, kValidationFoldIn}) : set_of({kTrain});
  // The test first: what the validation loses would be known to it all the same.
  drop_cold_of(dataset, {kTest, set_of({kTrain, kValidation, kValidationFoldIn, kFoldIn}), trained},
               options, parts, context);
  drop_cold_of(dataset, {kValidation, set_of({kTrain, kValidationFoldIn}), set_of({kTrain})},
               options, parts, context);
}

}  // namespace crossfade
