// The header of .npy is a Python dictionary in text, padded so that the data starts at a multiple
// of 64 bytes; we write exactly numpy's form and read any spacing of it.
#include "crossfade/base/npy.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include "crossfade/base/file.h"
#include "crossfade/base/mapped_file.h"

namespace crossfade {
namespace {

constexpr std::string_view kMagic("\x93NUMPY\x01\x00", 8);

template <class T>
constexpr const char* kTypeName = nullptr;
template <>
constexpr const char* kTypeName<std::int8_t> = "|i1";
template <>
constexpr const char* kTypeName<std::uint8_t> = "|u1";
template <>
constexpr const char* kTypeName<char> = "|u1";
template <>
constexpr const char* kTypeName<std::uint16_t> = "<u2";
template <>
constexpr const char* kTypeName<std::int32_t> = "<i4";
template <>
constexpr const char* kTypeName<std::int64_t> = "<i8";
template <>
constexpr const char* kTypeName<Half> = "<f2";
template <>
constexpr const char* kTypeName<float> = "<f4";
template <>
constexpr const char* kTypeName<double> = "<f8";

std::string header_text(const char* type, const std::vector<std::int64_t>& shape) {
  std::string text = std::string("{'descr': '") + type + "', 'fortran_order': False, 'shape': (";
  for (std::size_t i = 0; i < shape.size(); ++i)
    text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  text += shape.size() == 1 ? ",), }" : "), }";
  const std::size_t unpadded = kMagic.size() + 2 + text.size() + 1;
  text.append((64 - unpadded % 64) % 64, ' ');
  return text + '\n';
}

// The numbers between the parentheses after 'shape', or nothing if they do not read.
std::optional<std::vector<std::int64_t>> parse_shape(std::string_view header) {
  const std::size_t key = header.find("'shape'");
  if (key == std::string_view::npos) return std::nullopt;
  const std::size_t open = header.find('(', key), close = header.find(')', key);
  if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
  std::vector<std::int64_t> shape;
  const char* at = header.data() + open + 1;
  const char* end = header.data() + close;
  while (at < end) {
    if (*at == ' ' || *at == ',') {
      ++at;
      continue;
    }
    std::int64_t extent = 0;
    const auto [next, error] = std::from_chars(at, end, extent);
    if (error != std::errc() || extent < 0) return std::nullopt;
    shape.push_back(extent);
    at = next;
  }
  return shape;
}

Status not_npy(const std::string& path, const std::string& reason) {
  return data_invalid(path + " is not a readable .npy column: " + reason);
}

// The dictionary at the head of the file's bytes, or why there is none.
Result<std::string_view> header_of(std::string_view bytes, const std::string& path) {
  if (bytes.size() < 10 || bytes.substr(0, kMagic.size()) != kMagic)
    return not_npy(path, "it does not start with the format's magic bytes");
  const std::size_t size =
      static_cast<unsigned char>(bytes[8]) | static_cast<unsigned char>(bytes[9]) << 8;
  if (bytes.size() < 10 + size) return not_npy(path, "it ends inside its header");
  return bytes.substr(10, size);
}

}  // namespace

Result<std::string> npy_element_type(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string_view header, header_of(file.bytes(), path));
  const std::size_t key = header.find("'descr':");
  const std::size_t open = key == std::string_view::npos ? key : header.find('\'', key + 8);
  const std::size_t close = open == std::string_view::npos ? open : header.find('\'', open + 1);
  if (close == std::string_view::npos) return not_npy(path, "its element type does not read");
  return std::string(header.substr(open + 1, close - open - 1));
}

template <class T>
std::string npy_header(const std::vector<std::int64_t>& shape) {
  const std::string header = header_text(kTypeName<T>, shape);
  std::string start(kMagic);
  start += static_cast<char>(header.size() & 255);
  start += static_cast<char>(header.size() >> 8);
  return start + header;
}

template <class T>
Status write_npy(const std::string& path, std::span<const T> values,
                 std::vector<std::int64_t> shape, Sync sync) {
  if (shape.empty()) shape = {static_cast<std::int64_t>(values.size())};
  CROSSFADE_ASSIGN_OR_RETURN(FileWriter file, FileWriter::create(path));
  CROSSFADE_RETURN_IF_ERROR(file.write(npy_header<T>(shape)));
  CROSSFADE_RETURN_IF_ERROR(
      file.write({reinterpret_cast<const char*>(values.data()), values.size_bytes()}));
  return file.close(sync);
}

template <class T>
Result<NpyArray<T>> read_npy(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  const std::string_view bytes = file.bytes();
  CROSSFADE_ASSIGN_OR_RETURN(const std::string_view header, header_of(bytes, path));
  if (header.find(std::string("'") + kTypeName<T> + "'") == std::string_view::npos)
    return not_npy(path, std::string("its element type is not ") + kTypeName<T>);
  if (header.find("'fortran_order': False") == std::string_view::npos)
    return not_npy(path, "it is not in C order");
  const auto shape = parse_shape(header);
  if (!shape) return not_npy(path, "its shape does not read");

  const std::string_view data = bytes.substr(10 + header.size());
  if (reinterpret_cast<std::uintptr_t>(data.data()) % alignof(T) != 0)
    return not_npy(path, "its data is not aligned");
  std::uint64_t count = 1;
  for (const std::int64_t extent : *shape) {
    if (extent > 0 && count > data.size() / static_cast<std::uint64_t>(extent))
      return not_npy(path, "its shape asks for more than the file holds");
    count *= static_cast<std::uint64_t>(extent);
  }
  if (count * sizeof(T) != data.size())
    return not_npy(path, "its shape asks for " + std::to_string(count) + " elements and " +
                             std::to_string(data.size() / sizeof(T)) + " are there");
  const std::span<const T> values(reinterpret_cast<const T*>(data.data()), count);
  return NpyArray<T>{Array<T>(values, file.owner()), *shape};
}

#define CROSSFADE_NPY(T)                                                                          \
  template std::string npy_header<T>(const std::vector<std::int64_t>&);                           \
  template Status write_npy<T>(const std::string&, std::span<const T>, std::vector<std::int64_t>, \
                               Sync);                                                             \
  template Result<NpyArray<T>> read_npy<T>(const std::string&);
CROSSFADE_NPY(std::int8_t)
CROSSFADE_NPY(std::uint8_t)
CROSSFADE_NPY(char)
CROSSFADE_NPY(std::uint16_t)
CROSSFADE_NPY(std::int32_t)
CROSSFADE_NPY(std::int64_t)
CROSSFADE_NPY(Half)
CROSSFADE_NPY(float)
CROSSFADE_NPY(double)
#undef CROSSFADE_NPY

}  // namespace crossfade
