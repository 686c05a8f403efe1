// Three kinds of attributes, one kind of answer; see row_labels.h.
#include "crossfade/models/row_labels.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "crossfade/base/at.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

RowLabels of_values(const LabelAttribute& values, std::size_t num_rows) {
  RowLabels labels{std::vector<std::vector<std::int32_t>>(num_rows),
                   static_cast<std::int32_t>(values.labels.size())};
  for (std::size_t row = 0; row < num_rows; ++row) {
    const auto codes = values.codes.span().subspan(
        at(values.offsets[row]), at(values.offsets[row + 1] - values.offsets[row]));
    auto& own = labels.of_row[row];
    own.assign(codes.begin(), codes.end());
    std::sort(own.begin(), own.end());
    own.erase(std::unique(own.begin(), own.end()), own.end());
  }
  return labels;
}

// One label per distinct value, in the order of the rows; value(row, out) is false where there is
// none.
template <class T, class Value>
RowLabels numbered(std::size_t num_rows, const Value& value) {
  RowLabels labels{std::vector<std::vector<std::int32_t>>(num_rows), 0};
  std::map<T, std::int32_t> numbers;
  T one{};
  for (std::size_t row = 0; row < num_rows; ++row) {
    if (!value(row, one)) continue;
    const auto [entry, is_new] = numbers.emplace(one, labels.count);
    labels.count += is_new ? 1 : 0;
    labels.of_row[row] = {entry->second};
  }
  return labels;
}

}  // namespace

RowLabels row_labels(const ItemAttribute& attribute, std::int64_t num_rows) {
  const std::size_t size = at(num_rows);
  if (const auto* several = std::get_if<LabelAttribute>(&attribute.values))
    return of_values(*several, size);
  if (const auto* texts = std::get_if<TextAttribute>(&attribute.values))
    return numbered<std::string_view>(size, [&](std::size_t row, std::string_view& text) {
      text = texts->values[row];
      return !text.empty();
    });
  const auto& numbers = std::get<NumberAttribute>(attribute.values).values;
  return numbered<float>(size, [&](std::size_t row, float& number) {
    number = numbers[row];
    return !std::isnan(number);
  });
}

Result<RowLabels> row_labels(const ItemTable& table, const std::string& name,
                             const std::string& whose, std::int64_t num_rows) {
  const ItemAttribute* attribute = table.find(name);
  if (attribute) return row_labels(*attribute, num_rows);
  std::vector<std::string> names;
  for (const ItemAttribute& one : table.attributes) names.push_back(one.name);
  if (names.empty())
    return usage_error(whose + " have no attributes, and '" + name +
                       "' is asked for; give them with attach");
  return unknown_name("attribute of " + whose, name, names);
}

}  // namespace crossfade
