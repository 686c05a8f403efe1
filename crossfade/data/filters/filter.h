// Filters: which interactions of a dataset count at all, before it is split or trained on.
//
// A filter is written like a split: its name, and behind a colon what it needs. Several are applied
// in the order given; each sees what the one before left:
//
//   min_weight:4, min_users:5     ratings of 4 and more, then users with five of those
//   kcore:5,repeats               the 5-core, consecutive repeats dropped, until nothing changes
//
// `crossfade filter --help` lists them all. Each domain is filtered for itself, with its own
// counts. After the last filter, users and items that are left without interactions leave the
// vocabularies: the others keep their order, but are numbered anew, so a filtered dataset is a new
// one. Repeated rows count as often as they stand there. The same data, filters and seed give the
// same bytes for any number of threads.
//
// A filter is a file of its own (filter_kcore.cc) and a line in filter.cc.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "crossfade/data/dataset.h"
#include "crossfade/data/dataset_size.h"
#include "crossfade/report/document.h"

namespace crossfade {

struct FilterOptions {
  std::uint64_t seed = 1;  // of filters that draw
};

struct Filter {
  std::string text;  // as the user wrote it: "kcore:5"
  // Users and items keep their indices here. Errors: the data has not what the filter needs (usage,
  // says what); interrupted.
  std::function<Result<Dataset>(const Dataset&, const FilterOptions&, Context&)> apply;
};

// Usage error that shows how a filter is written, with the nearest name to an unknown one.
Result<Filter> parse_filter(const std::string& text);
Result<std::vector<Filter>> parse_filters(const std::vector<std::string>& texts);
// One line per filter, for --help.
std::string describe_filters();

// What one filter did.
struct FilterStep {
  std::string text;
  DatasetSize before, after;
};

struct Filtered {
  Dataset dataset;
  std::vector<FilterStep> steps;
};
// Errors: those of the filters, each naming the filter; nothing left (data invalid).
Result<Filtered> filter_dataset(const Dataset& dataset, const std::vector<Filter>& filters,
                                const FilterOptions& options, Context& context);

// A row per filter: what it dropped and what it left.
TableBlock filter_table(const std::vector<FilterStep>& steps);
// [{"filter": .., "before": {..}, "after": {..}}]
Json to_json(const std::vector<FilterStep>& steps);

}  // namespace crossfade
