// Labels: the artists, genres or categories of a domain's items: which are taken most, and which
// ids have no name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/data/dataset.h"

namespace crossfade {

struct LabelCount {
  std::string name;  // the label's own text if it has no name
  std::int64_t events = 0, users = 0, items = 0;
};

struct LabelExploration {
  std::string attribute;            // "genres"
  std::int64_t labels = 0;          // distinct
  std::int64_t labels_unnamed = 0;  // without a name, where a table of names was attached
  std::int64_t items_labelled = 0;  // items with at least one label
  std::vector<LabelCount> top;      // by events, then by name
};

// One entry per attribute of labels. `events_of_item` has one entry per item of the vocabulary. An
// event counts for each label of its item once. One pass on all threads where there are labels; per
// thread 12 bytes per label.
std::vector<LabelExploration> explore_labels(const Domain& domain,
                                             const std::vector<std::int64_t>& events_of_item,
                                             std::int64_t top, ThreadPool& threads);

// The item's name if there is an attribute of text called "name" or "title", else its external id.
std::string item_name(const Domain& domain, ItemIndex item);
bool has_name(const Domain& domain, ItemIndex item);

}  // namespace crossfade
