// Vectors from a column of lists of floats. The first block decides the dimension: the length that
// most of its vectors have.
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/io/item_rows.h"
#include "crossfade/io/side_tables.h"
#include "crossfade/io/table_stream.h"

namespace crossfade {
namespace {

constexpr std::int64_t kBlockRows = 1 << 18;

Result<std::string> find_vector_column(const SideTables& tables, Context& context) {
  if (!tables.vector_column.empty()) return tables.vector_column;
  CROSSFADE_ASSIGN_OR_RETURN(const auto stream,
                             open_table_stream(tables.vectors, kBlockRows, context));
  std::vector<WantedColumn> all;
  for (const std::string& name : stream->names()) all.push_back({name});
  const Status selected = stream->select(all, context);
  if (!selected.ok())
    return Status(selected.kind(),
                  selected.message() + "; or say which column holds vectors with --vector-column");
  std::vector<std::string> found;
  for (const Column& column : stream->layout().columns)
    if (std::holds_alternative<Lists<float>>(column.values)) found.push_back(column.name);
  if (found.size() == 1) return found[0];
  return data_invalid(tables.vectors +
                      (found.empty() ? " has no column of vectors (lists of floats)"
                                     : " has several columns of vectors: " + join(found, ", ")) +
                      "; say which it is with --vector-column");
}

std::int64_t usual_length(const Lists<float>& lists, const std::vector<std::uint8_t>& nulls) {
  std::map<std::int64_t, std::int64_t> counts;
  for (std::size_t row = 0; row < lists.size(); ++row)
    if ((nulls.empty() || nulls[row] == 0) && !lists[row].empty()) ++counts[std::ssize(lists[row])];
  std::int64_t usual = 0, most = 0;
  for (const auto& [length, count] : counts)
    if (count > most) {
      usual = length;
      most = count;
    }
  return usual;
}

class VectorReader {
 public:
  VectorReader(std::int64_t num_items, ImportReport& report)
      : num_items_(num_items), report_(report) {}

  void add(const Column& column, const std::vector<std::int32_t>& items) {
    const auto& lists = std::get<Lists<float>>(column.values);
    if (dimension_ == 0) take_dimension(usual_length(lists, column.nulls));
    const std::int64_t rows_before = report_.rows_read - std::ssize(items);
    for (std::size_t row = 0; row < items.size(); ++row) {
      if (items[row] == kUnknown) continue;
      const char* fault = fault_of(lists[row], column.is_null(row));
      if (!fault) {
        const auto item = static_cast<std::int64_t>(items[row]);
        std::copy(lists[row].begin(), lists[row].end(), values_.begin() + item * dimension_);
        present_[static_cast<std::size_t>(item)] = 1;
        continue;
      }
      --report_.rows_kept;
      report_.drop(fault, report_.wants_example(fault)
                              ? "row " +
                                    std::to_string(rows_before + static_cast<std::int64_t>(row)) +
                                    ": " + std::to_string(lists[row].size()) + " values"
                              : std::string());
    }
  }

  ItemVectors finish() {
    const auto with = std::count(present_.begin(), present_.end(), std::uint8_t{1});
    if (with == 0) return {};
    report_.notes.push_back("vectors have " + std::to_string(dimension_) + " dimensions");
    if (with < num_items_)
      report_.notes.push_back(format_count(num_items_ - with) + " of " + format_count(num_items_) +
                              " items have no vector");
    return {dimension_, std::move(values_), std::move(present_)};
  }

 private:
  void take_dimension(std::int64_t dimension) {
    dimension_ = dimension;
    values_.resize(static_cast<std::size_t>(num_items_ * dimension));
    present_.resize(static_cast<std::size_t>(num_items_));
  }
  const char* fault_of(std::span<const float> vector, bool is_null) const {
    if (is_null) return "missing vector";
    if (std::ssize(vector) != dimension_ || dimension_ == 0) return "vector of another length";
    if (!std::all_of(vector.begin(), vector.end(), [](float v) { return std::isfinite(v); }))
      return "vector holds a value that is not a number";
    return nullptr;
  }

  const std::int64_t num_items_;
  ImportReport& report_;
  std::int64_t dimension_ = 0;
  std::vector<float> values_;
  std::vector<std::uint8_t> present_;
};

}  // namespace

Result<ItemVectors> read_item_vectors(const SideTables& tables, const Vocabulary& items,
                                      Context& context, ImportReport& report) {
  report.source = tables.vectors;
  CROSSFADE_ASSIGN_OR_RETURN(const auto stream,
                             open_table_stream(tables.vectors, kBlockRows, context));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string id,
                             find_item_column(tables.vectors, stream->names(), tables.item_column));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string vector, find_vector_column(tables, context));
  CROSSFADE_RETURN_IF_ERROR(stream->select({item_id_column(id, items), {vector}}, context));
  if (!std::holds_alternative<Lists<float>>(stream->layout().columns[1].values))
    return data_invalid(tables.vectors + ": column '" + vector +
                        "' holds no vectors; they are lists of floats");
  ItemRows rows(items);
  VectorReader vectors(items.size(), report);
  context.progress.begin("reading " + tables.vectors, stream->num_rows().value_or(0), "rows");
  for (;;) {
    CROSSFADE_ASSIGN_OR_RETURN(const auto block, stream->next(context));
    if (!block) break;
    const auto found = rows.next(block->columns[0], context, report);
    if (!found.ok()) return found.status().at(tables.vectors);
    vectors.add(block->columns[1], *found);
    context.progress.advance(static_cast<std::int64_t>(block->num_rows()));
  }
  context.progress.end();
  ItemVectors read = vectors.finish();
  if (read.dimension == 0)
    return data_invalid(tables.vectors + " has no whole vector of an item of the log: " +
                        (report.rows_read == 0 ? "it is empty" : report.sentence()));
  return read;
}

}  // namespace crossfade
