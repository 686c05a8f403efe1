// keep_kinds:A,B, drop_kinds:A,B and strongest:A,B,C: by the kind of event. A shop's log says of
// the same pair that it was seen, put into the cart and bought; strongest keeps the last word.
#include <algorithm>
#include <array>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/filters/filter_kind.h"

namespace crossfade {
namespace {

constexpr int kNotListed = 256;
// For every kind its place in the user's list, from 0.
using Places = std::array<int, 256>;

std::optional<Places> parse_kinds(const std::string& argument) {
  Places places;
  places.fill(kNotListed);
  int next = 0;
  for (const std::string& part : split(argument, ',')) {
    const auto kind = parse_from(part, 0);
    if (!kind || *kind > 255) return std::nullopt;
    places[static_cast<std::size_t>(*kind)] = next++;
  }
  return places;
}

Result<Filter> filter_by_kind(const std::string& name, const std::string& argument, bool keep) {
  const auto places = parse_kinds(argument);
  if (!places)
    return usage_error("what follows '" + name +
                       ":' are kinds of events, numbers from 0 to 255 separated by commas (" +
                       name + ":0,2)");
  return row_filter([places, keep](const Domain& domain, const FilterOptions&,
                                   Context& context) -> Result<RowMarks> {
    CROSSFADE_RETURN_IF_ERROR(need_kinds(domain));
    return mark_rows(domain, context.threads, [&](std::size_t, std::size_t row) {
      return ((*places)[domain.kind[row]] != kNotListed) == keep;
    });
  });
}

Result<Filter> parse_keep(const std::string& argument) {
  return filter_by_kind("keep_kinds", argument, true);
}

Result<Filter> parse_drop(const std::string& argument) {
  return filter_by_kind("drop_kinds", argument, false);
}

// Marks, among the rows of one user, those of the strongest kind that the pair has.
void mark_strongest(const Domain& domain, const Places& places, std::size_t begin, std::size_t end,
                    RowMarks& marks) {
  std::vector<std::pair<ItemIndex, std::size_t>> by_item;
  for (std::size_t row = begin; row < end; ++row) by_item.emplace_back(domain.item[row], row);
  std::sort(by_item.begin(), by_item.end());
  for (std::size_t first = 0; first < by_item.size();) {
    std::size_t last = first;
    int strongest = kNotListed;
    for (; last < by_item.size() && by_item[last].first == by_item[first].first; ++last)
      strongest = std::min(strongest, places[domain.kind[by_item[last].second]]);
    for (; first < last; ++first) {
      const int place = places[domain.kind[by_item[first].second]];
      marks[by_item[first].second] = place == strongest && place != kNotListed ? 1 : 0;
    }
  }
}

Result<Filter> parse_strongest(const std::string& argument) {
  const auto places = parse_kinds(argument);
  if (!places)
    return usage_error(
        "what follows 'strongest:' are kinds of events, the strongest first, as in "
        "strongest:2,1,0");
  return row_filter([places](const Domain& domain, const FilterOptions&,
                             Context& context) -> Result<RowMarks> {
    CROSSFADE_RETURN_IF_ERROR(need_kinds(domain));
    RowMarks marks(domain.item.size());
    for_each_history(domain, context.threads, [&](std::size_t, std::size_t begin, std::size_t end) {
      mark_strongest(domain, *places, begin, end, marks);
    });
    return marks;
  });
}

}  // namespace

FilterKind keep_kinds_filter() {
  return {"keep_kinds", "keep_kinds:0,2", "events of kinds 0 and 2", parse_keep};
}

FilterKind drop_kinds_filter() {
  return {"drop_kinds", "drop_kinds:1", "events of other kinds than 1", parse_drop};
}

FilterKind strongest_filter() {
  return {"strongest", "strongest:2,1,0",
          "of each user and item the events of the strongest kind listed", parse_strongest};
}

}  // namespace crossfade
