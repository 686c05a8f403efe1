// A CSV or TSV file as blocks of rows. Types are those of the first block (16 MiB of text); columns
// that are wanted as numbers are numbers from the start. A later value of another type is an error
// that names its row. Ids of digits are text if one of the first block begins with a zero or a plus
// sign (007); if a later one does, the end of the file is an error that names its line.
#include <arrow/buffer.h>
#include <arrow/chunked_array.h>
#include <arrow/csv/api.h>
#include <arrow/io/interfaces.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/io/arrow_column.h"
#include "crossfade/io/arrow_error.h"
#include "crossfade/io/csv_head.h"
#include "crossfade/io/csv_quotes.h"
#include "crossfade/io/csv_zeros.h"
#include "crossfade/io/table_stream.h"

namespace crossfade {
namespace {

constexpr int kBlockBytes = 16 << 20;

// Hands bytes on, and watches the quotes in them.
class QuotedStream final : public arrow::io::InputStream {
 public:
  QuotedStream(std::shared_ptr<arrow::io::InputStream> from, char separator,
               const std::vector<std::size_t>& ids)
      : from_(std::move(from)), scan_(separator), zeros_(separator, ids) {}

  arrow::Result<std::int64_t> Read(std::int64_t bytes, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const std::int64_t got, from_->Read(bytes, out));
    feed({static_cast<const char*>(out), static_cast<std::size_t>(got)});
    ended_ = ended_ || got == 0;
    return got;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t bytes) override {
    ARROW_ASSIGN_OR_RAISE(auto block, from_->Read(bytes));
    feed({reinterpret_cast<const char*>(block->data()), static_cast<std::size_t>(block->size())});
    ended_ = ended_ || block->size() == 0;
    return block;
  }
  arrow::Result<std::int64_t> Tell() const override { return from_->Tell(); }
  arrow::Status Close() override { return from_->Close(); }
  bool closed() const override { return from_->closed(); }
  // Once the stream is read: the line of a quote that was never closed, or 0.
  std::int64_t open_line() const { return scan_.open_line(); }
  bool ended() const { return ended_; }
  const ZeroScan& zeros() const { return zeros_; }

 private:
  void feed(std::string_view bytes) {
    scan_.feed(bytes);
    zeros_.feed(bytes);
  }

  std::shared_ptr<arrow::io::InputStream> from_;
  QuoteScan scan_;
  ZeroScan zeros_;
  bool ended_ = false;
};

class CsvStream final : public TableStream {
 public:
  CsvStream(TextFile file, CsvHead head) : file_(std::move(file)), head_(std::move(head)) {
    report_.path = file_.path();
    report_.bytes = file_.num_bytes();
  }

  const std::vector<std::string>& names() const override { return head_.names; }
  const Table& layout() const override { return layout_; }

  Status select(const std::vector<WantedColumn>& columns, Context& context) override {
    wanted_ = columns;
    for (const WantedColumn& column : columns)
      if (std::find(head_.names.begin(), head_.names.end(), column.name) == head_.names.end())
        return data_invalid(file_.path() + ": " +
                            unknown_name("column", column.name, head_.names).message());
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    return without_exceptions(Doing::kReading, file_.path(), [&]() -> Status {
      CROSSFADE_RETURN_IF_ERROR(find_text_ids());
      CROSSFADE_RETURN_IF_ERROR(open(context.threads.num_threads() > 1));
      const arrow::FieldVector& fields = reader_->schema()->fields();
      clamped_.assign(fields.size(), 0);
      for (std::size_t c = 0; c < fields.size(); ++c) {
        auto column =
            to_column(fields[c]->name(), arrow::ChunkedArray({}, fields[c]->type()), clamped_[c]);
        if (!column.ok()) return column.status().at(file_.path());
        layout_.columns.push_back(*std::move(column));
        set_type(layout_.columns.back());
      }
      return ok_status();
    });
  }

  Result<std::optional<Table>> next(Context& context) override {
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    return without_exceptions(Doing::kReading, file_.path(), [&]() -> Result<std::optional<Table>> {
      std::shared_ptr<arrow::RecordBatch> batch;
      do {
        const arrow::Status status = reader_->ReadNext(&batch);
        if (!status.ok()) return explain(status);
      } while (batch && batch->num_rows() == 0);
      if (!batch) {
        if (quotes_->open_line() > 0) return open_quote_error(file_.path(), quotes_->open_line());
        CROSSFADE_RETURN_IF_ERROR(check_ids());
        return std::optional<Table>();
      }
      CROSSFADE_ASSIGN_OR_RETURN(Table table, to_table(*batch, context));
      report_.rows += batch->num_rows();
      return std::optional<Table>(std::move(table));
    });
  }

 private:
  std::size_t number_of(const std::string& name) const {
    return static_cast<std::size_t>(std::find(head_.names.begin(), head_.names.end(), name) -
                                    head_.names.begin());
  }

  // The numbers of columns that hold ids.
  std::vector<std::size_t> ids() const {
    std::vector<std::size_t> numbers;
    for (const WantedColumn& column : wanted_)
      if (column.as == WantedColumn::As::kInt64) numbers.push_back(number_of(column.name));
    return numbers;
  }

  // Wants as text what would not be the same as numbers.
  Status find_text_ids() {
    if (ids().empty()) return ok_status();
    ZeroScan scan(head_.separator, ids());
    CROSSFADE_ASSIGN_OR_RETURN(const std::string first, file_.head(kBlockBytes));
    scan.feed(first);
    for (WantedColumn& column : wanted_) {
      const bool zero =
          column.as == WantedColumn::As::kInt64 && scan.line_of(number_of(column.name)) > 0;
      if (zero) column.as = WantedColumn::As::kText;
    }
    return ok_status();
  }

  // At the end: ids that were read as numbers, and are none.
  Status check_ids() const {
    for (const Column& column : layout_.columns) {
      const std::int64_t line = quotes_->zeros().line_of(number_of(column.name));
      if (line > 0 && !std::holds_alternative<std::vector<std::string>>(column.values))
        return data_invalid(file_.path() + ", line " + format_count(line) + ": column '" +
                            column.name +
                            "' has an id that begins with a zero or a plus sign, and those before "
                            "are numbers, where 007 and 7 are one; take ids as text (--ids text)");
    }
    return ok_status();
  }

  // Starts to read from the beginning.
  Status open(bool use_threads) {
    auto read = arrow::csv::ReadOptions::Defaults();
    read.use_threads = use_threads;
    read.block_size = kBlockBytes;
    auto format = arrow::csv::ParseOptions::Defaults();
    format.delimiter = head_.separator;
    format.newlines_in_values = true;
    auto convert = arrow::csv::ConvertOptions::Defaults();
    convert.check_utf8 = false;
    convert.strings_can_be_null = true;
    convert.quoted_strings_can_be_null = false;
    for (const WantedColumn& column : wanted_) {
      convert.include_columns.push_back(column.name);
      if (column.as == WantedColumn::As::kFloat)
        convert.column_types[column.name] = arrow::float64();
      if (column.as == WantedColumn::As::kText) convert.column_types[column.name] = arrow::utf8();
    }
    CROSSFADE_ASSIGN_OR_RETURN(auto plain, file_.stream());
    quotes_ = std::make_shared<QuotedStream>(std::move(plain), head_.separator, ids());
    auto reader = arrow::csv::StreamingReader::Make(arrow::io::default_io_context(), quotes_, read,
                                                    format, convert);
    if (!reader.ok()) return explain(reader.status());
    reader_ = *std::move(reader);
    return ok_status();
  }

  // Only the sequential parser knows the number of the row that is wrong; a quote that is never
  // closed makes everything behind it one field.
  Status explain(const arrow::Status& status) {
    if (status.IsOutOfMemory()) return csv_error(file_.path(), status);
    if (!retrying_) {
      retrying_ = true;
      Status again = open(/*use_threads=*/false);
      std::shared_ptr<arrow::RecordBatch> batch;
      while (again.ok()) {
        const arrow::Status read = reader_->ReadNext(&batch);
        if (!read.ok()) again = explain(read);
        if (read.ok() && !batch) break;
      }
      if (!again.ok()) return again;
    }
    const bool to_the_end =
        quotes_->ended() || status.message().find("straddl") != std::string::npos;
    if (to_the_end && quotes_->open_line() > 0)
      return open_quote_error(file_.path(), quotes_->open_line());
    return csv_error(file_.path(), status);
  }

  Result<Table> to_table(const arrow::RecordBatch& batch, Context& context) {
    Table table;
    table.columns.resize(static_cast<std::size_t>(batch.num_columns()));
    std::vector<Status> statuses(table.columns.size());
    context.threads.parallel_for(
        batch.num_columns(), 1, [&](std::int64_t begin, std::int64_t, int) {
          const auto c = static_cast<std::size_t>(begin);
          statuses[c] = without_exceptions(Doing::kReading, file_.path(), [&]() -> Status {
            CROSSFADE_ASSIGN_OR_RETURN(
                table.columns[c],
                to_column(batch.column_name(static_cast<int>(begin)),
                          arrow::ChunkedArray(batch.column(static_cast<int>(begin))), clamped_[c]));
            set_type(table.columns[c]);
            return ok_status();
          });
        });
    for (const Status& status : statuses)
      if (!status.ok()) return status.at(file_.path());
    report_.notes.clear();
    for (std::size_t c = 0; c < clamped_.size(); ++c)
      if (clamped_[c] > 0)
        report_.notes.push_back(clamped_note(table.columns[c].name, clamped_[c]));
    return table;
  }

  // A column wanted as float was parsed as double, which keeps more than is kept here.
  void set_type(Column& column) const {
    const auto wanted = std::find_if(wanted_.begin(), wanted_.end(),
                                     [&](const WantedColumn& w) { return w.name == column.name; });
    auto* doubles = std::get_if<std::vector<double>>(&column.values);
    if (wanted->as != WantedColumn::As::kFloat || !doubles) return;
    column.values = std::vector<float>(doubles->begin(), doubles->end());
  }

  TextFile file_;
  CsvHead head_;
  std::vector<WantedColumn> wanted_;
  Table layout_;
  std::shared_ptr<QuotedStream> quotes_;
  std::shared_ptr<arrow::csv::StreamingReader> reader_;
  std::vector<std::int64_t> clamped_;  // times, by column
  bool retrying_ = false;
};

}  // namespace

Result<std::unique_ptr<TableStream>> open_csv_stream(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(TextFile file, TextFile::open(path));
  CROSSFADE_ASSIGN_OR_RETURN(CsvHead head, read_csv_head(file));
  return std::unique_ptr<TableStream>(
      std::make_unique<CsvStream>(std::move(file), std::move(head)));
}

}  // namespace crossfade
