// Blocks of 16,384 values: levels, scratch and the target's block lie together in the L2 cache.
#include "crossfade/io/parquet_chunk.h"

#include <parquet/column_reader.h>
#include <parquet/file_reader.h>
#include <parquet/types.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <type_traits>

#include "crossfade/base/check.h"
#include "crossfade/base/large_pages.h"
#include "crossfade/io/arrow_error.h"
#include "crossfade/io/parquet_list_chunk.h"

namespace crossfade {
namespace {

constexpr std::int64_t kBlock = 16384;
constexpr std::int64_t kNsPerDay = 86'400'000'000'000;

// One block of a chunk as Arrow decodes it: the present values only, without gaps.
template <class DType>
class BlockReader {
 public:
  using Physical = typename DType::c_type;

  BlockReader(parquet::ColumnReader& reader, const ParquetColumn& column, std::int64_t rows)
      : typed_(static_cast<parquet::TypedColumnReader<DType>&>(reader)), left_(rows) {
    if (column.optional) levels_.resize(static_cast<std::size_t>(std::min(kBlock, rows)));
  }

  std::int64_t left() const { return left_; }
  // Decodes up to kBlock rows; their present values go to `out`. Sets size() and present().
  void next(Physical* out) {
    size_ = typed_.ReadBatch(std::min(kBlock, left_), levels_.empty() ? nullptr : levels_.data(),
                             nullptr, out, &present_);
    if (size_ <= 0 || present_ < 0 || present_ > size_)
      throw parquet::ParquetException("its pages hold fewer values than its header says");
    // Levels say how many values there are; Arrow returns what the page had.
    if (levels_.empty() && present_ != size_)
      throw parquet::ParquetException("a value is missing in a column without nulls");
    left_ -= size_;
  }
  std::int64_t size() const { return size_; }
  std::int64_t present() const { return present_; }
  bool is_present(std::int64_t i) const { return levels_[static_cast<std::size_t>(i)] != 0; }

 private:
  parquet::TypedColumnReader<DType>& typed_;
  std::vector<std::int16_t> levels_;
  std::int64_t left_, size_ = 0, present_ = 0;
};

// Where a chunk goes, and what is noted on the way.
struct Destination {
  std::int64_t rows;
  const std::atomic<bool>& stop;
  ChunkResult result;
};

// Moves the block's values to the rows where one is present, from the back so that none is
// overwritten before it has moved, and marks the others.
template <class DType, class Out>
void spread(const BlockReader<DType>& block, Out* out, std::int64_t first, Destination& to) {
  if (block.present() == block.size()) return;
  if (to.result.nulls.empty()) to.result.nulls.resize(static_cast<std::size_t>(to.rows));
  std::uint8_t* nulls = to.result.nulls.data() + first;
  std::int64_t from = block.present();
  for (std::int64_t i = block.size() - 1; i >= 0; --i) {
    if (block.is_present(i)) {
      if (from == 0) throw parquet::ParquetException("its levels contradict its values");
      --from;
      if (from != i) out[i] = std::move(out[from]);
    } else {
      out[i] = Out{};
      nulls[i] = 1;
    }
  }
}

// Decodes in place, then lets `change(values, count)` turn the present values into what they mean.
template <class DType, class Out, class Change>
Status read_in_place(parquet::ColumnReader& reader, const ParquetColumn& column, Out* out,
                     Destination& to, Change&& change) {
  static_assert(std::is_same_v<typename DType::c_type, Out>);
  BlockReader<DType> block(reader, column, to.rows);
  while (block.left() > 0) {
    if (to.stop.load(std::memory_order_relaxed)) return interrupted();
    const std::int64_t first = to.rows - block.left();
    block.next(out + first);
    CROSSFADE_RETURN_IF_ERROR(change(out + first, block.present()));
    spread(block, out + first, first, to);
  }
  return ok_status();
}

// Decodes into a scratch block and converts each present value by `convert`.
template <class DType, class Out, class Convert>
Status read_converted(parquet::ColumnReader& reader, const ParquetColumn& column, Out* out,
                      Destination& to, Convert&& convert) {
  BlockReader<DType> block(reader, column, to.rows);
  const auto scratch = std::make_unique<typename DType::c_type[]>(
      static_cast<std::size_t>(std::min(kBlock, to.rows)));
  while (block.left() > 0) {
    if (to.stop.load(std::memory_order_relaxed)) return interrupted();
    const std::int64_t first = to.rows - block.left();
    block.next(scratch.get());
    for (std::int64_t i = 0; i < block.present(); ++i) convert(scratch[i], out[first + i]);
    spread(block, out + first, first, to);
  }
  return ok_status();
}

std::int64_t scaled(std::int64_t value, std::int64_t ns_per_unit, std::int64_t& clamped) {
  std::int64_t ns = 0;
  if (!__builtin_mul_overflow(value, ns_per_unit, &ns)) return ns;
  ++clamped;
  return value < 0 ? std::numeric_limits<std::int64_t>::min()
                   : std::numeric_limits<std::int64_t>::max();
}

// Julian day and nanoseconds of the day, in three 32-bit words.
std::int64_t from_int96(const parquet::Int96& value, std::int64_t& clamped) {
  constexpr std::int64_t kJulianDayOf1970 = 2'440'588;
  const std::int64_t days = static_cast<std::int64_t>(value.value[2]) - kJulianDayOf1970;
  const auto ns_of_day = static_cast<std::int64_t>(
      value.value[0] | (static_cast<std::uint64_t>(value.value[1]) << 32));
  const std::int64_t before = clamped;
  const std::int64_t midnight = scaled(days, kNsPerDay, clamped);
  std::int64_t ns = 0;
  if (clamped != before || !__builtin_add_overflow(midnight, ns_of_day, &ns))
    return clamped != before ? midnight : ns;
  ++clamped;
  return ns_of_day < 0 ? std::numeric_limits<std::int64_t>::min()
                       : std::numeric_limits<std::int64_t>::max();
}

template <class T>
T* values_at(Column& column, std::int64_t row) {
  return std::get<std::vector<T>>(column.values).data() + row;
}

constexpr auto kAsIs = [](auto*, std::int64_t) { return ok_status(); };

Status read_int64(parquet::ColumnReader& reader, const ParquetColumn& column, std::int64_t* out,
                  Destination& to) {
  using parquet::Int64Type;
  std::int64_t ns_per_unit = 1;
  switch (column.kind) {
    case ValueKind::kTimestampMs:
      ns_per_unit = 1'000'000;
      break;
    case ValueKind::kTimestampUs:
      ns_per_unit = 1'000;
      break;
    case ValueKind::kUint64:
      return read_in_place<Int64Type>(
          reader, column, out, to, [](const std::int64_t* values, std::int64_t count) {
            if (std::all_of(values, values + count, [](std::int64_t v) { return v >= 0; }))
              return ok_status();
            return data_invalid(
                "it holds an unsigned number of 2^63 or more, which signed 64 bits cannot; "
                "convert the column to text");
          });
    default:
      return read_in_place<Int64Type>(reader, column, out, to, kAsIs);
  }
  return read_in_place<Int64Type>(
      reader, column, out, to, [&](std::int64_t* values, std::int64_t count) {
        for (std::int64_t i = 0; i < count; ++i)
          values[i] = scaled(values[i], ns_per_unit, to.result.clamped_times);
        return ok_status();
      });
}

// Into a column of the file's own type in place, into another one converted on the way.
template <class DType>
Status read_number(parquet::ColumnReader& reader, const ParquetColumn& column, std::int64_t row,
                   Column& target, Destination& to) {
  using Physical = typename DType::c_type;
  return std::visit(
      [&](auto& values) -> Status {
        using Out = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_same_v<Out, Physical>)
          return read_in_place<DType>(reader, column, values.data() + row, to, kAsIs);
        else if constexpr (std::is_arithmetic_v<Out>)
          return read_converted<DType>(
              reader, column, values.data() + row, to,
              [](Physical value, Out& out) { out = static_cast<Out>(value); });
        else
          CROSSFADE_CHECK(false, "numbers are read into numbers: " + column.name);
      },
      target.values);
}

Status read_kind(parquet::ColumnReader& reader, const ParquetColumn& column, std::int64_t row,
                 Column& target, Destination& to) {
  std::int64_t& clamped = to.result.clamped_times;
  switch (column.kind) {
    case ValueKind::kInt32:
      return read_number<parquet::Int32Type>(reader, column, row, target, to);
    case ValueKind::kFloat:
      return read_number<parquet::FloatType>(reader, column, row, target, to);
    case ValueKind::kDouble:
      return read_number<parquet::DoubleType>(reader, column, row, target, to);
    case ValueKind::kInt64:
      return read_number<parquet::Int64Type>(reader, column, row, target, to);
    case ValueKind::kBool:
      return read_converted<parquet::BooleanType>(
          reader, column, values_at<std::int32_t>(target, row), to,
          [](bool value, std::int32_t& out) { out = value ? 1 : 0; });
    case ValueKind::kUint32:
      return read_converted<parquet::Int32Type>(
          reader, column, values_at<std::int64_t>(target, row), to,
          [](std::int32_t value, std::int64_t& out) { out = static_cast<std::uint32_t>(value); });
    case ValueKind::kDate:
      return read_converted<parquet::Int32Type>(
          reader, column, values_at<std::int64_t>(target, row), to,
          [&](std::int32_t value, std::int64_t& out) { out = scaled(value, kNsPerDay, clamped); });
    case ValueKind::kTimestampInt96:
      return read_converted<parquet::Int96Type>(
          reader, column, values_at<std::int64_t>(target, row), to,
          [&](const parquet::Int96& value, std::int64_t& out) {
            out = from_int96(value, clamped);
          });
    case ValueKind::kText:
      return read_converted<parquet::ByteArrayType>(
          reader, column, values_at<std::string>(target, row), to,
          [](const parquet::ByteArray& value, std::string& out) {
            out.assign(reinterpret_cast<const char*>(value.ptr), value.len);
          });
    default:
      return read_int64(reader, column, values_at<std::int64_t>(target, row), to);
  }
}

bool is_time(ValueKind kind) {
  return kind == ValueKind::kDate || kind == ValueKind::kTimestampMs ||
         kind == ValueKind::kTimestampUs || kind == ValueKind::kTimestampNs ||
         kind == ValueKind::kTimestampInt96;
}

}  // namespace

Column make_column(const ParquetColumn& column) {
  Column made;
  made.name = column.name;
  if (column.is_list) {
    made.values = make_lists(column.kind);
    return made;
  }
  if (is_time(column.kind)) made.meaning = Column::Meaning::kTimestamp;
  switch (column.kind) {
    case ValueKind::kInt32:
    case ValueKind::kBool:
      made.values = std::vector<std::int32_t>();
      break;
    case ValueKind::kFloat:
      made.values = std::vector<float>();
      break;
    case ValueKind::kDouble:
      made.values = std::vector<double>();
      break;
    case ValueKind::kText:
      made.values = std::vector<std::string>();
      break;
    default:
      made.values = std::vector<std::int64_t>();
  }
  return made;
}

void resize_column(Column& column, std::int64_t rows) {
  std::visit(
      [rows](auto& values) {
        if constexpr (!kIsLists<std::decay_t<decltype(values)>>) {
          const auto size = static_cast<std::size_t>(rows);
          values.reserve(size);
          // Touching fresh memory is half the cost of a fast reader.
          if (values.size() < size) ask_large_pages(values.data(), size * sizeof(values[0]));
          values.resize(size);
        }
      },
      column.values);
}

ChunkReader::ChunkReader(std::string place, ParquetColumn column,
                         std::shared_ptr<parquet::ColumnReader> reader)
    : place_(std::move(place)), column_(std::move(column)), reader_(std::move(reader)) {}

Result<ChunkReader> ChunkReader::open(const ParquetFile& file, int row_group,
                                      const ParquetColumn& column) {
  const std::string place = file.place(row_group, column);
  return without_exceptions(Doing::kReading, place, [&]() -> Result<ChunkReader> {
    return ChunkReader(place, column, file.reader().RowGroup(row_group)->Column(column.leaf));
  });
}

Result<ChunkResult> ChunkReader::read(std::int64_t rows, std::int64_t first_row, Column& target,
                                      const std::atomic<bool>& stop) {
  return without_exceptions(Doing::kReading, place_, [&]() -> Result<ChunkResult> {
    Destination to{rows, stop, {}};
    if (rows == 0) return ChunkResult{};
    const Status status = read_kind(*reader_, column_, first_row, target, to);
    if (status.kind() == StatusKind::kDataInvalid) return status.at(place_);
    CROSSFADE_RETURN_IF_ERROR(status);
    return std::move(to.result);
  });
}

Result<ChunkResult> read_chunk(const ParquetFile& file, int row_group, const ParquetColumn& column,
                               std::int64_t first_row, Column& target,
                               const std::atomic<bool>& stop) {
  CROSSFADE_ASSIGN_OR_RETURN(ChunkReader reader, ChunkReader::open(file, row_group, column));
  return reader.read(file.rows_of_groups()[static_cast<std::size_t>(row_group)], first_row, target,
                     stop);
}

}  // namespace crossfade
