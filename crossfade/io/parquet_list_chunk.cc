// Levels are read in blocks; each says what becomes of the next value.
#include "crossfade/io/parquet_list_chunk.h"

#include <parquet/column_reader.h>
#include <parquet/file_reader.h>
#include <parquet/types.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "crossfade/base/check.h"
#include "crossfade/base/text.h"
#include "crossfade/io/arrow_error.h"

namespace crossfade {
namespace {

constexpr std::int64_t kBlock = 16384;

// The lists of a chunk while they grow.
template <class T>
class ListBuilder {
 public:
  ListBuilder(const ListLevels& levels, std::int64_t rows, ListChunk& chunk)
      : levels_(levels), rows_(rows), chunk_(chunk), lists_(std::get<Lists<T>>(chunk.part.values)) {
    lists_.offsets.reserve(static_cast<std::size_t>(rows) + 1);
    lists_.offsets.clear();
  }

  // The next levels; true if an element with a value belongs to them.
  bool next(std::int16_t definition, std::int16_t repetition) {
    if (definition < 0 || definition > levels_.full || repetition < 0 || repetition > 1)
      throw parquet::ParquetException("its levels are beyond the schema's");
    if (repetition == 0) {
      if (std::ssize(lists_.offsets) == rows_)
        throw parquet::ParquetException("it has more lists than rows");
      lists_.offsets.push_back(std::ssize(lists_.values));
    } else if (lists_.offsets.empty() || definition < levels_.element) {
      throw parquet::ParquetException("its levels go on with a list that is not there");
    }
    if (definition < levels_.present) mark_missing();
    if (definition >= levels_.element && definition < levels_.full) add_null();
    return definition == levels_.full;
  }
  void add(T value) { lists_.values.push_back(std::move(value)); }
  void finish() {
    if (std::ssize(lists_.offsets) != rows_)
      throw parquet::ParquetException("it has fewer lists than rows");
    lists_.offsets.push_back(std::ssize(lists_.values));
  }

 private:
  void mark_missing() {
    chunk_.part.nulls.resize(static_cast<std::size_t>(rows_));
    chunk_.part.nulls[lists_.offsets.size() - 1] = 1;
  }
  void add_null() {
    if constexpr (std::is_floating_point_v<T>)
      lists_.values.push_back(std::numeric_limits<T>::quiet_NaN());
    else
      ++chunk_.missing_elements;
  }

  const ListLevels levels_;
  const std::int64_t rows_;
  ListChunk& chunk_;
  Lists<T>& lists_;
};

// What is to be read, and the flag that ends it early.
struct Source {
  parquet::RowGroupReader& group;
  const ParquetColumn& column;
  std::int64_t rows, num_values;
  const std::atomic<bool>& stop;
};

template <class DType, class T, class Convert>
Status read_lists(const Source& source, ListChunk& chunk, Convert&& convert) {
  const auto reader = source.group.Column(source.column.leaf);
  auto& typed = static_cast<parquet::TypedColumnReader<DType>&>(*reader);
  const auto block = static_cast<std::size_t>(std::min(kBlock, source.num_values));
  std::vector<std::int16_t> definitions(block), repetitions(block);
  const auto values = std::make_unique<typename DType::c_type[]>(block);
  ListBuilder<T> lists(source.column.levels, source.rows, chunk);
  for (std::int64_t left = source.num_values; left > 0;) {
    if (source.stop.load(std::memory_order_relaxed)) return interrupted();
    std::int64_t present = 0;
    const std::int64_t count = typed.ReadBatch(std::min(kBlock, left), definitions.data(),
                                               repetitions.data(), values.get(), &present);
    if (count <= 0 || present < 0 || present > count)
      throw parquet::ParquetException("its pages hold fewer values than its header says");
    std::int64_t used = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (!lists.next(definitions[at], repetitions[at])) continue;
      if (used == present) throw parquet::ParquetException("its levels contradict its values");
      CROSSFADE_ASSIGN_OR_RETURN(T value, convert(values[static_cast<std::size_t>(used++)]));
      lists.add(std::move(value));
    }
    if (used != present) throw parquet::ParquetException("its levels contradict its values");
    left -= count;
  }
  lists.finish();
  return ok_status();
}

Status read_kind(const Source& source, ListChunk& chunk) {
  using parquet::Int32Type, parquet::Int64Type;
  using Number = Result<std::int64_t>;
  using Float = Result<float>;
  switch (source.column.kind) {
    case ValueKind::kInt32:
      return read_lists<Int32Type, std::int64_t>(source, chunk,
                                                 [](std::int32_t v) -> Number { return v; });
    case ValueKind::kUint32:
      return read_lists<Int32Type, std::int64_t>(
          source, chunk, [](std::int32_t v) -> Number { return static_cast<std::uint32_t>(v); });
    case ValueKind::kInt64:
      return read_lists<Int64Type, std::int64_t>(source, chunk,
                                                 [](std::int64_t v) -> Number { return v; });
    case ValueKind::kUint64:
      return read_lists<Int64Type, std::int64_t>(source, chunk, [](std::int64_t v) -> Number {
        if (v >= 0) return v;
        return data_invalid(
            "it holds an unsigned number of 2^63 or more, which signed 64 bits cannot; convert "
            "the column to text");
      });
    case ValueKind::kFloat:
      return read_lists<parquet::FloatType, float>(source, chunk,
                                                   [](float v) -> Float { return v; });
    case ValueKind::kDouble:
      return read_lists<parquet::DoubleType, float>(
          source, chunk, [](double v) -> Float { return static_cast<float>(v); });
    default:
      return read_lists<parquet::ByteArrayType, std::string>(
          source, chunk, [](const parquet::ByteArray& v) -> Result<std::string> {
            return std::string(reinterpret_cast<const char*>(v.ptr), v.len);
          });
  }
}

}  // namespace

std::string missing_elements_note(const std::string& column, std::int64_t count) {
  return "column '" + column + "': " + format_count(count) +
         " missing values inside lists were left out";
}

Column::Values make_lists(ValueKind kind) {
  switch (kind) {
    case ValueKind::kFloat:
    case ValueKind::kDouble:
      return Lists<float>();
    case ValueKind::kText:
      return Lists<std::string>();
    default:
      return Lists<std::int64_t>();
  }
}

Result<ListChunk> read_list_chunk(const ParquetFile& file, int row_group,
                                  const ParquetColumn& column, std::int64_t num_values,
                                  const std::atomic<bool>& stop) {
  CROSSFADE_CHECK(column.is_list, "a column of lists: " + column.name);
  const std::string place = file.place(row_group, column);
  return without_exceptions(Doing::kReading, place, [&]() -> Result<ListChunk> {
    ListChunk chunk;
    chunk.part.values = make_lists(column.kind);
    const std::int64_t rows = file.rows_of_groups()[static_cast<std::size_t>(row_group)];
    if (rows == 0) return chunk;
    const auto group = file.reader().RowGroup(row_group);
    const Status status = read_kind({*group, column, rows, num_values, stop}, chunk);
    if (status.kind() == StatusKind::kDataInvalid) return status.at(place);
    CROSSFADE_RETURN_IF_ERROR(status);
    return chunk;
  });
}

}  // namespace crossfade
