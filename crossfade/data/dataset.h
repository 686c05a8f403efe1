// Dataset: logs of one or several domains as columns, sorted and numbered.
//
// Users are shared by all domains; items belong to one. Each domain is a user-major matrix in
// compressed sparse rows: user u's interactions are rows offsets[u] to offsets[u+1], oldest first
// (equal times keep the order of the log), repeats kept. A Dataset is immutable and cheap to copy;
// its columns are in memory or mapped from a store (data/store/store.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/array.h"
#include "crossfade/base/context.h"
#include "crossfade/data/history.h"
#include "crossfade/data/item_table.h"
#include "crossfade/data/vocabulary.h"

namespace crossfade {

// One log with external ids, one entry per row; what io/ and synth/ hand to build_dataset().
// Columns other than the ids may be empty: no times, weights of 1, one kind, no sessions.
struct LogColumns {
  IdColumn users, items;
  std::vector<std::int64_t> time_ns;
  std::vector<float> weights;
  std::vector<std::uint8_t> kinds;
  std::vector<std::int64_t> sessions;
};

// Users by items, user-major or item-major, without order or repeats: what matrix models train on.
struct SparseMatrix {
  std::int64_t rows = 0, columns = 0;
  Array<std::int64_t> offsets;  // rows + 1
  Array<std::int32_t> indices;  // sorted within a row
  Array<float> values;

  std::int64_t nonzeros() const { return static_cast<std::int64_t>(indices.size()); }
};

struct Domain {
  std::string name;
  Vocabulary items;
  Array<std::int64_t> offsets;  // num_users + 1
  Array<ItemIndex> item;
  Array<float> weight;          // finite, not negative
  Array<std::int64_t> time_ns;  // empty if the log has no times
  Array<std::uint8_t> kind;     // empty if the log has one kind
  Array<std::int64_t> session;  // empty if the log has no sessions
  // The item-major transpose where a store brings it (else both are empty): item i was taken by
  // item_user[item_offsets[i]] to item_user[item_offsets[i + 1]], rising, repeats kept.
  Array<std::int64_t> item_offsets;  // items.size() + 1
  Array<UserIndex> item_user;
  ItemTable about;  // what is known of the items besides who took them

  std::int64_t num_interactions() const { return static_cast<std::int64_t>(item.size()); }
  // Empty for a user that the Dataset does not have (kUnknown, or met since).
  History history(UserIndex user) const;
};

class Dataset {
 public:
  Dataset() = default;
  // A domain made when there were fewer users may bring shorter offsets: they are extended here, so
  // that each domain has num_users + 1. Nothing else is looked at; check() does.
  // `about_users` may be made for fewer users likewise, or be empty.
  Dataset(Vocabulary users, std::vector<Domain> domains, ItemTable about_users = {});

  const Vocabulary& users() const { return users_; }
  std::int64_t num_users() const { return users_.size(); }
  const std::vector<Domain>& domains() const { return domains_; }
  // What is known of the users besides what they took: a row per user, or nothing at all.
  const ItemTable& user_attributes() const { return about_users_; }
  // The domain of this name; "" means the only one. Errors name the domains there are.
  Result<std::size_t> find_domain(const std::string& name) const;
  // SHA-256 over the ids and columns: equal for equal content, wherever it is stored. Reads
  // everything (about a second for 50 million interactions).
  std::string fingerprint() const;
  // Every invariant stated above; data invalid names the first that is broken. Reads everything but
  // the sessions and kinds.
  Status check() const;

 private:
  Vocabulary users_;
  std::vector<Domain> domains_;
  ItemTable about_users_;
};

// The histories of one user in all domains: keeps the spans that a UserView points at.
class DatasetUser {
 public:
  DatasetUser(const Dataset& dataset, UserIndex user);
  UserView view() const { return {user_, histories_}; }

 private:
  UserIndex user_;
  std::vector<History> histories_;
};

// The same for a list of users, for batches: two allocations in all. 24 bytes per user and 80 per
// user and domain, so a caller with millions of users takes them a block at a time. Views point at
// the Dataset's columns, which must stay alive.
class DatasetUsers {
 public:
  DatasetUsers(const Dataset& dataset, std::span<const UserIndex> users);
  std::span<const UserView> views() const { return views_; }

 private:
  std::vector<History> histories_;  // user-major
  std::vector<UserView> views_;
};

// Encodes ids (new users are added behind `base`'s, whose indices never change), sorts by user and
// time and appends the log as a new domain. Linear but for the sort of each user's rows, which is
// skipped where the log is in order already; the same bytes for any number of threads. Takes the
// log over, and needs as much memory again. Errors: a column of another length, a weight that is
// negative or not finite (data/clean.h drops those), user ids of another type than `base`'s (data
// invalid); a domain that `base` has already, a name that is not made of letters, digits, '_', '-'
// and '.' (usage).
Result<Dataset> build_dataset(const Dataset& base, const std::string& domain, LogColumns log,
                              Context& context);

// Merges repeats of the same pair by summing weights in their order; rows keep only sums > 0.
// Offsets are those of `num_users` rows: users beyond the domain's get empty ones.
SparseMatrix to_matrix(const Domain& domain, std::int64_t num_users, Context& context);
// Rows become columns and the other way round; linear, on all threads.
SparseMatrix transpose(const SparseMatrix& matrix, Context& context);

}  // namespace crossfade
