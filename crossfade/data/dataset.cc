// The Dataset's lookups, its fingerprint and the checks of its invariants.
#include "crossfade/data/dataset.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "crossfade/base/hash.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

// Extends offsets to num_users + 1 by users without interactions.
Array<std::int64_t> extend(const Array<std::int64_t>& offsets, std::int64_t num_users) {
  const auto wanted = static_cast<std::size_t>(num_users) + 1;
  if (offsets.size() >= wanted) return offsets;
  std::vector<std::int64_t> longer(offsets.begin(), offsets.end());
  longer.resize(wanted, offsets.empty() ? 0 : longer.back());
  return longer;
}

// Each column goes in with its size in front, so that no two datasets give the same bytes.
template <class T>
void update(Sha256& sha, std::span<const T> column) {
  const std::uint64_t size = column.size();
  sha.update({reinterpret_cast<const char*>(&size), sizeof size});
  sha.update({reinterpret_cast<const char*>(column.data()), column.size_bytes()});
}

void update(Sha256& sha, const Vocabulary& ids) {
  update<std::int64_t>(sha, ids.numbers());
  const bool text = ids.is_text() && ids.size() > 0;
  update<std::int64_t>(sha, text ? ids.texts().offsets().span() : std::span<const std::int64_t>());
  update<char>(sha, text ? ids.texts().bytes().span() : std::span<const char>());
}

Status check_shape(const Domain& domain, std::int64_t num_users) {
  const std::size_t rows = domain.item.size();
  const auto fits = [&](std::size_t size) { return size == 0 || size == rows; };
  if (domain.offsets.size() != static_cast<std::size_t>(num_users) + 1)
    return data_invalid("has offsets for " + std::to_string(domain.offsets.size()) +
                        " places and " + std::to_string(num_users) + " users");
  if (domain.weight.size() != rows || !fits(domain.time_ns.size()) || !fits(domain.kind.size()) ||
      !fits(domain.session.size()))
    return data_invalid("has columns of different lengths");
  if (domain.offsets[0] != 0 ||
      domain.offsets[domain.offsets.size() - 1] != static_cast<std::int64_t>(rows))
    return data_invalid("has offsets that do not span its " + std::to_string(rows) + " rows");
  if (!std::is_sorted(domain.offsets.begin(), domain.offsets.end()))
    return data_invalid("has offsets that fall");
  return ok_status();
}

Status check_rows(const Domain& domain) {
  const ItemIndex num_items = domain.items.size();
  for (std::size_t row = 0; row < domain.item.size(); ++row) {
    if (domain.item[row] < 0 || domain.item[row] >= num_items)
      return data_invalid("has item index " + std::to_string(domain.item[row]) + " of " +
                          std::to_string(num_items) + " in row " + std::to_string(row));
    if (!std::isfinite(domain.weight[row]) || domain.weight[row] < 0)
      return data_invalid("has a weight that is negative or not finite in row " +
                          std::to_string(row));
  }
  if (domain.time_ns.empty()) return ok_status();
  for (std::size_t user = 0; user + 1 < domain.offsets.size(); ++user)
    if (!std::is_sorted(domain.time_ns.begin() + domain.offsets[user],
                        domain.time_ns.begin() + domain.offsets[user + 1]))
      return data_invalid("has times that fall in the history of user index " +
                          std::to_string(user));
  return ok_status();
}

}  // namespace

History Domain::history(UserIndex user) const {
  if (user < 0 || static_cast<std::size_t>(user) + 1 >= offsets.size()) return {};
  const auto begin = static_cast<std::size_t>(offsets[static_cast<std::size_t>(user)]);
  const auto size = static_cast<std::size_t>(offsets[static_cast<std::size_t>(user) + 1]) - begin;
  History history;
  history.items = item.span().subspan(begin, size);
  history.weights = weight.span().subspan(begin, size);
  if (!time_ns.empty()) history.time_ns = time_ns.span().subspan(begin, size);
  if (!kind.empty()) history.kinds = kind.span().subspan(begin, size);
  if (!session.empty()) history.sessions = session.span().subspan(begin, size);
  return history;
}

Dataset::Dataset(Vocabulary users, std::vector<Domain> domains, ItemTable about_users)
    : users_(std::move(users)), domains_(std::move(domains)) {
  if (!about_users.empty()) about_users_ = crossfade::extend(std::move(about_users), users_.size());
  for (Domain& domain : domains_) domain.offsets = extend(domain.offsets, num_users());
}

Result<std::size_t> Dataset::find_domain(const std::string& name) const {
  std::vector<std::string> names;
  for (const Domain& domain : domains_) names.push_back(domain.name);
  if (names.empty()) return usage_error("the data has no domain; import a log first");
  if (name.empty() && names.size() == 1) return std::size_t{0};
  if (name.empty())
    return usage_error("the data has several domains (" + join(names, ", ") +
                       "); name the one that is meant");
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) return unknown_name("domain", name, names);
  return static_cast<std::size_t>(at - names.begin());
}

std::string Dataset::fingerprint() const {
  Sha256 sha;
  update(sha, users_);
  for (const Domain& domain : domains_) {
    update<char>(sha, domain.name);
    update(sha, domain.items);
    update<std::int64_t>(sha, domain.offsets);
    update<ItemIndex>(sha, domain.item);
    update<float>(sha, domain.weight);
    update<std::int64_t>(sha, domain.time_ns);
    update<std::uint8_t>(sha, domain.kind);
    update<std::int64_t>(sha, domain.session);
  }
  return sha.finish_hex();
}

Status Dataset::check() const {
  std::set<std::string> names;
  for (const Domain& domain : domains_) {
    const std::string place = "domain '" + domain.name + "'";
    if (!names.insert(domain.name).second) return data_invalid(place + " is there twice");
    Status status = check_shape(domain, num_users());
    if (status.ok()) status = check_rows(domain);
    if (!status.ok()) return data_invalid(place + " " + status.message());
  }
  return ok_status();
}

DatasetUser::DatasetUser(const Dataset& dataset, UserIndex user) : user_(user) {
  histories_.reserve(dataset.domains().size());
  for (const Domain& domain : dataset.domains()) histories_.push_back(domain.history(user));
}

DatasetUsers::DatasetUsers(const Dataset& dataset, std::span<const UserIndex> users) {
  const std::size_t num_domains = dataset.domains().size();
  histories_.reserve(users.size() * num_domains);
  views_.reserve(users.size());
  for (const UserIndex user : users) {
    const History* first = histories_.data() + histories_.size();
    for (const Domain& domain : dataset.domains()) histories_.push_back(domain.history(user));
    views_.push_back({user, {first, num_domains}});
  }
}

}  // namespace crossfade
