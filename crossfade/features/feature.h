// Feature: one definition of some columns, asked with the same question in training and in serving.
//
// A question is a user as a UserView, a moment, and the items that stand for choice. Only what the
// user did before the moment may count, so that a label's own event, and all that came after it,
// stay out of the features it is learned from. A feature's file says its formula; adding one is a
// file and a line where a FeatureSet is put together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "crossfade/data/history.h"
#include "crossfade/features/feature_table.h"

namespace crossfade {

struct FeatureQuestion {
  UserView user;
  std::size_t domain = 0;  // of the items, within user.by_domain
  // Events at this time and later do not count. All count by default, and in a log without times.
  std::int64_t moment_ns = std::numeric_limits<std::int64_t>::max();
  std::span<const ItemIndex> items;
};

// What the user did in one domain before the moment; a user's events are in the order of time.
History history_before(const FeatureQuestion& question, std::size_t domain);

class Feature {
 public:
  virtual ~Feature() = default;
  virtual std::vector<std::string> names() const = 0;
  // Writes a number per item into each column, in the order of names(). Thread-safe.
  virtual void fill(const FeatureQuestion& question,
                    std::span<const std::span<float>> columns) const = 0;
};

// Features in their order, each once.
class FeatureSet {
 public:
  // Errors (usage): two features with a name in common.
  static Result<FeatureSet> make(std::vector<std::shared_ptr<const Feature>> features);

  const std::vector<std::string>& names() const { return names_; }
  // An empty table with the set's columns.
  FeatureTable table() const;
  // Appends a row per item of the question to a table that table() made.
  void append(const FeatureQuestion& question, FeatureTable& table) const;

 private:
  std::vector<std::shared_ptr<const Feature>> features_;
  std::vector<std::string> names_;
};

}  // namespace crossfade
