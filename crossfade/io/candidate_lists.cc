// Ids of a block of lists are looked up on all threads; the lists' ends are known beforehand.
#include "crossfade/io/candidate_lists.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <vector>

#include "crossfade/base/check.h"
#include "crossfade/base/text.h"
#include "crossfade/io/parquet_writer.h"

namespace crossfade {
namespace {

constexpr std::int64_t kListsPerTask = 1024;

std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

// The lists of a block with external ids, of users and items whose ids are of these types.
template <class UserId, class ItemId>
class ListBlock {
 public:
  ListBlock(const Candidates& candidates, const Vocabulary& users, const Vocabulary& items)
      : candidates_(candidates), user_ids_(users), item_ids_(items) {}

  // Looks up lists [first, end).
  void load(std::int64_t first, std::int64_t end, ThreadPool& threads) {
    const std::int64_t start = candidates_.offsets[at(first)];
    users_.resize(at(end - first));
    offsets_.assign(1, 0);
    for (std::int64_t l = first; l < end; ++l)
      offsets_.push_back(candidates_.offsets[at(l + 1)] - start);
    items_.resize(at(offsets_.back()));
    threads.parallel_for(
        end - first, kListsPerTask, [&](std::int64_t begin, std::int64_t stop, int) {
          for (std::int64_t l = begin; l < stop; ++l) {
            users_[at(l)] = id_of<UserId>(user_ids_, candidates_.users[at(first + l)]);
            std::size_t place = at(offsets_[at(l)]);
            for (const ItemIndex item : candidates_.list(first + l))
              items_[place++] = id_of<ItemId>(item_ids_, item);
          }
        });
  }

  std::vector<ColumnView> views() const {
    return {{"user_id", std::span<const UserId>(users_), {}, {}},
            {"item_id", ListSpans<ItemId>(offsets_, items_), {}, {}}};
  }

 private:
  template <class Id>
  static Id id_of(const Vocabulary& vocabulary, std::int32_t index) {
    if constexpr (std::is_same_v<Id, std::string>)
      return std::string(vocabulary.texts()[at(index)]);
    else
      return vocabulary.numbers()[at(index)];
  }

  const Candidates& candidates_;
  const Vocabulary& user_ids_;
  const Vocabulary& item_ids_;
  std::vector<UserId> users_;
  std::vector<std::int64_t> offsets_{0};
  std::vector<ItemId> items_;
};

template <class UserId, class ItemId>
Status write(const Candidates& candidates, ListBlock<UserId, ItemId> block, const std::string& path,
             Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(ParquetWriter writer,
                             ParquetWriter::create(path, block.views(), {false, false}));
  context.progress.begin("writing " + path, candidates.num_lists(), "lists");
  Status status;
  for (std::int64_t first = 0; first < candidates.num_lists() && status.ok();) {
    const std::int64_t full = candidates.offsets[at(first)] + kDefaultRowGroupRows;
    const std::int64_t most = std::min(candidates.num_lists(), first + kDefaultRowGroupRows);
    std::int64_t end = first + 1;
    while (end < most && candidates.offsets[at(end + 1)] <= full) ++end;
    block.load(first, end, context.threads);
    status = writer.write(block.views(), context);
    context.progress.advance(end - first);
    first = end;
  }
  context.progress.end();
  CROSSFADE_RETURN_IF_ERROR(status);
  return writer.close();
}

// Each value as often as its row has items.
template <class T>
std::vector<T> repeated(const std::vector<T>& values, const std::vector<std::int64_t>& offsets) {
  std::vector<T> rows;
  rows.reserve(at(offsets.back()));
  for (std::size_t row = 0; row < values.size(); ++row)
    rows.insert(rows.end(), at(offsets[row + 1] - offsets[row]), values[row]);
  return rows;
}

std::string id_text(const std::string& id) {
  return id;
}
template <class Number>
std::string id_text(Number id) {
  return std::to_string(id);
}

template <class Id>
Status refuse_two_lists(std::vector<Id> users) {
  std::sort(users.begin(), users.end());
  const auto twice = std::adjacent_find(users.begin(), users.end());
  if (twice == users.end()) return ok_status();
  return data_invalid("user " + id_text(*twice) +
                      " has two lists; where item_id holds lists, a user has one row");
}

template <class T>
Result<Table> expand(const Column& users, Lists<T> lists) {
  std::vector<std::int32_t> ranks;
  ranks.reserve(lists.values.size());
  for (std::size_t row = 0; row < lists.size(); ++row)
    for (std::size_t rank = 1; rank <= lists[row].size(); ++rank)
      ranks.push_back(static_cast<std::int32_t>(rank));
  Table table;
  Status status;
  std::visit(
      [&](const auto& values) {
        if constexpr (!kIsLists<std::decay_t<decltype(values)>>) {
          if (users.nulls.empty()) status = refuse_two_lists(values);
          table.columns.push_back({users.name, repeated(values, lists.offsets), users.meaning, {}});
        } else {
          status = data_invalid("user_id holds lists; it has to be the id of one user");
        }
      },
      users.values);
  CROSSFADE_RETURN_IF_ERROR(status);
  if (!users.nulls.empty()) table.columns[0].nulls = repeated(users.nulls, lists.offsets);
  table.columns.push_back({"item_id", std::move(lists.values), Column::Meaning::kPlain, {}});
  table.columns.push_back({"rank", std::move(ranks), Column::Meaning::kPlain, {}});
  return table;
}

// Whether texts are lists with spaces between their ids, as in a CSV (submission_csv.h): nothing
// else orders the rows, nobody has two, and one has a space.
bool are_lists_of_words(const Table& table, const Column& users,
                        const std::vector<std::string>& texts) {
  if (table.find("rank") || table.find("score")) return false;
  if (std::none_of(texts.begin(), texts.end(),
                   [](const std::string& text) { return text.find(' ') != std::string::npos; }))
    return false;
  return std::visit(
      [](const auto& values) {
        if constexpr (kIsLists<std::decay_t<decltype(values)>>)
          return false;
        else
          return refuse_two_lists(values).ok();
      },
      users.values);
}

// The words of each text; numbers if all of them are such, written as numbers are.
Result<Table> expand_words(const Column& users, const std::vector<std::string>& texts) {
  Lists<std::string> words;
  Lists<std::int64_t> numbers;
  bool all_numbers = true;
  for (const std::string& text : texts) {
    std::vector<std::string> row = split(text, ' ');
    std::erase(row, "");
    std::vector<std::int64_t> ids;
    for (const std::string& word : row) {
      const auto number = parse_int(word);
      all_numbers = all_numbers && number && std::to_string(*number) == word;
      ids.push_back(number.value_or(0));
    }
    words.push_back(row);
    numbers.push_back(ids);
  }
  return all_numbers ? expand(users, std::move(numbers)) : expand(users, std::move(words));
}

}  // namespace

Status write_candidate_lists(const Candidates& candidates, const Vocabulary& users,
                             const Vocabulary& items, const std::string& path, Context& context) {
  const Status sound = candidates.check(users.size(), items.size());
  CROSSFADE_CHECK(sound.ok(), sound.message());
  using Number = std::int64_t;
  using Text = std::string;
  if (users.is_text() && items.is_text())
    return write(candidates, ListBlock<Text, Text>(candidates, users, items), path, context);
  if (users.is_text())
    return write(candidates, ListBlock<Text, Number>(candidates, users, items), path, context);
  if (items.is_text())
    return write(candidates, ListBlock<Number, Text>(candidates, users, items), path, context);
  return write(candidates, ListBlock<Number, Number>(candidates, users, items), path, context);
}

Result<Table> rows_of_lists(Table table) {
  const Column* users = table.find("user_id");
  const auto item = std::find_if(table.columns.begin(), table.columns.end(),
                                 [](const Column& column) { return column.name == "item_id"; });
  if (!users || item == table.columns.end()) return table;
  if (auto* numbers = std::get_if<Lists<std::int64_t>>(&item->values))
    return expand(*users, std::move(*numbers));
  if (auto* texts = std::get_if<Lists<std::string>>(&item->values))
    return expand(*users, std::move(*texts));
  if (const auto* texts = std::get_if<std::vector<std::string>>(&item->values))
    if (are_lists_of_words(table, *users, *texts)) return expand_words(*users, *texts);
  return table;
}

}  // namespace crossfade
