// Cuts histories at the moment, and puts the columns of several features side by side.
#include "crossfade/features/feature.h"

#include <algorithm>
#include <utility>

namespace crossfade {

History history_before(const FeatureQuestion& question, std::size_t domain) {
  if (domain >= question.user.by_domain.size()) return {};
  History history = question.user.by_domain[domain];
  if (history.time_ns.empty()) return history;
  const auto end =
      std::lower_bound(history.time_ns.begin(), history.time_ns.end(), question.moment_ns);
  const auto kept = static_cast<std::size_t>(end - history.time_ns.begin());
  const auto cut = [&](auto& column) {
    if (!column.empty()) column = column.first(kept);
  };
  cut(history.items);
  cut(history.weights);
  cut(history.time_ns);
  cut(history.kinds);
  cut(history.sessions);
  return history;
}

Result<FeatureSet> FeatureSet::make(std::vector<std::shared_ptr<const Feature>> features) {
  FeatureSet set;
  for (const auto& feature : features)
    for (std::string& name : feature->names()) {
      if (std::find(set.names_.begin(), set.names_.end(), name) != set.names_.end())
        return usage_error("two features are called '" + name + "'; leave one of them out");
      set.names_.push_back(std::move(name));
    }
  set.features_ = std::move(features);
  return set;
}

FeatureTable FeatureSet::table() const {
  return {names_, std::vector<std::vector<float>>(names_.size())};
}

void FeatureSet::append(const FeatureQuestion& question, FeatureTable& table) const {
  const std::size_t rows = table.num_rows(), more = question.items.size();
  std::vector<std::span<float>> columns;
  for (std::vector<float>& column : table.columns) {
    column.resize(rows + more);
    columns.emplace_back(column.data() + rows, more);
  }
  std::size_t first = 0;
  for (const auto& feature : features_) {
    const std::size_t own = feature->names().size();
    feature->fill(question, std::span(columns).subspan(first, own));
    first += own;
  }
}

}  // namespace crossfade
