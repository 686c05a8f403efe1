// Counts what stays of each user, then copies every column to its new places.
#include "crossfade/data/select_rows.h"

#include <algorithm>
#include <utility>

#include "crossfade/base/check.h"
#include "crossfade/data/for_each_history.h"

namespace crossfade {
namespace {

class RowSelection {
 public:
  RowSelection(const Domain& domain, const std::vector<std::uint8_t>& labels, std::uint8_t wanted,
               ThreadPool& threads)
      : domain_(domain), labels_(labels), wanted_(wanted), threads_(threads) {
    offsets_.resize(domain.offsets.size(), 0);
    for_each_history(domain_, threads_, [&](std::size_t user, std::size_t begin, std::size_t end) {
      offsets_[user + 1] = std::count(labels_.begin() + static_cast<std::ptrdiff_t>(begin),
                                      labels_.begin() + static_cast<std::ptrdiff_t>(end), wanted_);
    });
    for (std::size_t user = 0; user + 1 < offsets_.size(); ++user)
      offsets_[user + 1] += offsets_[user];
  }

  template <class T>
  Array<T> apply(const Array<T>& column) const {
    if (column.empty()) return {};
    std::vector<T> kept(static_cast<std::size_t>(offsets_.back()));
    for_each_history(domain_, threads_, [&](std::size_t user, std::size_t begin, std::size_t end) {
      auto place = static_cast<std::size_t>(offsets_[user]);
      for (std::size_t row = begin; row < end; ++row)
        if (labels_[row] == wanted_) kept[place++] = column[row];
    });
    return kept;
  }

  const std::vector<std::int64_t>& offsets() const { return offsets_; }

 private:
  const Domain& domain_;
  const std::vector<std::uint8_t>& labels_;
  std::uint8_t wanted_;
  ThreadPool& threads_;
  std::vector<std::int64_t> offsets_;
};

}  // namespace

Dataset select_rows(const Dataset& dataset, const std::vector<std::vector<std::uint8_t>>& labels,
                    std::uint8_t wanted, Context& context) {
  CROSSFADE_CHECK(labels.size() == dataset.domains().size(), "labels for every domain");
  std::vector<Domain> domains;
  for (std::size_t d = 0; d < labels.size(); ++d) {
    const Domain& whole = dataset.domains()[d];
    CROSSFADE_CHECK(labels[d].size() == whole.item.size(), "a label for every row");
    const RowSelection selection(whole, labels[d], wanted, context.threads);
    Domain part;
    part.name = whole.name;
    part.items = whole.items;
    part.about = whole.about;
    part.offsets = selection.offsets();
    part.item = selection.apply(whole.item);
    part.weight = selection.apply(whole.weight);
    part.time_ns = selection.apply(whole.time_ns);
    part.kind = selection.apply(whole.kind);
    part.session = selection.apply(whole.session);
    domains.push_back(std::move(part));
  }
  return Dataset(dataset.users(), std::move(domains), dataset.user_attributes());
}

}  // namespace crossfade
