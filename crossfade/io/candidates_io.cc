// Blocks end at the end of a list. Number ids are looked up into one buffer per block; text ids and
// sources are views into the vocabularies.
#include "crossfade/io/candidates_io.h"

#include <algorithm>
#include <vector>

#include "crossfade/base/check.h"
#include "crossfade/io/candidate_lists.h"
#include "crossfade/io/parquet_writer.h"
#include "crossfade/io/table_reader.h"

namespace crossfade {
namespace {

constexpr std::int64_t kListsPerTask = 1024;

std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

// External ids of a block of rows, in the type that the vocabulary has.
class IdBlock {
 public:
  explicit IdBlock(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  void resize(std::size_t rows) {
    if (vocabulary_.is_text())
      texts_.resize(rows);
    else
      numbers_.resize(rows);
  }
  void set(std::size_t row, std::int32_t index) {
    if (vocabulary_.is_text())
      texts_[row] = vocabulary_.texts()[at(index)];
    else
      numbers_[row] = vocabulary_.numbers()[at(index)];
  }
  ColumnView::Values values() const {
    if (vocabulary_.is_text()) return std::span<const std::string_view>(texts_);
    return std::span<const std::int64_t>(numbers_);
  }

 private:
  const Vocabulary& vocabulary_;
  std::vector<std::int64_t> numbers_;
  std::vector<std::string_view> texts_;
};

class CandidateBlocks {
 public:
  CandidateBlocks(const Candidates& candidates, const Vocabulary& users, const Vocabulary& items)
      : candidates_(candidates), users_(users), items_(items) {}

  // Looks up the rows of lists [first, end).
  void load(std::int64_t first, std::int64_t end, ThreadPool& threads) {
    first_row_ = candidates_.offsets[at(first)];
    const std::size_t rows = at(candidates_.offsets[at(end)] - first_row_);
    users_.resize(rows);
    items_.resize(rows);
    ranks_.resize(rows);
    sources_.resize(rows);
    threads.parallel_for(end - first, kListsPerTask,
                         [&](std::int64_t begin, std::int64_t stop, int) {
                           for (std::int64_t l = first + begin; l < first + stop; ++l) load_list(l);
                         });
  }

  std::vector<ColumnView> views() const {
    const auto scores =
        std::span<const float>(candidates_.scores).subspan(at(first_row_), ranks_.size());
    return {{"user_id", users_.values(), {}, {}},
            {"item_id", items_.values(), {}, {}},
            {"score", scores, {}, {}},
            {"rank", std::span<const std::int32_t>(ranks_), {}, {}},
            {"source", std::span<const std::string_view>(sources_), {}, {}}};
  }

 private:
  void load_list(std::int64_t l) {
    std::int32_t rank = 0;
    for (std::int64_t row = candidates_.offsets[at(l)]; row < candidates_.offsets[at(l + 1)];
         ++row) {
      const std::size_t place = at(row - first_row_);
      users_.set(place, candidates_.users[at(l)]);
      items_.set(place, candidates_.items[at(row)]);
      ranks_[place] = ++rank;
      sources_[place] = candidates_.source_names[candidates_.sources[at(row)]];
    }
  }

  const Candidates& candidates_;
  IdBlock users_, items_;
  std::vector<std::int32_t> ranks_;
  std::vector<std::string_view> sources_;
  std::int64_t first_row_ = 0;
};

}  // namespace

Status write_candidates(const Candidates& candidates, const Vocabulary& users,
                        const Vocabulary& items, const std::string& path, Context& context) {
  const Status sound = candidates.check(users.size(), items.size());
  CROSSFADE_CHECK(sound.ok(), sound.message());
  CandidateBlocks blocks(candidates, users, items);
  CROSSFADE_ASSIGN_OR_RETURN(
      ParquetWriter writer,
      ParquetWriter::create(path, blocks.views(), std::vector<bool>(blocks.views().size(), false)));
  context.progress.begin("writing " + path, std::ssize(candidates.items), "rows");
  Status status;
  const std::int64_t num_lists = candidates.num_lists();
  for (std::int64_t first = 0; first < num_lists && status.ok();) {
    const std::int64_t full = candidates.offsets[at(first)] + kDefaultRowGroupRows;
    // The last list that still fits, but at least one.
    const auto fits =
        std::upper_bound(candidates.offsets.begin() + first + 1, candidates.offsets.end(), full);
    const std::int64_t end = std::max(first + 1, fits - candidates.offsets.begin() - 1);
    blocks.load(first, end, context.threads);
    status = writer.write(blocks.views(), context);
    context.progress.advance(candidates.offsets[at(end)] - candidates.offsets[at(first)]);
    first = end;
  }
  context.progress.end();
  CROSSFADE_RETURN_IF_ERROR(status);
  return writer.close();
}

Result<Table> read_recommendations(const std::string& path, Context& context, ReadReport* report) {
  CROSSFADE_ASSIGN_OR_RETURN(
      Table table, read_table(path, {{"user_id", "item_id"}, {"rank", "score"}}, context, report));
  auto rows = rows_of_lists(std::move(table));
  if (!rows.ok()) return rows.status().at(path);
  return rows;
}

Result<Table> read_truth(const std::string& path, Context& context, ReadReport* report) {
  return read_table(path, {{"user_id", "item_id"}, {"weight", "time", "domain"}}, context, report);
}

}  // namespace crossfade
