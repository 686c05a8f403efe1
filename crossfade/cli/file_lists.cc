// Encodes the ids, sorts the rows by user and rank (or falling score), and cuts them into lists.
#include "crossfade/cli/file_lists.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <type_traits>
#include <unordered_set>
#include <utility>

#include "crossfade/data/encode_column.h"
#include "crossfade/io/candidates_io.h"

namespace crossfade {
namespace {

// Each list without the repeats of an item, of which the first stays.
Candidates without_repeats(const Candidates& lists) {
  Candidates kept;
  kept.source_names = lists.source_names;
  kept.users = lists.users;
  std::unordered_set<ItemIndex> seen;
  for (std::int64_t l = 0; l < lists.num_lists(); ++l) {
    seen.clear();
    for (std::size_t i = 0; i < lists.list(l).size(); ++i) {
      if (!seen.insert(lists.list(l)[i]).second) continue;
      kept.items.push_back(lists.list(l)[i]);
      kept.scores.push_back(lists.list_scores(l)[i]);
    }
    kept.offsets.push_back(std::ssize(kept.items));
  }
  kept.sources.assign(kept.items.size(), 0);
  return kept;
}

// A list's best comes first, by its scores too.
Status check_scores(const Candidates& lists, const Vocabulary& users) {
  for (std::int64_t l = 0; l < lists.num_lists(); ++l) {
    const auto scores = lists.list_scores(l);
    if (!std::is_sorted(scores.begin(), scores.end(), std::greater<>()))
      return data_invalid("the columns 'rank' and 'score' of user " +
                          users.id_text(lists.users[static_cast<std::size_t>(l)]) +
                          " order the items differently; leave out the one that is not meant");
  }
  return ok_status();
}

Status add_file(const std::string& path, FileLists& lists, Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const Table table, read_recommendations(path, context));
  CROSSFADE_ASSIGN_OR_RETURN(Encoded users, encode_column(lists.users, table, "user_id"));
  CROSSFADE_ASSIGN_OR_RETURN(Encoded items, encode_column(lists.items, table, "item_id"));
  const std::vector<double> scores = numbers_of(table, "score");
  for (const double score : scores)
    if (!std::isfinite(static_cast<float>(score)))
      return data_invalid("the column 'score' has a value that is not a finite number");
  lists.users = std::move(users.vocabulary);
  lists.items = std::move(items.vocabulary);
  lists.files.push_back(
      without_repeats(cut_lists(users.indices, items.indices, numbers_of(table, "rank"), scores)));
  return check_scores(lists.files.back(), lists.users);
}

}  // namespace

std::vector<double> numbers_of(const Table& table, const std::string& name) {
  std::vector<double> values;
  const Column* column = table.find(name);
  if (!column) return values;
  std::visit(
      [&](const auto& source) {
        using Value = typename std::decay_t<decltype(source)>::value_type;
        if constexpr (std::is_arithmetic_v<Value>) values.assign(source.begin(), source.end());
      },
      column->values);
  return values;
}

std::vector<std::size_t> order_of_lists(const std::vector<std::int32_t>& users,
                                        const std::vector<double>& ranks,
                                        const std::vector<double>& scores) {
  std::vector<std::size_t> order(users.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (users[a] != users[b]) return users[a] < users[b];
    if (!ranks.empty()) return ranks[a] < ranks[b];
    return !scores.empty() && scores[a] > scores[b];
  });
  return order;
}

Candidates cut_lists(const std::vector<UserIndex>& users, const std::vector<ItemIndex>& items,
                     const std::vector<double>& ranks, const std::vector<double>& scores) {
  const std::vector<std::size_t> order = order_of_lists(users, ranks, scores);
  Candidates lists;
  lists.source_names = {"list"};
  lists.sources.assign(order.size(), 0);
  for (const std::size_t row : order) {
    if (lists.users.empty() || lists.users.back() != users[row]) {
      lists.users.push_back(users[row]);
      lists.offsets.push_back(lists.offsets.back());
    }
    // Without scores the place in the list stands for one, so that scores fall within a list.
    const auto place =
        static_cast<double>(++lists.offsets.back() - lists.offsets[lists.offsets.size() - 2]);
    lists.items.push_back(items[row]);
    lists.scores.push_back(static_cast<float>(scores.empty() ? 1 / place : scores[row]));
  }
  return lists;
}

Result<FileLists> read_file_lists(const std::vector<std::string>& paths, Context& context) {
  FileLists lists;
  for (const std::string& path : paths) {
    const Status status = add_file(path, lists, context);
    if (!status.ok()) return status.at(path);
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  }
  return lists;
}

}  // namespace crossfade
