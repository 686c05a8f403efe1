// A Parquet file as blocks of rows: small row groups are gathered, large ones are read in parts.
//
// The columns of a block are decoded on all threads, the largest first, straight into its vectors,
// and those of the next block meanwhile, by threads that have nothing else to do.
// Page headers are checked against the footer as their row group is reached; memory is taken for a
// block at a time, so a footer that lies about its rows cannot ask for much.
#include <algorithm>
#include <atomic>
#include <memory>
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
  ~ParquetStream() override {
    if (ahead_) threads_->finish_tasks();
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
    CROSSFADE_ASSIGN_OR_RETURN(auto block, next_block(context));
    if (block) begin_block(context);
    return block;
  }

  void reuse(Column::Values values) override {
    if (spare_.size() < 2 * columns_.size()) spare_.push_back(std::move(values));
  }

  Status skip(std::int64_t rows, Context& context) override {
    CROSSFADE_CHECK(!ahead_, "skip() comes before next()");
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
    const auto passed = next_block(context);
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
    for (Column& column : block.columns) take_spare(column);
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

  // Values of the column's type that were given back, if there are any; decoding writes every row.
  void take_spare(Column& column) {
    const auto fits = [&](const Column::Values& values) {
      return values.index() == column.values.index();
    };
    const auto found = std::find_if(spare_.begin(), spare_.end(), fits);
    if (found == spare_.end()) return;
    column.values = std::move(*found);
    spare_.erase(found);
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
    Status status;
  };
  // A block that is being decoded; its tasks write to their places in `decoded` and `block`.
  struct Ahead {
    std::vector<Piece> pieces;
    Table block;
    std::vector<Decoded> decoded;  // by piece and column
    Status status;                 // of what comes before decoding
  };

  // The next block, begun now or earlier; nothing at the end.
  Result<std::optional<Table>> next_block(Context& context) {
    if (!ahead_) begin_block(context);
    context.threads.finish_tasks();
    const std::unique_ptr<Ahead> done = std::move(ahead_);
    CROSSFADE_RETURN_IF_ERROR(std::move(done->status));
    if (done->pieces.empty()) return std::optional<Table>();
    for (Decoded& decoded : done->decoded)
      if (!decoded.status.ok()) return std::move(decoded.status);
    for (std::size_t place = 0; place < done->decoded.size(); ++place)
      take_over(done->pieces[place / columns_.size()], place % columns_.size(), done->block,
                done->decoded[place]);
    advance(done->pieces);
    report_.rows += done->pieces.back().first_row + done->pieces.back().rows;
    renew_notes();
    return std::optional<Table>(std::move(done->block));
  }

  // Posts the decoding of the block behind those that are read.
  void begin_block(Context& context) {
    threads_ = &context.threads;
    ahead_ = std::make_unique<Ahead>();
    ahead_->pieces = plan();
    if (ahead_->pieces.empty()) return;
    ahead_->block = layout_;
    const std::int64_t rows = ahead_->pieces.back().first_row + ahead_->pieces.back().rows;
    ahead_->status = allocate(ahead_->block, rows, context);
    if (ahead_->status.ok()) ahead_->status = open_parts(ahead_->pieces, context);
    if (ahead_->status.ok()) post_decoding(*ahead_, context);
  }

  void post_decoding(Ahead& ahead, Context& context) {
    const std::size_t num_columns = columns_.size();
    ahead.decoded.resize(ahead.pieces.size() * num_columns);
    // All pieces of the largest column first, so that no thread is left alone with it.
    for (const std::size_t column : by_size())
      for (std::size_t piece = 0; piece < ahead.pieces.size(); ++piece) {
        Decoded* decoded = &ahead.decoded[piece * num_columns + column];
        context.threads.post([this, &ahead, &stop = context.stop, piece, column, decoded] {
          decoded->status = without_exceptions(Doing::kReading, file_.path(), [&] {
            return stop.load()
                       ? interrupted()
                       : decode_one(ahead.pieces[piece], column, ahead.block, *decoded, stop);
          });
        });
      }
  }

  Status decode_one(const Piece& piece, std::size_t column, Table& block, Decoded& decoded,
                    const std::atomic<bool>& stop) {
    const ParquetColumn& read = columns_[column];
    if (!piece.whole) {
      CROSSFADE_ASSIGN_OR_RETURN(decoded.chunk, parts_[column].read(piece.rows, piece.first_row,
                                                                    block.columns[column], stop));
      return ok_status();
    }
    CROSSFADE_ASSIGN_OR_RETURN(decoded.scan, file_.scan(piece.group, read));
    if (read.is_list) {
      CROSSFADE_ASSIGN_OR_RETURN(
          decoded.lists, read_list_chunk(file_, piece.group, read, decoded.scan.values, stop));
    } else {
      CROSSFADE_ASSIGN_OR_RETURN(
          decoded.chunk,
          read_chunk(file_, piece.group, read, piece.first_row, block.columns[column], stop));
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
  std::vector<Column::Values> spare_;
  ThreadPool* threads_ = nullptr;  // of the tasks of
  std::unique_ptr<Ahead> ahead_;   // the next block
};

}  // namespace

Result<std::unique_ptr<TableStream>> open_parquet_stream(const std::string& path,
                                                         std::int64_t block_rows) {
  CROSSFADE_ASSIGN_OR_RETURN(ParquetFile file, ParquetFile::open(path));
  return std::unique_ptr<TableStream>(std::make_unique<ParquetStream>(std::move(file), block_rows));
}

}  // namespace crossfade
