// Arrow's column writers are fed from the caller's memory; no Arrow array is built.
#include "crossfade/io/parquet_writer.h"

#include <arrow/io/interfaces.h>
#include <parquet/column_writer.h>
#include <parquet/file_writer.h>
#include <parquet/properties.h>
#include <parquet/schema.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <type_traits>
#include <utility>

#include "crossfade/base/check.h"
#include "crossfade/base/file.h"
#include "crossfade/io/arrow_error.h"

namespace crossfade {
namespace {

constexpr int kZstdLevel = 1;
constexpr std::int64_t kBlock = 16384;  // values handed to Arrow at once

// Arrow's view of our FileWriter. The first error is kept, because only its text would come back.
class Sink final : public arrow::io::OutputStream {
 public:
  explicit Sink(FileWriter file) : file_(std::move(file)) {}

  arrow::Status Write(const void* data, std::int64_t bytes) override {
    if (status_.ok())
      status_ = file_.write({static_cast<const char*>(data), static_cast<std::size_t>(bytes)});
    if (!status_.ok()) return arrow::Status::IOError(status_.message());
    position_ += bytes;
    return arrow::Status::OK();
  }
  using arrow::io::OutputStream::Write;
  arrow::Result<std::int64_t> Tell() const override { return position_; }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }

  const Status& status() const { return status_; }
  Status close_file() { return file_.close(); }

 private:
  FileWriter file_;
  Status status_;
  std::int64_t position_ = 0;
  bool closed_ = false;
};

template <class Values>
constexpr bool kIsListSpans = false;
template <class T>
constexpr bool kIsListSpans<ListSpans<T>> = true;

template <class T>
using BitsOf = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

bool is_list(const ColumnView& column) {
  return std::visit([](const auto& values) { return kIsListSpans<std::decay_t<decltype(values)>>; },
                    column.values);
}

// The path of a column's values in the schema.
std::string path_of(const ColumnView& column) {
  return is_list(column) ? column.name + ".list.element" : column.name;
}

parquet::schema::NodePtr make_node(const ColumnView& column, bool nullable) {
  using parquet::LogicalType;
  using parquet::Type;
  constexpr std::pair<Type::type, bool> kTypes[] = {
      // physical type, text; as ColumnView::Values
      {Type::INT32, false},  {Type::INT64, false},     {Type::FLOAT, false},
      {Type::DOUBLE, false}, {Type::BYTE_ARRAY, true}, {Type::BYTE_ARRAY, true},
      {Type::INT64, false},  {Type::FLOAT, false},     {Type::BYTE_ARRAY, true}};
  const auto [physical, text] = kTypes[column.values.index()];
  std::shared_ptr<const LogicalType> logical = LogicalType::None();
  if (text) logical = LogicalType::String();
  if (column.meaning == Column::Meaning::kTimestamp) {
    CROSSFADE_CHECK(physical == Type::INT64, "a timestamp column is int64: " + column.name);
    logical = LogicalType::Timestamp(/*is_adjusted_to_utc=*/true, LogicalType::TimeUnit::NANOS);
  }
  const auto repetition = nullable ? parquet::Repetition::OPTIONAL : parquet::Repetition::REQUIRED;
  if (!is_list(column))
    return parquet::schema::PrimitiveNode::Make(column.name, repetition, logical, physical);
  using parquet::schema::GroupNode;
  const auto element = parquet::schema::PrimitiveNode::Make(
      "element", parquet::Repetition::REQUIRED, logical, physical);
  const auto list = GroupNode::Make("list", parquet::Repetition::REPEATED, {element});
  return GroupNode::Make(column.name, repetition, {list}, LogicalType::List());
}

// True if a sample of the values hardly repeats: a dictionary would be built in vain.
template <class T>
bool mostly_distinct(std::span<const T> values) {
  constexpr std::size_t kSample = 4096;
  if (values.size() < kSample) return false;
  std::vector<T> sample;
  for (std::size_t i = 0; i < kSample; ++i) sample.push_back(values[i * (values.size() / kSample)]);
  std::sort(sample.begin(), sample.end(),
            [](T a, T b) { return std::bit_cast<BitsOf<T>>(a) < std::bit_cast<BitsOf<T>>(b); });
  const auto distinct = std::unique(sample.begin(), sample.end()) - sample.begin();
  return static_cast<std::size_t>(distinct) > kSample / 2;
}

bool is_dense_float(const ColumnView& column) {
  if (const auto* floats = std::get_if<std::span<const float>>(&column.values))
    return mostly_distinct(*floats);
  if (const auto* vectors = std::get_if<ListSpans<float>>(&column.values))
    return mostly_distinct(vectors->values);
  const auto* doubles = std::get_if<std::span<const double>>(&column.values);
  return doubles && mostly_distinct(*doubles);
}

// Encodings by what the first block shows. Times hardly repeat but lie close together: packed
// differences are half the size and half the work of a dictionary that fails. Ids repeat.
std::shared_ptr<parquet::WriterProperties> make_properties(const std::vector<ColumnView>& columns) {
  parquet::WriterProperties::Builder builder;
  builder.enable_page_checksum()
      ->compression(parquet::Compression::ZSTD)
      ->compression_level(kZstdLevel)
      // A row group is what one write() gives; Arrow shall not split it.
      ->max_row_group_length(std::numeric_limits<std::int64_t>::max())
      ->disable_write_page_index();
  for (const ColumnView& column : columns) {
    const bool is_time = column.meaning == Column::Meaning::kTimestamp;
    if (is_time) builder.encoding(column.name, parquet::Encoding::DELTA_BINARY_PACKED);
    if (is_time || is_dense_float(column)) builder.disable_dictionary(path_of(column));
  }
  return builder.build();
}

// Copies the present ones of values [first, first + count) behind each other.
template <class T, class Physical, class Convert>
const Physical* gather(std::span<const T> values, std::span<const std::uint8_t> nulls,
                       std::vector<Physical>& block, Convert&& convert) {
  block.clear();
  for (std::size_t i = 0; i < values.size(); ++i)
    if (nulls.empty() || nulls[i] == 0) block.push_back(convert(values[i]));
  return block.data();
}

template <class T>
using PhysicalOf = std::conditional_t<
    std::is_same_v<T, std::int32_t>, parquet::Int32Type,
    std::conditional_t<
        std::is_same_v<T, std::int64_t>, parquet::Int64Type,
        std::conditional_t<std::is_same_v<T, float>, parquet::FloatType,
                           std::conditional_t<std::is_same_v<T, double>, parquet::DoubleType,
                                              parquet::ByteArrayType>>>>;

// The values of one block as Arrow takes them: the caller's own memory where that is possible.
template <class T>
const typename PhysicalOf<T>::c_type* physical_values(
    std::span<const T> values, std::span<const std::uint8_t> nulls,
    std::vector<typename PhysicalOf<T>::c_type>& block) {
  if constexpr (std::is_same_v<PhysicalOf<T>, parquet::ByteArrayType>) {
    return gather(values, nulls, block, [](std::string_view text) {
      return parquet::ByteArray(static_cast<std::uint32_t>(text.size()),
                                reinterpret_cast<const std::uint8_t*>(text.data()));
    });
  } else {
    if (nulls.empty()) return values.data();
    return gather(values, nulls, block, [](T value) { return value; });
  }
}

template <class T>
void write_values(parquet::ColumnWriter& writer, std::span<const T> values,
                  std::span<const std::uint8_t> nulls, const std::atomic<bool>& stop) {
  auto& typed = static_cast<parquet::TypedColumnWriter<PhysicalOf<T>>&>(writer);
  const bool optional = writer.descr()->max_definition_level() > 0;
  std::vector<typename PhysicalOf<T>::c_type> block;
  std::vector<std::int16_t> levels;
  for (std::size_t first = 0; first < values.size() && !stop.load(); first += kBlock) {
    const std::size_t count = std::min<std::size_t>(kBlock, values.size() - first);
    const auto block_nulls = nulls.empty() ? nulls : nulls.subspan(first, count);
    if (optional) levels.assign(count, 1);
    for (std::size_t i = 0; i < block_nulls.size(); ++i)
      if (block_nulls[i] != 0) levels[i] = 0;
    typed.WriteBatch(static_cast<std::int64_t>(count), optional ? levels.data() : nullptr, nullptr,
                     physical_values(values.subspan(first, count), block_nulls, block));
  }
}

// Lists go to Arrow some thousand rows at a time: their levels, and their values as they lie.
template <class T>
void write_values(parquet::ColumnWriter& writer, const ListSpans<T>& lists,
                  std::span<const std::uint8_t> nulls, const std::atomic<bool>& stop) {
  constexpr std::size_t kRows = 4096;
  auto& typed = static_cast<parquet::TypedColumnWriter<PhysicalOf<T>>&>(writer);
  const std::int16_t full = writer.descr()->max_definition_level();
  const auto empty = static_cast<std::int16_t>(full - 1);
  std::vector<typename PhysicalOf<T>::c_type> block;
  std::vector<std::int16_t> definitions, repetitions;
  std::vector<T> present;  // without those of lists that are marked missing
  for (std::size_t first = 0; first < lists.size() && !stop.load(); first += kRows) {
    const std::size_t end = std::min(lists.size(), first + kRows);
    definitions.clear();
    repetitions.clear();
    present.clear();
    for (std::size_t row = first; row < end; ++row) {
      const bool is_null = !nulls.empty() && nulls[row] != 0;
      const std::size_t count = is_null ? 0 : lists[row].size();
      repetitions.push_back(0);
      repetitions.insert(repetitions.end(), std::max<std::size_t>(count, 1) - 1, 1);
      definitions.insert(definitions.end(), std::max<std::size_t>(count, 1),
                         is_null      ? std::int16_t{0}
                         : count == 0 ? empty
                                      : full);
      if (!is_null) present.insert(present.end(), lists[row].begin(), lists[row].end());
    }
    typed.WriteBatch(std::ssize(definitions), definitions.data(), repetitions.data(),
                     physical_values(std::span<const T>(present), {}, block));
  }
}

}  // namespace

std::size_t ColumnView::size() const {
  return std::visit([](const auto& v) { return v.size(); }, values);
}

ColumnView ColumnView::slice(std::size_t first, std::size_t count) const {
  ColumnView part{name, {}, meaning, nulls.empty() ? nulls : nulls.subspan(first, count)};
  std::visit([&](const auto& v) { part.values = v.subspan(first, count); }, values);
  return part;
}

ColumnView view_of(const Column& column) {
  ColumnView view{column.name, {}, column.meaning, column.nulls};
  std::visit(
      [&](const auto& v) {
        using Values = std::decay_t<decltype(v)>;
        if constexpr (kIsLists<Values>)
          view.values = ListSpans(v);
        else
          view.values = std::span<const typename Values::value_type>(v);
      },
      column.values);
  return view;
}

struct ParquetWriter::State {
  std::string path, part;
  std::shared_ptr<Sink> sink;
  std::shared_ptr<parquet::schema::GroupNode> schema;
  // Made with the first block, which decides the encodings.
  std::unique_ptr<parquet::ParquetFileWriter> writer;

  ~State() {
    // Arrow's destructor would write a footer into what is thrown away; its errors do not matter.
    (void)guarded([&] { writer.reset(); });
    if (!part.empty()) (void)remove_tree(part);
  }

  // May throw.
  void open(const std::vector<ColumnView>& first_block) {
    if (!writer)
      writer = parquet::ParquetFileWriter::Open(sink, schema, make_properties(first_block));
  }

  // Runs body(), which may throw; an error of the disk is reported as itself.
  template <class Body>
  Status guarded(Body&& body) {
    const Status status = without_exceptions(Doing::kWriting, path, [&] {
      body();
      return ok_status();
    });
    return sink && !sink->status().ok() ? sink->status() : status;
  }
};

ParquetWriter::ParquetWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
ParquetWriter::~ParquetWriter() = default;
ParquetWriter::ParquetWriter(ParquetWriter&&) noexcept = default;
ParquetWriter& ParquetWriter::operator=(ParquetWriter&&) noexcept = default;

Result<ParquetWriter> ParquetWriter::create(const std::string& path,
                                            const std::vector<ColumnView>& columns,
                                            const std::vector<bool>& nullable) {
  CROSSFADE_CHECK(columns.size() == nullable.size(), "one nullable flag per column");
  CROSSFADE_RETURN_IF_ERROR(refuse_existing(path));
  auto state = std::make_unique<State>();
  state->path = path;
  const std::string part = path + ".part-" + std::to_string(::getpid());
  CROSSFADE_ASSIGN_OR_RETURN(FileWriter file, FileWriter::create(part));
  state->part = part;
  state->sink = std::make_shared<Sink>(std::move(file));
  CROSSFADE_RETURN_IF_ERROR(state->guarded([&] {
    parquet::schema::NodeVector nodes;
    for (std::size_t c = 0; c < columns.size(); ++c)
      nodes.push_back(make_node(columns[c], nullable[c]));
    state->schema = std::static_pointer_cast<parquet::schema::GroupNode>(
        parquet::schema::GroupNode::Make("schema", parquet::Repetition::REQUIRED, nodes));
  }));
  return ParquetWriter(std::move(state));
}

Status ParquetWriter::write(const std::vector<ColumnView>& columns, Context& context) {
  CROSSFADE_CHECK(std::ssize(columns) == state_->schema->field_count(),
                  "a block has the columns of its file");
  if (columns.empty() || columns[0].size() == 0) return ok_status();
  std::vector<Status> statuses(columns.size());
  const Status opened = state_->guarded([&] {
    state_->open(columns);
    parquet::RowGroupWriter* group = state_->writer->AppendBufferedRowGroup();
    std::vector<parquet::ColumnWriter*> writers;
    for (int c = 0; c < std::ssize(columns); ++c) writers.push_back(group->column(c));
    context.threads.parallel_for(
        std::ssize(columns), 1, [&](std::int64_t begin, std::int64_t, int) {
          const auto c = static_cast<std::size_t>(begin);
          CROSSFADE_CHECK(columns[c].size() == columns[0].size(), "columns of one length");
          statuses[c] = without_exceptions(Doing::kWriting, state_->path, [&] {
            std::visit(
                [&](const auto& values) {
                  write_values(*writers[c], values, columns[c].nulls, context.stop);
                },
                columns[c].values);
            return ok_status();
          });
        });
    const bool good =
        std::all_of(statuses.begin(), statuses.end(), [](const Status& s) { return s.ok(); });
    if (good && !context.stop.load()) group->Close();
  });
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  CROSSFADE_RETURN_IF_ERROR(opened);
  for (Status& status : statuses)
    if (!status.ok()) return std::move(status);
  return ok_status();
}

Status ParquetWriter::close() {
  CROSSFADE_RETURN_IF_ERROR(state_->guarded([&] {
    state_->open({});
    state_->writer->Close();
  }));
  CROSSFADE_RETURN_IF_ERROR(state_->sink->close_file());
  CROSSFADE_RETURN_IF_ERROR(refuse_existing(state_->path));
  CROSSFADE_RETURN_IF_ERROR(rename_path(state_->part, state_->path));
  state_->part.clear();
  return ok_status();
}

Status write_parquet(const Table& table, const std::string& path, Context& context,
                     const ParquetWriteOptions& options) {
  CROSSFADE_CHECK(options.row_group_rows > 0, "a row group holds at least one row");
  CROSSFADE_RETURN_IF_ERROR(table.check());
  std::vector<ColumnView> views;
  std::vector<bool> nullable;
  for (const Column& column : table.columns) {
    views.push_back(view_of(column));
    nullable.push_back(!column.nulls.empty());
  }
  CROSSFADE_ASSIGN_OR_RETURN(ParquetWriter writer, ParquetWriter::create(path, views, nullable));
  const std::size_t rows = table.num_rows();
  context.progress.begin("writing " + path, static_cast<std::int64_t>(rows), "rows");
  Status status;
  const auto group_rows = static_cast<std::size_t>(options.row_group_rows);
  for (std::size_t first = 0; first < rows && status.ok(); first += group_rows) {
    const std::size_t count = std::min(group_rows, rows - first);
    std::vector<ColumnView> block;
    for (const ColumnView& view : views) block.push_back(view.slice(first, count));
    status = writer.write(block, context);
    context.progress.advance(static_cast<std::int64_t>(count));
  }
  context.progress.end();
  CROSSFADE_RETURN_IF_ERROR(status);
  return writer.close();
}

}  // namespace crossfade
