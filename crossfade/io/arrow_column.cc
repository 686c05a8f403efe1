// One loop per element type over the pieces; nulls are looked at only where a piece has some.
#include "crossfade/io/arrow_column.h"

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/type.h>

#include <limits>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

template <class ArrowArray, class Out, class Convert>
void append(const arrow::ChunkedArray& pieces, std::vector<Out>& values, Convert&& convert) {
  for (const auto& piece : pieces.chunks()) {
    const auto& array = static_cast<const ArrowArray&>(*piece);
    for (std::int64_t i = 0; i < array.length(); ++i) {
      if (array.IsNull(i))
        values.emplace_back();
      else
        values.emplace_back(convert(array, i));
    }
  }
}

std::vector<std::uint8_t> nulls_of(const arrow::ChunkedArray& pieces) {
  std::vector<std::uint8_t> nulls;
  if (pieces.null_count() == 0) return nulls;
  nulls.reserve(static_cast<std::size_t>(pieces.length()));
  for (const auto& piece : pieces.chunks())
    for (std::int64_t i = 0; i < piece->length(); ++i) nulls.push_back(piece->IsNull(i) ? 1 : 0);
  return nulls;
}

std::int64_t ns_per_unit(arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND:
      return 1'000'000'000;
    case arrow::TimeUnit::MILLI:
      return 1'000'000;
    case arrow::TimeUnit::MICRO:
      return 1'000;
    default:
      return 1;
  }
}

std::int64_t to_ns(std::int64_t value, std::int64_t ns, std::int64_t& clamped) {
  std::int64_t result = 0;
  if (!__builtin_mul_overflow(value, ns, &result)) return result;
  ++clamped;
  return value < 0 ? std::numeric_limits<std::int64_t>::min()
                   : std::numeric_limits<std::int64_t>::max();
}

template <class ArrowArray, class Out>
Column plain(const arrow::ChunkedArray& pieces) {
  Column column;
  std::vector<Out> values;
  values.reserve(static_cast<std::size_t>(pieces.length()));
  append<ArrowArray>(pieces, values, [](const ArrowArray& array, std::int64_t i) {
    if constexpr (std::is_same_v<Out, std::string>)
      return Out(array.GetView(i));
    else
      return static_cast<Out>(array.Value(i));
  });
  column.values = std::move(values);
  return column;
}

template <class ArrowArray>
Column times(const arrow::ChunkedArray& pieces, std::int64_t ns, std::int64_t& clamped) {
  Column column;
  column.meaning = Column::Meaning::kTimestamp;
  std::vector<std::int64_t> values;
  values.reserve(static_cast<std::size_t>(pieces.length()));
  append<ArrowArray>(pieces, values, [&](const ArrowArray& array, std::int64_t i) {
    return to_ns(array.Value(i), ns, clamped);
  });
  column.values = std::move(values);
  return column;
}

}  // namespace

Result<Column> to_column(const std::string& name, const arrow::ChunkedArray& pieces,
                         std::int64_t& clamped_times) {
  constexpr std::int64_t kNsPerDay = 86'400'000'000'000;
  Column column;
  switch (pieces.type()->id()) {
    case arrow::Type::INT64:
      column = plain<arrow::Int64Array, std::int64_t>(pieces);
      break;
    case arrow::Type::DOUBLE:
      column = plain<arrow::DoubleArray, double>(pieces);
      break;
    case arrow::Type::BOOL:
      column = plain<arrow::BooleanArray, std::int32_t>(pieces);
      break;
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      column = plain<arrow::BinaryArray, std::string>(pieces);
      break;
    case arrow::Type::DATE32:
      column = times<arrow::Date32Array>(pieces, kNsPerDay, clamped_times);
      break;
    case arrow::Type::TIMESTAMP:
      column = times<arrow::TimestampArray>(
          pieces, ns_per_unit(static_cast<const arrow::TimestampType&>(*pieces.type()).unit()),
          clamped_times);
      break;
    case arrow::Type::NA:
      column.values = std::vector<double>(static_cast<std::size_t>(pieces.length()));
      break;
    default:
      return data_invalid("column '" + name + "' has type " + pieces.type()->ToString() +
                          ", which is not read; convert it to numbers, text or timestamps");
  }
  column.name = name;
  column.nulls = nulls_of(pieces);
  return column;
}

std::string clamped_note(const std::string& column, std::int64_t count) {
  return "column '" + column + "': " + format_count(count) +
         " times lie outside the years 1677 to 2262 and were set to the nearest end";
}

}  // namespace crossfade
