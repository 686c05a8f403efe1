// JSON lines as blocks of rows: one object per line; members of a member are columns with a dotted
// name ("track.id"), one level deep.
//
// Names and types are those of the first lines (1 MiB); columns that are wanted as numbers are
// numbers from the start. A member that a line lacks is a null; one that nobody asked for is passed
// over.
#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/io/memory.h>
#include <arrow/json/api.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <map>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/io/arrow_column.h"
#include "crossfade/io/arrow_error.h"
#include "crossfade/io/table_stream.h"
#include "crossfade/io/text_file.h"

namespace crossfade {
namespace {

constexpr std::int64_t kHeadBytes = 1 << 20;
constexpr std::int32_t kBlockBytes = 8 << 20;

Status json_error(const std::string& path, std::int64_t rows_before, const arrow::Status& status) {
  if (status.IsOutOfMemory()) return exhausted(path + ": out of memory; read fewer columns");
  std::string reason = status.message();
  const std::string prefix = "JSON parse error: ";
  if (reason.starts_with(prefix)) reason.erase(0, prefix.size());
  if (reason.size() > 300) reason = reason.substr(0, 300) + "...";
  return data_invalid(path + (rows_before > 0 ? ", behind row " + format_count(rows_before) : "") +
                      ": " + reason + "; a file of JSON lines has one object in every line");
}

// A column, and where its values lie in the tree of a line: a member, or a member of a member.
struct JsonField {
  std::string name, member, inner;  // inner: "" for a member of the line's object itself
  std::shared_ptr<arrow::DataType> type;
};

// All columns of a schema, members of members with their dotted names.
std::vector<JsonField> flatten(const arrow::Schema& schema) {
  std::vector<JsonField> fields;
  for (const auto& field : schema.fields()) {
    if (field->type()->id() != arrow::Type::STRUCT) {
      fields.push_back({field->name(), field->name(), "", field->type()});
      continue;
    }
    for (const auto& inner : field->type()->fields())
      fields.push_back(
          {field->name() + "." + inner->name(), field->name(), inner->name(), inner->type()});
  }
  return fields;
}

// The type that the parser is told to expect.
std::shared_ptr<arrow::DataType> expected_type(const arrow::DataType& seen,
                                               WantedColumn::As wanted) {
  if (wanted == WantedColumn::As::kFloat) return arrow::float64();
  switch (seen.id()) {
    case arrow::Type::TIMESTAMP:
      return arrow::timestamp(arrow::TimeUnit::NANO);
    case arrow::Type::NA:
      return arrow::int64();
    case arrow::Type::INT64:
      return arrow::int64();
    case arrow::Type::DOUBLE:
      return arrow::float64();
    case arrow::Type::BOOL:
      return arrow::boolean();
    case arrow::Type::STRING:
      return arrow::utf8();
    default:
      return nullptr;
  }
}

class JsonStream final : public TableStream {
 public:
  explicit JsonStream(TextFile file) : file_(std::move(file)) {
    report_.path = file_.path();
    report_.bytes = file_.num_bytes();
  }

  // Names and types from the first lines.
  Status look() {
    CROSSFADE_ASSIGN_OR_RETURN(std::string head, file_.head(kHeadBytes));
    if (std::ssize(head) == kHeadBytes) {
      const std::size_t end = head.rfind('\n');
      if (end == std::string::npos)
        return data_invalid(file_.path() +
                            ": its first line is longer than a mebibyte; a file of JSON lines has "
                            "one object in every line");
      head.resize(end + 1);
    }
    return without_exceptions(Doing::kReading, file_.path(), [&]() -> Status {
      auto read = arrow::json::ReadOptions::Defaults();
      read.use_threads = false;
      read.block_size = kBlockBytes;
      auto reader = arrow::json::TableReader::Make(
          arrow::default_memory_pool(),
          std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(std::move(head))),
          read, arrow::json::ParseOptions::Defaults());
      if (!reader.ok()) return json_error(file_.path(), 0, reader.status());
      const auto table = (*reader)->Read();
      if (!table.ok()) return json_error(file_.path(), 0, table.status());
      fields_ = flatten(*(*table)->schema());
      for (const JsonField& field : fields_) names_.push_back(field.name);
      if (names_.empty())
        return data_invalid(file_.path() + ": its first lines have no member; there is no column");
      return ok_status();
    });
  }

  const std::vector<std::string>& names() const override { return names_; }
  const Table& layout() const override { return layout_; }

  Status select(const std::vector<WantedColumn>& columns, Context& context) override {
    std::map<std::string, arrow::FieldVector> members;  // of members, by the outer name
    arrow::FieldVector expected;
    wanted_ = columns;
    clamped_.assign(columns.size(), 0);
    for (const WantedColumn& column : columns) {
      CROSSFADE_ASSIGN_OR_RETURN(const JsonField field, find(column));
      if (field.inner.empty())
        expected.push_back(arrow::field(field.member, field.type));
      else
        members[field.member].push_back(arrow::field(field.inner, field.type));
      chosen_.push_back(field);
    }
    for (auto& [name, inner] : members)
      expected.push_back(arrow::field(name, arrow::struct_(inner)));
    return without_exceptions(Doing::kReading, file_.path(), [&]() -> Status {
      CROSSFADE_RETURN_IF_ERROR(open(arrow::schema(expected), context.threads.num_threads() > 1));
      for (std::size_t c = 0; c < columns.size(); ++c) {
        CROSSFADE_ASSIGN_OR_RETURN(
            Column column,
            to_column(columns[c].name, arrow::ChunkedArray({}, chosen_[c].type), clamped_[c]));
        set_type(columns[c], column);
        layout_.columns.push_back(std::move(column));
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
        if (!status.ok()) return json_error(file_.path(), report_.rows, status);
      } while (batch && batch->num_rows() == 0);
      if (!batch) return std::optional<Table>();
      Table table;
      for (std::size_t c = 0; c < wanted_.size(); ++c) {
        CROSSFADE_ASSIGN_OR_RETURN(const auto values, values_of(*batch, c));
        auto column = to_column(wanted_[c].name, arrow::ChunkedArray(values), clamped_[c]);
        if (!column.ok()) return column.status().at(file_.path());
        set_type(wanted_[c], *column);
        table.columns.push_back(*std::move(column));
      }
      report_.notes.clear();
      for (std::size_t c = 0; c < clamped_.size(); ++c)
        if (clamped_[c] > 0) report_.notes.push_back(clamped_note(wanted_[c].name, clamped_[c]));
      report_.rows += batch->num_rows();
      return std::optional<Table>(std::move(table));
    });
  }

 private:
  // The column as the parser is told to expect it.
  Result<JsonField> find(const WantedColumn& column) const {
    for (const JsonField& seen : fields_) {
      if (seen.name != column.name) continue;
      JsonField field = seen;
      field.type = expected_type(*seen.type, column.as);
      if (!field.type)
        return data_invalid(file_.path() + ": column '" + column.name + "' has type " +
                            seen.type->ToString() +
                            ", which is not read; convert it to numbers, text or timestamps");
      return field;
    }
    return data_invalid(file_.path() + ": " +
                        unknown_name("column", column.name, names_).message());
  }

  Status open(std::shared_ptr<arrow::Schema> expected, bool use_threads) {
    auto read = arrow::json::ReadOptions::Defaults();
    read.use_threads = use_threads;
    read.block_size = kBlockBytes;
    auto format = arrow::json::ParseOptions::Defaults();
    format.explicit_schema = std::move(expected);
    format.unexpected_field_behavior = arrow::json::UnexpectedFieldBehavior::Ignore;
    CROSSFADE_ASSIGN_OR_RETURN(auto stream, file_.stream());
    auto reader = arrow::json::StreamingReader::Make(std::move(stream), read, format);
    if (!reader.ok()) return json_error(file_.path(), 0, reader.status());
    reader_ = *std::move(reader);
    return ok_status();
  }

  Result<std::shared_ptr<arrow::Array>> values_of(const arrow::RecordBatch& batch, std::size_t c) {
    const JsonField& field = chosen_[c];
    auto values = batch.GetColumnByName(field.member);
    if (!values) return data_invalid(file_.path() + ": no member '" + field.member + "'");
    if (field.inner.empty()) return values;
    const auto& object = static_cast<const arrow::StructArray&>(*values);
    const int place =
        static_cast<const arrow::StructType&>(*object.type()).GetFieldIndex(field.inner);
    // Flattened: where the object is missing, so are its members.
    auto inner = object.GetFlattenedField(place);
    if (!inner.ok()) return json_error(file_.path(), report_.rows, inner.status());
    return *std::move(inner);
  }

  static void set_type(const WantedColumn& wanted, Column& column) {
    const auto* doubles = std::get_if<std::vector<double>>(&column.values);
    if (wanted.as != WantedColumn::As::kFloat || !doubles) return;
    column.values = std::vector<float>(doubles->begin(), doubles->end());
  }

  TextFile file_;
  std::vector<JsonField> fields_;  // all that the first lines have
  std::vector<std::string> names_;
  std::vector<WantedColumn> wanted_;
  std::vector<JsonField> chosen_;  // of wanted_
  Table layout_;
  std::shared_ptr<arrow::json::StreamingReader> reader_;
  std::vector<std::int64_t> clamped_;  // times, by column
};

}  // namespace

Result<std::unique_ptr<TableStream>> open_json_stream(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(TextFile file, TextFile::open(path));
  auto stream = std::make_unique<JsonStream>(std::move(file));
  CROSSFADE_RETURN_IF_ERROR(stream->look());
  return std::unique_ptr<TableStream>(std::move(stream));
}

}  // namespace crossfade
