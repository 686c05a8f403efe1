// repeats: of an item that a user took several times in a row, only the first time stays. i i j i
// becomes i j i.
#include "crossfade/base/text.h"
#include "crossfade/data/filters/filter_kind.h"

namespace crossfade {
namespace {

Result<Filter> parse(const std::string& argument) {
  if (!argument.empty()) return usage_error("'repeats' stands alone, without a colon");
  return row_filter(
      [](const Domain& domain, const FilterOptions&, Context& context) -> Result<RowMarks> {
        return mark_first_of_repeats(domain, context.threads);
      });
}

}  // namespace

RowMarks mark_first_of_repeats(const Domain& domain, ThreadPool& threads) {
  return mark_rows(domain, threads, [&](std::size_t user, std::size_t row) {
    return static_cast<std::int64_t>(row) == domain.offsets[user] ||
           domain.item[row] != domain.item[row - 1];
  });
}

FilterKind repeats_filter() {
  return {"repeats", "repeats", "the first of consecutive repeats of an item", parse};
}

}  // namespace crossfade
