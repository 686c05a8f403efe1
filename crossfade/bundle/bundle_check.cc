// The checks read every index once; SHA-256 of the same columns costs more.
#include "crossfade/bundle/bundle_check.h"

#include <algorithm>
#include <set>
#include <utility>

namespace crossfade {
namespace {

bool is_permutation(std::span<const ItemIndex> items, std::int64_t num_items) {
  std::vector<std::uint8_t> met(static_cast<std::size_t>(num_items), 0);
  for (const ItemIndex item : items) {
    if (item < 0 || item >= num_items || met[static_cast<std::size_t>(item)]) return false;
    met[static_cast<std::size_t>(item)] = 1;
  }
  return items.size() == met.size();
}

bool lists_fit(const BundleDomain& domain, std::int64_t num_users, std::int32_t num_items) {
  const auto& at = domain.list_offsets;
  if (at.empty()) return domain.list_items.empty() && domain.list_scores.empty();
  const auto in_range = [&](ItemIndex item) { return item >= 0 && item < num_items; };
  return at.size() == static_cast<std::size_t>(num_users) + 1 && at[0] == 0 &&
         at[at.size() - 1] == static_cast<std::int64_t>(domain.list_items.size()) &&
         domain.list_scores.size() == domain.list_items.size() &&
         std::is_sorted(at.begin(), at.end()) &&
         std::all_of(domain.list_items.begin(), domain.list_items.end(), in_range);
}

}  // namespace

Status check_models(std::span<const BundleModel> models, const Dataset& dataset) {
  std::set<std::pair<std::string, std::string>> names;
  for (const BundleModel& part : models) {
    CROSSFADE_CHECK(part.model != nullptr, "a bundle's model is there");
    CROSSFADE_RETURN_IF_ERROR(check_trained_over(*part.model, dataset));
    if (!names.insert({part.name(), part.model->domain()}).second)
      return usage_error("two models are called " + part.name() +
                         " and recommend items of the domain '" + part.model->domain() +
                         "'; give one of them, or each a name as a part");
  }
  return ok_status();
}

Status check_domain(const BundleDomain& domain, const Dataset& dataset, std::size_t index) {
  const Domain& source = dataset.domains()[index];
  const auto broken = [&](const std::string& what) {
    return data_invalid("domain '" + source.name + "' has " + what);
  };
  if (domain.popular.size() != domain.popular_scores.size() ||
      !is_permutation(domain.popular, domain.num_items))
    return broken("popular items that are not all of its items once");
  if (!lists_fit(domain, dataset.num_users(), source.items.size()))
    return broken("personal lists that do not fit its users and items");
  if (!domain.hidden.empty() &&
      domain.hidden.size() != static_cast<std::size_t>(source.items.size()))
    return broken("hidden items of another number than its items");
  return ok_status();
}

Status Bundle::check() const {
  CROSSFADE_RETURN_IF_ERROR(dataset_.check());
  CROSSFADE_RETURN_IF_ERROR(check_models(models_, dataset_));
  for (std::size_t d = 0; d < domains_.size(); ++d)
    CROSSFADE_RETURN_IF_ERROR(check_domain(domains_[d], dataset_, d));
  for (const BundleLists& part : parts_)
    CROSSFADE_RETURN_IF_ERROR(part.check(domains_[catalog_domain_].num_items));
  return ok_status();
}

}  // namespace crossfade
