// Scan the page headers, take memory, decode: three passes over (row group, column) tasks.
#include "crossfade/io/parquet_reader.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/io/arrow_column.h"
#include "crossfade/io/arrow_error.h"
#include "crossfade/io/parquet_chunk.h"
#include "crossfade/io/parquet_file.h"
#include "crossfade/io/parquet_list_chunk.h"

namespace crossfade {

std::string ReadReport::checksum_text() const {
  if (pages_with_checksum == 0) return "no checksums";
  if (pages_with_checksum == pages) return "page checksums verified";
  return "checksums on " + format_count(pages_with_checksum) + " of " + format_count(pages) +
         " pages, verified";
}

namespace {

// Bytes that one value takes in memory; of lists, one element.
template <class T>
std::size_t size_of_value(const std::vector<T>&) {
  return sizeof(T);
}
template <class T>
std::size_t size_of_value(const Lists<T>&) {
  return sizeof(T);
}

class TableReader {
 public:
  TableReader(const ParquetFile& file, std::vector<ParquetColumn> columns, Context& context)
      : file_(file), columns_(std::move(columns)), context_(context) {
    first_rows_.push_back(0);
    for (const std::int64_t rows : file_.rows_of_groups())
      first_rows_.push_back(first_rows_.back() + rows);
  }

  Result<Table> read(ReadReport& report) {
    CROSSFADE_RETURN_IF_ERROR(scan(report));
    CROSSFADE_RETURN_IF_ERROR(allocate());
    context_.progress.begin("reading " + file_.path(), file_.num_rows() * std::ssize(columns_),
                            "values");
    const Status status = decode();
    context_.progress.end();
    CROSSFADE_RETURN_IF_ERROR(status);
    place_nulls();
    join_lists();
    note_clamped_times(report);
    note_missing_elements(report);
    return std::move(table_);
  }

 private:
  struct Task {
    int row_group;
    std::size_t column;
  };
  std::int64_t num_tasks() const {
    return std::ssize(file_.rows_of_groups()) * std::ssize(columns_);
  }
  Task task(std::int64_t number) const {
    return {static_cast<int>(number / std::ssize(columns_)),
            static_cast<std::size_t>(number % std::ssize(columns_))};
  }

  // Runs body(task, number) for every task and returns the first error in the order of the file.
  template <class Body>
  Status for_each_task(Body&& body) {
    std::vector<Status> statuses(static_cast<std::size_t>(num_tasks()));
    context_.threads.parallel_for(num_tasks(), 1, [&](std::int64_t begin, std::int64_t, int) {
      const auto number = static_cast<std::size_t>(begin);
      statuses[number] = context_.stop.load() ? interrupted() : body(task(begin), number);
    });
    for (Status& status : statuses)
      if (!status.ok()) return std::move(status);
    return ok_status();
  }

  Status scan(ReadReport& report) {
    std::vector<PageScan> scans(static_cast<std::size_t>(num_tasks()));
    values_.resize(scans.size());
    CROSSFADE_RETURN_IF_ERROR(for_each_task([&](Task t, std::size_t number) -> Status {
      CROSSFADE_ASSIGN_OR_RETURN(scans[number], file_.scan(t.row_group, columns_[t.column]));
      values_[number] = scans[number].values;
      return ok_status();
    }));
    report.path = file_.path();
    report.bytes = file_.num_bytes();
    report.rows = file_.num_rows();
    for (const PageScan& scan : scans) {
      report.pages += std::ssize(scan.bodies);
      report.pages_with_checksum += scan.pages_with_checksum;
    }
    return ok_status();
  }

  Status allocate() {
    for (const ParquetColumn& column : columns_) table_.columns.push_back(make_column(column));
    double needed = 0;
    for (std::size_t number = 0; number < values_.size(); ++number)
      needed += static_cast<double>(values_[number]) *
                std::visit([](const auto& values) { return size_of_value(values); },
                           table_.columns[number % columns_.size()].values);
    const double machine = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) *
                           static_cast<double>(::sysconf(_SC_PAGESIZE));
    if (needed > machine)
      return exhausted("reading " + file_.path() + " (" + format_count(file_.num_rows()) +
                       " rows) needs at least " +
                       format_bytes(static_cast<std::int64_t>(std::min(needed, 9e18))) +
                       " of memory and this machine has " +
                       format_bytes(static_cast<std::int64_t>(machine)) + "; read fewer columns");
    std::vector<Status> statuses(columns_.size());
    context_.threads.parallel_for(
        std::ssize(columns_), 1, [&](std::int64_t begin, std::int64_t, int) {
          const auto c = static_cast<std::size_t>(begin);
          statuses[c] = without_exceptions(Doing::kReading, file_.path(), [&] {
            resize_column(table_.columns[c], file_.num_rows());
            return ok_status();
          });
        });
    for (Status& status : statuses)
      if (!status.ok()) return std::move(status);
    return ok_status();
  }

  Status decode() {
    chunks_.resize(static_cast<std::size_t>(num_tasks()));
    lists_.resize(chunks_.size());
    return for_each_task([&](Task t, std::size_t number) -> Status {
      const auto group = static_cast<std::size_t>(t.row_group);
      if (columns_[t.column].is_list) {
        CROSSFADE_ASSIGN_OR_RETURN(
            lists_[number], read_list_chunk(file_, t.row_group, columns_[t.column], values_[number],
                                            context_.stop));
      } else {
        CROSSFADE_ASSIGN_OR_RETURN(
            chunks_[number], read_chunk(file_, t.row_group, columns_[t.column], first_rows_[group],
                                        table_.columns[t.column], context_.stop));
      }
      context_.progress.advance(file_.rows_of_groups()[group]);
      return ok_status();
    });
  }

  void place_nulls() {
    for (std::size_t number = 0; number < chunks_.size(); ++number) {
      const std::vector<std::uint8_t>& nulls = chunks_[number].nulls;
      if (nulls.empty()) continue;
      const Task t = task(static_cast<std::int64_t>(number));
      std::vector<std::uint8_t>& all = table_.columns[t.column].nulls;
      all.resize(static_cast<std::size_t>(file_.num_rows()));
      std::copy(nulls.begin(), nulls.end(),
                all.begin() + first_rows_[static_cast<std::size_t>(t.row_group)]);
    }
  }

  void join_lists() {
    for (std::size_t number = 0; number < lists_.size(); ++number) {
      const std::size_t column = number % columns_.size();
      if (!columns_[column].is_list) continue;
      append_rows(table_.columns[column], lists_[number].part);
      lists_[number].part = {};
    }
  }

  void note_missing_elements(ReadReport& report) const {
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      std::int64_t missing = 0;
      for (std::size_t number = c; number < lists_.size(); number += columns_.size())
        missing += lists_[number].missing_elements;
      if (missing > 0) report.notes.push_back(missing_elements_note(columns_[c].name, missing));
    }
  }

  void note_clamped_times(ReadReport& report) const {
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      std::int64_t clamped = 0;
      for (std::size_t number = c; number < chunks_.size(); number += columns_.size())
        clamped += chunks_[number].clamped_times;
      if (clamped > 0) report.notes.push_back(clamped_note(columns_[c].name, clamped));
    }
  }

  const ParquetFile& file_;
  const std::vector<ParquetColumn> columns_;
  Context& context_;
  std::vector<std::int64_t> first_rows_;  // of each row group, and the end
  // By task: the values that its pages hold, and what was decoded.
  std::vector<std::int64_t> values_;
  std::vector<ChunkResult> chunks_;
  std::vector<ListChunk> lists_;
  Table table_;
};

}  // namespace

Result<Table> read_parquet(const std::string& path, const std::vector<std::string>& columns,
                           Context& context, ReadReport* report) {
  CROSSFADE_ASSIGN_OR_RETURN(const ParquetFile file, ParquetFile::open(path));
  CROSSFADE_ASSIGN_OR_RETURN(auto selected, file.select(columns));
  ReadReport own;
  return TableReader(file, std::move(selected), context).read(report ? *report : own);
}

}  // namespace crossfade
