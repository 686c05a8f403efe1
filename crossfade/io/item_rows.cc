// Lookups run on all threads, counting on one.
#include "crossfade/io/item_rows.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

constexpr std::int64_t kRowsPerTask = 1 << 14;

}  // namespace

const RowsOf& rows_of_items() {
  static const RowsOf of{
      "item",
      "an item",
      "--item-column",
      "--item-columns",
      {"item_id", "track_id", "movie_id", "movieId", "itemid", "product_id", "id"}};
  return of;
}

const RowsOf& rows_of_users() {
  static const RowsOf of{"user",
                         "a user",
                         "--user-column",
                         "--user-columns",
                         {"user_id", "userId", "userid", "visitorid", "id"}};
  return of;
}

Result<std::string> find_item_column(const std::string& path, const std::vector<std::string>& names,
                                     const std::string& said, const RowsOf& of) {
  const auto has = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (!said.empty()) {
    if (has(said)) return said;
    return data_invalid(path + ": " + unknown_name("column", said, names).message());
  }
  for (const std::string& usual : of.usual)
    if (has(usual)) return usual;
  return data_invalid(path + " has no column of " + of.thing +
                      "s' ids that is known (its columns are " + join(names, ", ") +
                      "); say which with " + of.id_option);
}

WantedColumn item_id_column(const std::string& name, const Vocabulary& items) {
  return {name, items.is_text() ? WantedColumn::As::kText : WantedColumn::As::kInt64};
}

ItemRows::ItemRows(const Vocabulary& items, const RowsOf& of)
    : items_(items), of_(of), met_(static_cast<std::size_t>(items.size())) {}

Result<std::vector<std::int32_t>> ItemRows::next(const Column& ids, Context& context,
                                                 ImportReport& report) {
  std::vector<std::int32_t> found(ids.size(), kUnknown);
  const bool possible = std::visit(
      [&](const auto& values) {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_arithmetic_v<Value> || std::is_same_v<Value, std::string>) {
          context.threads.parallel_for(
              std::ssize(found), kRowsPerTask, [&](std::int64_t begin, std::int64_t end, int) {
                for (auto row = static_cast<std::size_t>(begin);
                     row < static_cast<std::size_t>(end); ++row) {
                  if (ids.is_null(row)) continue;
                  if constexpr (std::is_same_v<Value, std::string>) {
                    found[row] = items_.find(std::string_view(values[row]));
                  } else if constexpr (std::is_floating_point_v<Value>) {
                    if (values[row] == std::floor(values[row]) && std::abs(values[row]) < 9e15)
                      found[row] = items_.find(static_cast<std::int64_t>(values[row]));
                  } else {
                    found[row] = items_.find(std::int64_t{values[row]});
                  }
                }
              });
          return true;
        } else {
          return false;
        }
      },
      ids.values);
  if (!possible || ids.meaning == Column::Meaning::kTimestamp)
    return data_invalid("column '" + ids.name + "' holds no ids; name another with " +
                        of_.id_option);
  const std::int64_t rows_before = report.rows_read;
  for (std::size_t row = 0; row < found.size(); ++row) {
    if (found[row] == kUnknown) {
      const std::string reason =
          ids.is_null(row) ? "missing " + of_.thing + " id" : of_.thing + " is not in the log";
      report.drop(reason,
                  report.wants_example(reason)
                      ? "row " + std::to_string(rows_before + static_cast<std::int64_t>(row))
                      : std::string());
      continue;
    }
    ++report.rows_kept;
    std::uint8_t& met = met_[static_cast<std::size_t>(found[row])];
    num_repeats_ += met;
    num_items_ += met == 0 ? 1 : 0;
    met = 1;
  }
  report.rows_read += std::ssize(found);
  return found;
}

void note_coverage(const ItemRows& rows, std::int64_t num_items, const std::string& what,
                   ImportReport& report) {
  if (rows.num_items() < num_items)
    report.notes.push_back(format_count(num_items - rows.num_items()) + " of " +
                           format_count(num_items) + " " + rows.of().thing + "s have no " + what);
  if (rows.num_repeats() > 0)
    report.notes.push_back(format_count(rows.num_repeats()) + " rows are of " + rows.of().one +
                           " that came before; the last value of each counts");
}

void note_mended(std::int64_t count, const std::string& what, ImportReport& report) {
  if (count > 0)
    report.notes.push_back(format_count(count) + " " + what +
                           " are not UTF-8; what is no text in them became U+FFFD");
}

}  // namespace crossfade
