// A Parquet file as blocks of rows: small row groups are gathered, large ones are read in parts.
//
// The columns of a block are decoded on all threads, the largest first, straight into its vectors.
// Page headers are checked against the footer as their row group is reached; memory is taken for a
// block at a time, so a footer that lies about its rows cannot ask for much.
#include <algorithm>
#include <numeric>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/io/arrow_column.h"
#include "crossfade/io/arrow_error.h"
#include "crossfade/io/parquet_chunk.h"
#include "crossfade/io/parquet_file.h"
#include "crossfade/io/parquet_list_chunk.h"
#include "crossfade/io/table_stream.h"

namespace crossfade {
namespace {

// Rows of one row group that belong to a block.
struct Piece {
  int group;
  std::int64_t rows;       // to read
  std::int64_t first_row;  // in the block
  bool whole;              // the whole row group
};

class ParquetStream final : public TableStream {
 public:
  ParquetStream(ParquetFile file, std::int64_t block_rows)
      : file_(std::move(file)), block_rows_(block_rows) {
    for (const ParquetColumn& column : file_.columns()) names_.push_back(column.name);
    report_.path = file_.path();
    report_.bytes = file_.num_bytes();
  }

  const std::vector<std::string>& names() const override { return names_; }
  const Table& layout() const override { return layout_; }
  std::optional<std::int64_t> num_rows() const override { return file_.num_rows(); }

  Status select(const std::vector<WantedColumn>& wanted, Context&) override {
    std::vector<std::string> names;
    for (const WantedColumn& column : wanted) names.push_back(column.name);
    if (names.empty()) return ok_status();
    CROSSFADE_ASSIGN_OR_RETURN(columns_, file_.select(names));
    clamped_times_.resize(columns_.size());
    missing_elements_.resize(columns_.size());
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      Column column = make_column(columns_[c]);
      const bool integers = std::holds_alternative<std::vector<std::int32_t>>(column.values);
      const bool numbers = column.meaning == Column::Meaning::kPlain && can_convert(columns_[c]);
      if (numbers && integers && wanted[c].as == WantedColumn::As::kInt64)
        column.values = std::vector<std::int64_t>();
      if (numbers && wanted[c].as == WantedColumn::As::kFloat) column.values = std::vector<float>();
      layout_.columns.push_back(std::move(column));
    }
    return ok_status();
  }

  Result<std::optional<Table>> next(Context& context) override {
    const std::vector<Piece> pieces = plan();
    if (pieces.empty()) return std::optional<Table>();
    const std::int64_t rows = pieces.back().first_row + pieces.back().rows;
    Table block = layout_;
    CROSSFADE_RETURN_IF_ERROR(allocate(block, rows, context));
    CROSSFADE_RETURN_IF_ERROR(open_parts(pieces, context));
    CROSSFADE_RETURN_IF_ERROR(decode(pieces, block, context));
    advance(pieces);
    report_.rows += rows;
    renew_notes();
    return std::optional<Table>(std::move(block));
  }

  Status skip(std::int64_t rows, Context& context) override {
    const auto& groups = file_.rows_of_groups();
    while (rows > 0 && group_ < std::ssize(groups) && row_ == 0 &&
           groups[static_cast<std::size_t>(group_)] <= rows) {
      for (const ParquetColumn& column : columns_) {  // counted as when they were read
        CROSSFADE_ASSIGN_OR_RETURN(const PageScan scan, file_.scan(group_, column));
        note_pages(scan);
      }
      rows -= groups[static_cast<std::size_t>(group_++)];
    }
    if (rows == 0) return ok_status();
    if (group_ == std::ssize(groups))
      return data_invalid(file_.path() + " has fewer rows than before; it was changed");
    // Inside a row group: what lies before has to be decoded.
    const std::int64_t usual = std::exchange(block_rows_, rows);
    const auto passed = next(context);
    block_rows_ = usual;
    CROSSFADE_RETURN_IF_ERROR(passed.ok() ? ok_status() : passed.status());
    const auto got = static_cast<std::int64_t>((*passed)->num_rows());
    report_.rows -= got;
    if (got != rows) return data_invalid(file_.path() + " was changed since it was read before");
    return ok_status();
  }

  std::string place_of(std::int64_t row) const override {
    std::int64_t first = 0;
    int group = 0;
    for (const std::int64_t rows : file_.rows_of_groups()) {
      if (row < first + rows)
        return "row group " + std::to_string(group) + ", its row " + std::to_string(row - first);
      first += rows;
      ++group;
    }
    return "";
  }

 private:
  static bool can_convert(const ParquetColumn& column) {
    return !column.is_list &&
           (column.kind == ValueKind::kInt32 || column.kind == ValueKind::kInt64 ||
            column.kind == ValueKind::kFloat || column.kind == ValueKind::kDouble);
  }

  // The rest of a large row group in parts; else row groups until there are rows enough.
  std::vector<Piece> plan() const {
    std::vector<Piece> pieces;
    std::int64_t rows = 0;
    const auto& groups = file_.rows_of_groups();
    const bool has_lists = std::any_of(columns_.begin(), columns_.end(),
                                       [](const ParquetColumn& c) { return c.is_list; });
    for (int group = group_; group < std::ssize(groups); ++group) {
      const std::int64_t all = groups[static_cast<std::size_t>(group)];
      const std::int64_t left = group == group_ ? all - row_ : all;
      if (left == 0) continue;
      // Half a block more is no reason to cut a row group; lists are never cut.
      const bool cut = !has_lists && (row_ > 0 || left > block_rows_ + block_rows_ / 2 ||
                                      (block_rows_ < all && pieces.empty()));
      if (cut && !pieces.empty()) break;
      pieces.push_back({group, cut ? std::min(left, block_rows_) : left, rows, !cut});
      rows += pieces.back().rows;
      if (cut || rows >= block_rows_) break;
      const std::int64_t more =
          group + 1 < std::ssize(groups) ? groups[static_cast<std::size_t>(group) + 1] : 0;
      if (rows + more > block_rows_ + block_rows_ / 2) break;
    }
    return pieces;
  }

  Status allocate(Table& block, std::int64_t rows, Context& context) {
    std::vector<Status> statuses(block.columns.size());
    context.threads.parallel_for(
        std::ssize(block.columns), 1, [&](std::int64_t begin, std::int64_t, int) {
          const auto c = static_cast<std::size_t>(begin);
          statuses[c] = without_exceptions(Doing::kReading, file_.path(), [&] {
            resize_column(block.columns[c], rows);
            return ok_status();
          });
        });
    for (Status& status : statuses)
      if (!status.ok()) return std::move(status);
    return ok_status();
  }

  // The readers of a row group that is read in parts stay open from block to block.
  Status open_parts(const std::vector<Piece>& pieces, Context& context) {
    if (pieces[0].whole || !parts_.empty()) return ok_status();
    for (const ParquetColumn& column : columns_) {
      CROSSFADE_RETURN_IF_ERROR(context.check_stop());
      CROSSFADE_ASSIGN_OR_RETURN(const PageScan scan, file_.scan(pieces[0].group, column));
      note_pages(scan);
      CROSSFADE_ASSIGN_OR_RETURN(ChunkReader reader,
                                 ChunkReader::open(file_, pieces[0].group, column));
      parts_.push_back(std::move(reader));
    }
    return ok_status();
  }

  struct Decoded {
    ChunkResult chunk;
    ListChunk lists;
    PageScan scan;
  };

  Status decode(const std::vector<Piece>& pieces, Table& block, Context& context) {
    const auto num_columns = static_cast<std::int64_t>(columns_.size());
    const std::int64_t num_tasks = std::ssize(pieces) * num_columns;
    const std::vector<std::size_t> order = by_size();
    std::vector<Decoded> decoded(static_cast<std::size_t>(num_tasks));
    std::vector<Status> statuses(decoded.size());
    context.threads.parallel_for(num_tasks, 1, [&](std::int64_t begin, std::int64_t, int) {
      // All pieces of the largest column first, so that no thread is left alone with it.
      const std::size_t column = order[static_cast<std::size_t>(begin / std::ssize(pieces))];
      const auto piece = static_cast<std::size_t>(begin % std::ssize(pieces));
      const std::size_t place = piece * columns_.size() + column;
      statuses[place] = context.stop.load()
                            ? interrupted()
                            : decode_one(pieces[piece], column, block, decoded[place], context);
    });
    for (Status& status : statuses)
      if (!status.ok()) return std::move(status);
    for (std::size_t place = 0; place < decoded.size(); ++place)
      take_over(pieces[place / columns_.size()], place % columns_.size(), block, decoded[place]);
    return ok_status();
  }

  Status decode_one(const Piece& piece, std::size_t column, Table& block, Decoded& decoded,
                    Context& context) {
    const ParquetColumn& read = columns_[column];
    if (!piece.whole) {
      CROSSFADE_ASSIGN_OR_RETURN(
          decoded.chunk,
          parts_[column].read(piece.rows, piece.first_row, block.columns[column], context.stop));
      return ok_status();
    }
    CROSSFADE_ASSIGN_OR_RETURN(decoded.scan, file_.scan(piece.group, read));
    if (read.is_list) {
      CROSSFADE_ASSIGN_OR_RETURN(decoded.lists, read_list_chunk(file_, piece.group, read,
                                                                decoded.scan.values, context.stop));
    } else {
      CROSSFADE_ASSIGN_OR_RETURN(decoded.chunk,
                                 read_chunk(file_, piece.group, read, piece.first_row,
                                            block.columns[column], context.stop));
    }
    return ok_status();
  }

  // What only one thread may do: nulls, lists, counts.
  void take_over(const Piece& piece, std::size_t column, Table& block, Decoded& decoded) {
    Column& target = block.columns[column];
    note_pages(decoded.scan);
    if (columns_[column].is_list) {
      missing_elements_[column] += decoded.lists.missing_elements;
      append_rows(target, decoded.lists.part);
      return;
    }
    clamped_times_[column] += decoded.chunk.clamped_times;
    if (decoded.chunk.nulls.empty()) return;
    target.nulls.resize(target.size());
    std::copy(decoded.chunk.nulls.begin(), decoded.chunk.nulls.end(),
              target.nulls.begin() + piece.first_row);
  }

  // The notes about all that has been read.
  void renew_notes() {
    report_.notes.clear();
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (clamped_times_[c] > 0)
        report_.notes.push_back(clamped_note(columns_[c].name, clamped_times_[c]));
      if (missing_elements_[c] > 0)
        report_.notes.push_back(missing_elements_note(columns_[c].name, missing_elements_[c]));
    }
  }

  void note_pages(const PageScan& scan) {
    report_.pages += std::ssize(scan.bodies);
    report_.pages_with_checksum += scan.pages_with_checksum;
  }

  // Columns, those with the widest values first.
  std::vector<std::size_t> by_size() const {
    const auto width = [&](std::size_t c) {
      if (columns_[c].is_list || columns_[c].kind == ValueKind::kText) return 3;
      return std::holds_alternative<std::vector<std::int64_t>>(layout_.columns[c].values) ? 2 : 1;
    };
    std::vector<std::size_t> order(columns_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return width(a) > width(b); });
    return order;
  }

  void advance(const std::vector<Piece>& pieces) {
    const Piece& last = pieces.back();
    const std::int64_t all = file_.rows_of_groups()[static_cast<std::size_t>(last.group)];
    row_ = last.whole ? 0 : row_ + last.rows;
    group_ = last.group;
    if (!last.whole && row_ < all) return;
    ++group_;
    row_ = 0;
    parts_.clear();
  }

  const ParquetFile file_;
  std::int64_t block_rows_;
  std::vector<std::string> names_;
  std::vector<ParquetColumn> columns_;
  Table layout_;
  int group_ = 0;                   // the next row group,
  std::int64_t row_ = 0;            // and how many of its rows are read
  std::vector<ChunkReader> parts_;  // by column, while a row group is read in parts
  std::vector<std::int64_t> clamped_times_, missing_elements_;  // by column
};

}  // namespace

Result<std::unique_ptr<TableStream>> open_parquet_stream(const std::string& path,
                                                         std::int64_t block_rows) {
  CROSSFADE_ASSIGN_OR_RETURN(ParquetFile file, ParquetFile::open(path));
  return std::unique_ptr<TableStream>(std::make_unique<ParquetStream>(std::move(file), block_rows));
}

}  // namespace crossfade
