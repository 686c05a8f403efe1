// A reader of just enough of Thrift's compact protocol to walk over page headers.
#include "crossfade/io/page_scan.h"

#include <optional>
#include <string>

namespace crossfade {
namespace {

// Wire types of the compact protocol; a boolean field carries its value in its type.
enum WireType {
  kStop = 0,
  kTrue = 1,
  kFalse = 2,
  kByte = 3,
  kI16 = 4,
  kI32 = 5,
  kI64 = 6,
  kDouble = 7,
  kBinary = 8,
  kList = 9,
  kSet = 10,
  kMap = 11,
  kStruct = 12
};
constexpr int kMaxDepth = 8;

// A place in the file. Once anything is wrong `good` is false for ever and all reads give 0.
struct Cursor {
  std::string_view file;
  std::size_t at;
  bool good = true;

  std::uint8_t byte() {
    if (at >= file.size()) good = false;
    return good ? static_cast<std::uint8_t>(file[at++]) : 0;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t part = byte();
      value |= static_cast<std::uint64_t>(part & 0x7F) << shift;
      if ((part & 0x80) == 0) return value;
    }
    good = false;
    return 0;
  }
  std::int64_t zigzag() {
    const std::uint64_t value = varint();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  void advance(std::uint64_t bytes) {
    if (bytes > file.size() - at) good = false;
    if (good) at += bytes;
  }
};

struct Field {
  int id = 0;
  int type = kStop;
};

// The next field of a struct whose last one was `previous`.
Field next_field(Cursor& cursor, int previous) {
  const std::uint8_t head = cursor.byte();
  const int type = head & 0x0F;
  if (!cursor.good || type == kStop) return {};
  const int delta = head >> 4;
  return {delta != 0 ? previous + delta : static_cast<int>(cursor.zigzag()), type};
}

void skip_value(Cursor& cursor, int type, int depth);

void skip_elements(Cursor& cursor, int type, std::uint64_t count, int depth) {
  // Inside a collection a boolean is a byte of its own.
  const int element = type == kTrue || type == kFalse ? static_cast<int>(kByte) : type;
  for (std::uint64_t i = 0; i < count && cursor.good; ++i) skip_value(cursor, element, depth);
}

void skip_struct(Cursor& cursor, int depth) {
  int id = 0;
  while (cursor.good) {
    const Field field = next_field(cursor, id);
    if (field.type == kStop) return;
    skip_value(cursor, field.type, depth);
    id = field.id;
  }
}

void skip_value(Cursor& cursor, int type, int depth) {
  if (depth > kMaxDepth) cursor.good = false;
  if (!cursor.good) return;
  switch (type) {
    case kTrue:
    case kFalse:
      return;
    case kByte:
      return cursor.advance(1);
    case kI16:
    case kI32:
    case kI64:
      (void)cursor.varint();
      return;
    case kDouble:
      return cursor.advance(8);
    case kBinary:
      return cursor.advance(cursor.varint());
    case kList:
    case kSet: {
      const std::uint8_t head = cursor.byte();
      const std::uint64_t count = (head >> 4) == 15 ? cursor.varint() : head >> 4;
      return skip_elements(cursor, head & 0x0F, count, depth + 1);
    }
    case kMap: {
      const std::uint64_t count = cursor.varint();
      const std::uint8_t types = count > 0 ? cursor.byte() : 0;
      for (std::uint64_t i = 0; i < count && cursor.good; ++i) {
        skip_elements(cursor, types >> 4, 1, depth + 1);
        skip_elements(cursor, types & 0x0F, 1, depth + 1);
      }
      return;
    }
    case kStruct:
      return skip_struct(cursor, depth + 1);
    default:
      cursor.good = false;
  }
}

// Field 1 of every kind of data page header is its number of values.
std::int64_t read_num_values(Cursor& cursor) {
  std::int64_t values = -1;
  int id = 0;
  while (cursor.good) {
    const Field field = next_field(cursor, id);
    if (field.type == kStop) break;
    if (field.id == 1 && field.type == kI32)
      values = cursor.zigzag();
    else
      skip_value(cursor, field.type, 1);
    id = field.id;
  }
  return values;
}

struct PageHeader {
  std::int64_t compressed_bytes = -1;
  std::int64_t values = 0;  // of a data page
  bool has_checksum = false;
};

std::optional<PageHeader> read_page_header(Cursor& cursor) {
  PageHeader header;
  bool has_type = false;
  int id = 0;
  while (cursor.good) {
    const Field field = next_field(cursor, id);
    if (field.type == kStop) break;
    id = field.id;
    if (id == 1 && field.type == kI32) {
      has_type = true;
      (void)cursor.varint();
    } else if (id == 3 && field.type == kI32) {
      header.compressed_bytes = cursor.zigzag();
    } else if ((id == 5 || id == 8) && field.type == kStruct) {
      header.values = read_num_values(cursor);
    } else {
      header.has_checksum |= id == 4 && field.type == kI32;
      skip_value(cursor, field.type, 0);
    }
  }
  if (!cursor.good || !has_type || header.compressed_bytes < 0 || header.values < 0)
    return std::nullopt;
  return header;
}

}  // namespace

Result<PageScan> scan_pages(std::string_view file, std::int64_t start,
                            std::int64_t expected_values) {
  PageScan scan;
  if (start < 0 || static_cast<std::uint64_t>(start) > file.size())
    return data_invalid("its pages would begin outside the file, at byte " + std::to_string(start));
  Cursor cursor{file, static_cast<std::size_t>(start)};
  while (scan.values < expected_values) {
    const std::size_t place = cursor.at;
    const auto header = read_page_header(cursor);
    if (!header)
      return data_invalid("the page header at byte " + std::to_string(place) +
                          " is damaged or beyond the end of the file");
    const auto body = static_cast<std::int64_t>(cursor.at);
    cursor.advance(static_cast<std::uint64_t>(header->compressed_bytes));
    if (!cursor.good)
      return data_invalid("the page at byte " + std::to_string(place) +
                          " reaches beyond the end of the file");
    scan.bodies.push_back({body, static_cast<std::int64_t>(cursor.at)});
    scan.pages_with_checksum += header->has_checksum ? 1 : 0;
    scan.values += header->values;
  }
  if (scan.values != expected_values)
    return data_invalid("its pages hold " + std::to_string(scan.values) +
                        " values where the footer says " + std::to_string(expected_values));
  return scan;
}

}  // namespace crossfade
