// Opens through a memory map that Arrow's reader and page_scan share.
#include "crossfade/io/parquet_file.h"

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <parquet/encryption/type_fwd.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>

#include <algorithm>
#include <cctype>
#include <cstring>

#include "crossfade/base/mapped_file.h"
#include "crossfade/base/text.h"
#include "crossfade/io/arrow_error.h"

namespace crossfade {

struct ParquetFile::State {
  std::string path;
  MappedFile file;
  std::unique_ptr<parquet::ParquetFileReader> reader;
  std::shared_ptr<parquet::FileMetaData> metadata;
  std::vector<std::int64_t> rows_of_groups;
  std::vector<ParquetColumn> columns;
};

namespace {

constexpr std::string_view kMagic = "PAR1";
constexpr std::string_view kEncryptedMagic = "PARE";
constexpr std::size_t kTailBytes = 8;  // length of the footer, magic

bool looks_like_text(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r';
  });
}

// What the first and last bytes say, before Arrow sees the file.
Status check_envelope(const std::string& path, std::string_view bytes) {
  if (bytes.empty()) return data_invalid(path + " is empty (0 bytes); write it again");
  const std::string_view head = bytes.substr(0, 4);
  if (head != kMagic && head != kEncryptedMagic) {
    const std::string_view start = bytes.substr(0, 40);
    if (looks_like_text(start))
      return data_invalid(path + " is not a Parquet file but text that begins with '" +
                          std::string(start.substr(0, start.find_first_of("\r\n"))) +
                          "'; if it is a table, name it .csv or .tsv");
    return data_invalid(path + " is not a Parquet file: it does not begin with PAR1");
  }
  const std::string_view tail = bytes.substr(bytes.size() - 4);
  if (head == kEncryptedMagic || tail == kEncryptedMagic)
    return data_invalid(path + " is encrypted; decrypt it first, keys are not supported");
  if (bytes.size() < kMagic.size() + kTailBytes || tail != kMagic)
    return data_invalid(path + " is cut off: after " + format_count(std::ssize(bytes)) +
                        " bytes there is no footer; copy or write it again");
  std::uint32_t footer_bytes = 0;
  std::memcpy(&footer_bytes, bytes.data() + bytes.size() - kTailBytes, sizeof footer_bytes);
  if (footer_bytes > bytes.size() - kTailBytes - kMagic.size())
    return data_invalid(path +
                        " is damaged: its footer would be longer than the file; copy or "
                        "write it again");
  return ok_status();
}

ValueKind kind_of_int32(const parquet::LogicalType& logical) {
  if (logical.is_date()) return ValueKind::kDate;
  if (logical.is_int()) {
    const auto& type = static_cast<const parquet::IntLogicalType&>(logical);
    return type.is_signed() || type.bit_width() < 32 ? ValueKind::kInt32 : ValueKind::kUint32;
  }
  if (logical.is_decimal() && static_cast<const parquet::DecimalLogicalType&>(logical).scale() == 0)
    return ValueKind::kInt32;
  return logical.is_none() || logical.is_null() ? ValueKind::kInt32 : ValueKind::kUnsupported;
}

ValueKind kind_of_int64(const parquet::LogicalType& logical) {
  if (logical.is_timestamp()) {
    switch (static_cast<const parquet::TimestampLogicalType&>(logical).time_unit()) {
      case parquet::LogicalType::TimeUnit::MILLIS:
        return ValueKind::kTimestampMs;
      case parquet::LogicalType::TimeUnit::MICROS:
        return ValueKind::kTimestampUs;
      case parquet::LogicalType::TimeUnit::NANOS:
        return ValueKind::kTimestampNs;
      default:
        return ValueKind::kUnsupported;
    }
  }
  if (logical.is_int())
    return static_cast<const parquet::IntLogicalType&>(logical).is_signed() ? ValueKind::kInt64
                                                                            : ValueKind::kUint64;
  if (logical.is_decimal() && static_cast<const parquet::DecimalLogicalType&>(logical).scale() == 0)
    return ValueKind::kInt64;
  return logical.is_none() || logical.is_null() ? ValueKind::kInt64 : ValueKind::kUnsupported;
}

ValueKind kind_of_values(const parquet::ColumnDescriptor& descriptor) {
  if (!descriptor.logical_type()) return ValueKind::kUnsupported;
  const parquet::LogicalType& logical = *descriptor.logical_type();
  switch (descriptor.physical_type()) {
    case parquet::Type::INT32:
      return kind_of_int32(logical);
    case parquet::Type::INT64:
      return kind_of_int64(logical);
    case parquet::Type::INT96:
      return ValueKind::kTimestampInt96;
    case parquet::Type::FLOAT:
      return ValueKind::kFloat;
    case parquet::Type::DOUBLE:
      return ValueKind::kDouble;
    case parquet::Type::BOOLEAN:
      return ValueKind::kBool;
    case parquet::Type::BYTE_ARRAY:
      return logical.is_decimal() ? ValueKind::kUnsupported : ValueKind::kText;
    default:
      return ValueKind::kUnsupported;
  }
}

bool is_flat(const parquet::ColumnDescriptor& descriptor) {
  return descriptor.path()->ToDotVector().size() == 1 && descriptor.max_repetition_level() == 0 &&
         descriptor.max_definition_level() <= 1;
}

// A list of single values, in the three shapes that writers use: LIST { repeated group { value } },
// LIST { repeated value }, or a repeated value alone.
bool is_list_of_values(const parquet::schema::Node& field) {
  const auto child = [](const parquet::schema::Node& node) -> const parquet::schema::Node* {
    if (!node.is_group()) return nullptr;
    const auto& group = static_cast<const parquet::schema::GroupNode&>(node);
    return group.field_count() == 1 ? group.field(0).get() : nullptr;
  };
  if (field.is_repeated()) return field.is_primitive();
  const auto& logical = field.logical_type();
  if (!field.is_group() || !logical || !logical->is_list()) return false;
  const parquet::schema::Node* repeated = child(field);
  if (!repeated || !repeated->is_repeated()) return false;
  if (repeated->is_primitive()) return true;
  const parquet::schema::Node* element = child(*repeated);
  return element && element->is_primitive() && !element->is_repeated();
}

// What a list of these becomes is stated in parquet_reader.h.
bool can_be_listed(ValueKind kind) {
  switch (kind) {
    case ValueKind::kInt32:
    case ValueKind::kUint32:
    case ValueKind::kInt64:
    case ValueKind::kUint64:
    case ValueKind::kFloat:
    case ValueKind::kDouble:
    case ValueKind::kText:
      return true;
    default:
      return false;
  }
}

ParquetColumn describe(const parquet::ColumnDescriptor& descriptor,
                       const parquet::schema::Node& field) {
  ParquetColumn column;
  column.kind = kind_of_values(descriptor);
  column.optional = descriptor.max_definition_level() > 0;
  if (is_flat(descriptor)) return column;
  if (!is_list_of_values(field) || !can_be_listed(column.kind)) {
    column.kind = ValueKind::kUnsupported;
    return column;
  }
  column.is_list = true;
  column.optional = field.is_optional();
  column.levels.present = column.optional ? 1 : 0;
  column.levels.element = static_cast<std::int16_t>(column.levels.present + 1);
  column.levels.full = descriptor.max_definition_level();
  return column;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// The type as a person reads it.
std::string type_text(const parquet::ColumnDescriptor& descriptor,
                      const parquet::schema::Node& field) {
  if (field.is_group()) {
    const auto& logical = field.logical_type();
    if (logical && logical->is_list()) return "list";
    return logical && logical->is_map() ? "map" : "struct";
  }
  if (field.is_repeated()) return "list";
  const auto& logical = descriptor.logical_type();
  if (logical && logical->is_decimal()) {
    const auto& decimal = static_cast<const parquet::DecimalLogicalType&>(*logical);
    return "decimal(" + std::to_string(decimal.precision()) + ", " +
           std::to_string(decimal.scale()) + ")";
  }
  if (logical && logical->is_time()) return "time of day";
  if (logical && !logical->is_none()) return lower(logical->ToString());
  return lower(parquet::TypeToString(descriptor.physical_type()));
}

std::vector<ParquetColumn> list_columns(const parquet::SchemaDescriptor& schema) {
  std::vector<ParquetColumn> columns;
  for (int leaf = 0; leaf < schema.num_columns(); ++leaf) {
    const parquet::schema::Node* field = schema.GetColumnRoot(leaf);
    // The leaves of a nested field follow each other: listed once.
    if (!columns.empty() && field == schema.GetColumnRoot(leaf - 1)) continue;
    const parquet::ColumnDescriptor& descriptor = *schema.Column(leaf);
    columns.push_back(describe(descriptor, *field));
    columns.back().name = field->name();
    columns.back().type = type_text(descriptor, *field);
    columns.back().leaf = leaf;
  }
  return columns;
}

// The rows of every group, checked against the file's count.
Result<std::vector<std::int64_t>> count_rows(const std::string& path,
                                             const parquet::FileMetaData& metadata) {
  std::vector<std::int64_t> rows;
  std::int64_t total = 0;
  for (int group = 0; group < metadata.num_row_groups(); ++group) {
    rows.push_back(metadata.RowGroup(group)->num_rows());
    if (rows.back() < 0 || __builtin_add_overflow(total, rows.back(), &total))
      return damaged(path, "row group " + std::to_string(group) + " has an impossible size");
  }
  if (total != metadata.num_rows())
    return damaged(path, "its row groups hold " + std::to_string(total) +
                             " rows and its footer says " + std::to_string(metadata.num_rows()));
  return rows;
}

}  // namespace

ParquetFile::ParquetFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
ParquetFile::~ParquetFile() = default;
ParquetFile::ParquetFile(ParquetFile&&) noexcept = default;
ParquetFile& ParquetFile::operator=(ParquetFile&&) noexcept = default;

const std::string& ParquetFile::path() const {
  return state_->path;
}
std::int64_t ParquetFile::num_bytes() const {
  return std::ssize(state_->file.bytes());
}
std::int64_t ParquetFile::num_rows() const {
  return state_->metadata->num_rows();
}
const std::vector<std::int64_t>& ParquetFile::rows_of_groups() const {
  return state_->rows_of_groups;
}
const std::vector<ParquetColumn>& ParquetFile::columns() const {
  return state_->columns;
}
parquet::ParquetFileReader& ParquetFile::reader() const {
  return *state_->reader;
}

Result<ParquetFile> ParquetFile::open(const std::string& path) {
  auto state = std::make_unique<State>();
  state->path = path;
  CROSSFADE_ASSIGN_OR_RETURN(state->file, MappedFile::open(path));
  const std::string_view bytes = state->file.bytes();
  CROSSFADE_RETURN_IF_ERROR(check_envelope(path, bytes));
  CROSSFADE_RETURN_IF_ERROR(without_exceptions(Doing::kReading, path, [&]() -> Status {
    parquet::ReaderProperties properties;
    properties.set_page_checksum_verification(true);
    auto buffer = std::make_shared<arrow::Buffer>(
        reinterpret_cast<const std::uint8_t*>(bytes.data()), std::ssize(bytes));
    state->reader = parquet::ParquetFileReader::Open(
        std::make_shared<arrow::io::BufferReader>(std::move(buffer)), properties);
    state->metadata = state->reader->metadata();
    state->columns = list_columns(*state->metadata->schema());
    CROSSFADE_ASSIGN_OR_RETURN(state->rows_of_groups, count_rows(path, *state->metadata));
    return ok_status();
  }));
  return ParquetFile(std::move(state));
}

Result<std::vector<ParquetColumn>> ParquetFile::select(
    const std::vector<std::string>& names) const {
  std::vector<std::string> known;
  for (const ParquetColumn& column : columns()) known.push_back(column.name);
  std::vector<ParquetColumn> selected;
  for (const std::string& name : names.empty() ? known : names) {
    const auto is_it = [&](const ParquetColumn& column) { return column.name == name; };
    const auto found = std::find_if(columns().begin(), columns().end(), is_it);
    if (found == columns().end())
      return data_invalid(path() + ": " + unknown_name("column", name, known).message());
    if (std::find_if(found + 1, columns().end(), is_it) != columns().end())
      return data_invalid(path() + " has two columns called '" + name + "'; rename one");
    if (found->kind == ValueKind::kUnsupported)
      return data_invalid(path() + ": column '" + name + "' has type " + found->type +
                          ", which is not read; convert it to numbers, text or timestamps" +
                          (names.empty() ? ", or name the columns to read" : ""));
    selected.push_back(*found);
  }
  return selected;
}

std::string ParquetFile::place(int row_group, const ParquetColumn& column) const {
  return path() + ": column '" + column.name + "', row group " + std::to_string(row_group);
}

Result<PageScan> ParquetFile::scan(int row_group, const ParquetColumn& column) const {
  return without_exceptions(Doing::kReading, place(row_group, column), [&]() -> Result<PageScan> {
    const auto group = state_->metadata->RowGroup(row_group);
    const auto chunk = group->ColumnChunk(column.leaf);
    if (chunk->crypto_metadata())
      return data_invalid(place(row_group, column) + " is encrypted; decrypt the file first");
    const std::int64_t rows = group->num_rows();
    if (column.is_list ? chunk->num_values() < rows : chunk->num_values() != rows)
      return damaged(place(row_group, column), "it has " + std::to_string(chunk->num_values()) +
                                                   " values for " + std::to_string(rows) + " rows");
    // As Arrow does it: some writers leave a dictionary offset of 0.
    std::int64_t start = chunk->data_page_offset();
    if (chunk->has_dictionary_page() && chunk->dictionary_page_offset() > 0)
      start = std::min(start, chunk->dictionary_page_offset());
    auto scan = scan_pages(state_->file.bytes(), start, chunk->num_values());
    if (!scan.ok()) return damaged(place(row_group, column), scan.status().message());
    return scan;
  });
}

}  // namespace crossfade
