// One class per thing that a column can become.
#include "crossfade/io/item_columns.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/base/utf8.h"
#include "crossfade/data/ids.h"

namespace crossfade {
namespace {

std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

// body(row, item) for every row that has a known item and a value.
template <class Body>
void for_each_value(const Column& column, const std::vector<std::int32_t>& items, Body&& body) {
  for (std::size_t row = 0; row < items.size(); ++row)
    if (items[row] != kUnknown && !column.is_null(row)) body(row, at(items[row]));
}

class NumberColumn final : public ItemColumn {
 public:
  NumberColumn(std::string name, std::int64_t num_items)
      : name_(std::move(name)), values_(at(num_items), std::numeric_limits<float>::quiet_NaN()) {}

  void add(const Column& column, const std::vector<std::int32_t>& items) override {
    constexpr double kNsPerDay = 86'400e9;
    const bool is_time = column.meaning == Column::Meaning::kTimestamp;
    std::visit(
        [&](const auto& values) {
          using Value = typename std::decay_t<decltype(values)>::value_type;
          if constexpr (std::is_arithmetic_v<Value>)
            for_each_value(column, items, [&](std::size_t row, std::size_t item) {
              const auto value = static_cast<double>(values[row]);
              if (!std::isnan(value))
                values_[item] = static_cast<float>(is_time ? value / kNsPerDay : value);
            });
        },
        column.values);
  }
  ItemAttribute finish(BadTexts&) override { return {name_, NumberAttribute{std::move(values_)}}; }

 private:
  std::string name_;
  std::vector<float> values_;
};

// Labels by number, in the order in which they were first met.
class LabelColumn final : public ItemColumn {
 public:
  LabelColumn(std::string name, std::int64_t num_items)
      : name_(std::move(name)), places_(at(num_items)) {}

  void add(const Column& column, const std::vector<std::int32_t>& items) override {
    std::visit(
        [&](const auto& values) {
          using Values = std::decay_t<decltype(values)>;
          for_each_value(column, items, [&](std::size_t row, std::size_t item) {
            begin(item);
            if constexpr (kIsLists<Values>) {
              for (const auto& value : values[row]) add_label(value);
            } else {
              add_label(values[row]);
            }
            end(item);
          });
        },
        column.values);
  }
  void begin(std::size_t item) { places_[item] = {std::ssize(codes_), 0}; }
  void end(std::size_t item) { places_[item].count = std::ssize(codes_) - places_[item].first; }
  void add_label(std::string_view text) {
    const auto [entry, added] =
        numbers_.emplace(std::string(text), static_cast<std::int32_t>(labels_.size()));
    if (added && !is_valid_utf8(text))
      entry->second = kUnknown;
    else if (added)
      labels_.push_back(entry->first);
    if (entry->second == kUnknown)
      ++left_out_;
    else
      codes_.push_back(entry->second);
  }
  template <class Number>
  requires std::is_arithmetic_v<Number>
  void add_label(Number number) {
    if constexpr (std::is_integral_v<Number>)
      add_label(std::string_view(std::to_string(number)));
    else
      add_label(std::string_view(format_shortest(static_cast<double>(number))));
  }

  ItemAttribute finish(BadTexts& bad) override {
    bad.left_out += left_out_;
    LabelAttribute labels;
    std::vector<std::int64_t> offsets{0};
    std::vector<std::int32_t> codes;
    for (const Place& place : places_) {
      codes.insert(codes.end(), codes_.begin() + place.first,
                   codes_.begin() + place.first + place.count);
      offsets.push_back(std::ssize(codes));
    }
    labels.offsets = std::move(offsets);
    labels.codes = std::move(codes);
    labels.labels = StringArray(labels_);
    return {name_, std::move(labels)};
  }

 private:
  struct Place {
    std::int64_t first = 0, count = 0;
  };
  std::string name_;
  std::vector<Place> places_;  // by item, in codes_
  std::vector<std::int32_t> codes_;
  std::vector<std::string> labels_;
  std::unordered_map<std::string, std::int32_t> numbers_;  // kUnknown: no UTF-8
  std::int64_t left_out_ = 0;
};

class TextColumn final : public ItemColumn {
 public:
  TextColumn(std::string name, std::int64_t num_items)
      : name_(std::move(name)), texts_(at(num_items)) {}

  void add(const Column& column, const std::vector<std::int32_t>& items) override {
    const auto& values = std::get<std::vector<std::string>>(column.values);
    for_each_value(column, items,
                   [&](std::size_t row, std::size_t item) { texts_[item] = values[row]; });
  }
  ItemAttribute finish(BadTexts& bad) override {
    if (is_cut()) return as_labels(/*cut=*/true, bad);
    if (repeats()) return as_labels(/*cut=*/false, bad);
    for (std::string& text : texts_) {
      if (is_valid_utf8(text)) continue;
      text = valid_utf8(text);
      ++bad.mended;
    }
    return {name_, TextAttribute{StringArray(texts_)}};
  }

 private:
  bool is_cut() const {
    constexpr std::string_view kNames[] = {"genres", "genre", "tags", "categories", "labels"};
    return std::find(std::begin(kNames), std::end(kNames), name_) != std::end(kNames) &&
           std::any_of(texts_.begin(), texts_.end(),
                       [](const std::string& text) { return text.find('|') != std::string::npos; });
  }
  bool repeats() const {
    std::unordered_map<std::string_view, bool> distinct;
    std::size_t present = 0;
    for (const std::string& text : texts_) {
      if (text.empty()) continue;
      ++present;
      distinct.emplace(text, true);
    }
    return present > 0 && 2 * distinct.size() <= present;
  }
  ItemAttribute as_labels(bool cut, BadTexts& bad) const {
    LabelColumn labels(name_, std::ssize(texts_));
    for (std::size_t item = 0; item < texts_.size(); ++item) {
      labels.begin(item);
      for (const std::string& label :
           cut ? split(texts_[item], '|') : std::vector<std::string>{texts_[item]})
        if (!label.empty()) labels.add_label(std::string_view(label));
      labels.end(item);
    }
    return labels.finish(bad);
  }

  std::string name_;
  std::vector<std::string> texts_;  // by item; "" where there is none
};

// "genre_12" -> "genre", 12.
bool split_one_hot(const std::string& name, std::string& prefix, std::int64_t& number) {
  const std::size_t end = name.rfind('_');
  if (end == std::string::npos || end == 0) return false;
  const auto parsed = parse_int(name.substr(end + 1));
  if (!parsed || *parsed < 0) return false;
  prefix = name.substr(0, end);
  number = *parsed;
  return true;
}

bool is_zero_or_one(const ItemAttribute& attribute) {
  const auto* numbers = std::get_if<NumberAttribute>(&attribute.values);
  return numbers && std::all_of(numbers->values.begin(), numbers->values.end(), [](float value) {
           return value == 0 || value == 1 || std::isnan(value);
         });
}

}  // namespace

Result<std::unique_ptr<ItemColumn>> make_item_column(const Column& example,
                                                     std::int64_t num_items) {
  const bool integers = std::holds_alternative<std::vector<std::int32_t>>(example.values) ||
                        std::holds_alternative<std::vector<std::int64_t>>(example.values);
  const bool is_time = example.meaning == Column::Meaning::kTimestamp;
  const std::string name = valid_utf8(example.name);
  std::unique_ptr<ItemColumn> made;
  if (std::holds_alternative<Lists<float>>(example.values))
    return data_invalid("column '" + example.name +
                        "' holds vectors; give the file with --vectors");
  if (std::holds_alternative<std::vector<std::string>>(example.values))
    made = std::make_unique<TextColumn>(name, num_items);
  else if (std::holds_alternative<Lists<std::int64_t>>(example.values) ||
           std::holds_alternative<Lists<std::string>>(example.values) ||
           (integers && !is_time && example.name.ends_with("_id")))
    made = std::make_unique<LabelColumn>(name, num_items);
  else
    made = std::make_unique<NumberColumn>(name, num_items);
  return made;
}

void join_one_hot(std::vector<ItemAttribute>& attributes) {
  for (std::size_t first = 0; first < attributes.size(); ++first) {
    std::string prefix;
    std::int64_t number = 0;
    if (!split_one_hot(attributes[first].name, prefix, number) || number != 0) continue;
    std::vector<std::size_t> columns;
    for (std::size_t next = first; next < attributes.size(); ++next)
      if (attributes[next].name == prefix + "_" + std::to_string(columns.size()) &&
          is_zero_or_one(attributes[next]))
        columns.push_back(next);
    if (columns.size() < 2) continue;
    const auto values = [&](std::size_t column) -> const Array<float>& {
      return std::get<NumberAttribute>(attributes[columns[column]].values).values;
    };
    const std::size_t num_items = values(0).size();
    LabelColumn labels(prefix, static_cast<std::int64_t>(num_items));
    for (std::size_t item = 0; item < num_items; ++item) {
      labels.begin(item);
      for (std::size_t column = 0; column < columns.size(); ++column)
        if (values(column)[item] == 1) labels.add_label(column);
      labels.end(item);
    }
    BadTexts none;  // the labels are numbers
    attributes[first] = labels.finish(none);
    for (std::size_t i = columns.size() - 1; i > 0; --i)
      attributes.erase(attributes.begin() + static_cast<std::ptrdiff_t>(columns[i]));
  }
}

}  // namespace crossfade
