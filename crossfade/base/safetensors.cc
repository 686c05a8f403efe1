// Every number of the header is a stranger's: it is compared before anything is computed from it.
#include "crossfade/base/safetensors.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "crossfade/base/json.h"
#include "crossfade/base/mapped_file.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

constexpr std::size_t kLengthBytes = 8;
// The data starts at a multiple of it, so that values can be viewed where they lie.
constexpr std::size_t kAlignment = 64;

// Bytes of one element; 0 for a type that the format does not have.
std::uint64_t bytes_of_type(std::string_view type) {
  for (const char* name : {"F64", "I64", "U64"})
    if (type == name) return 8;
  for (const char* name : {"F32", "I32", "U32"})
    if (type == name) return 4;
  for (const char* name : {"F16", "BF16", "I16", "U16"})
    if (type == name) return 2;
  for (const char* name : {"I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2"})
    if (type == name) return 1;
  return 0;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::vector<std::string> extents;
  for (const std::int64_t extent : shape) extents.push_back(std::to_string(extent));
  return "[" + join(extents, ", ") + "]";
}

// A member that is a list of numbers from 0 on.
Result<std::vector<std::int64_t>> counts_at(const Json& json, const std::string& member) {
  std::vector<std::int64_t> counts;
  const Json::Array* list = json[member].as_array();
  if (!list) return data_invalid("has no list '" + member + "'");
  for (const Json& entry : *list) {
    const std::int64_t* count = entry.as_int();
    if (!count || *count < 0)
      return data_invalid("has a '" + member + "' with an entry that is no count");
    counts.push_back(*count);
  }
  return counts;
}

// The bytes that a shape asks for, or nothing if they are more than `most`.
Result<std::uint64_t> bytes_of_shape(const std::vector<std::int64_t>& shape, std::uint64_t size,
                                     std::uint64_t most) {
  std::uint64_t bytes = size;
  for (const std::int64_t extent : shape) {
    if (extent > 0 && bytes > most / static_cast<std::uint64_t>(extent))
      return data_invalid("has the shape " + shape_text(shape) + ", more than the file holds");
    bytes *= static_cast<std::uint64_t>(extent);
  }
  return bytes;
}

std::string header_of(const std::vector<NamedTensor>& tensors) {
  Json header = Json::object();
  std::uint64_t offset = 0;
  for (const NamedTensor& tensor : tensors) {
    const std::uint64_t end = offset + tensor.values.size_bytes();
    header.set(tensor.name, Json::object()
                                .set("dtype", "F32")
                                .set("shape", json_list(tensor.shape))
                                .set("data_offsets", json_list(std::vector<std::int64_t>{
                                                         static_cast<std::int64_t>(offset),
                                                         static_cast<std::int64_t>(end)})));
    offset = end;
  }
  std::string text = to_text(header);
  text.append((kAlignment - (kLengthBytes + text.size()) % kAlignment) % kAlignment, ' ');
  return text;
}

Status not_safetensors(const std::string& path, const std::string& reason) {
  return data_invalid(path + " is not a readable safetensors file: " + reason);
}

// The header's text, or why there is none.
Result<std::string_view> header_text(std::string_view bytes, const std::string& path) {
  if (bytes.size() < kLengthBytes) return not_safetensors(path, "it ends inside its first 8 bytes");
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;)
    length = length << 8 | static_cast<unsigned char>(bytes[i]);
  if (length > bytes.size() - kLengthBytes)
    return not_safetensors(path, "its header is said to be longer than the file");
  return bytes.substr(kLengthBytes, length);
}

}  // namespace

Status write_safetensors(const std::string& path, std::vector<NamedTensor> tensors, Sync sync) {
  std::sort(tensors.begin(), tensors.end(),
            [](const NamedTensor& a, const NamedTensor& b) { return a.name < b.name; });
  for (const NamedTensor& tensor : tensors) {
    std::int64_t count = 1;
    for (const std::int64_t extent : tensor.shape) count *= extent;
    CROSSFADE_CHECK(count == std::ssize(tensor.values), "a tensor's shape holds its values");
  }
  const std::string header = header_of(tensors);
  std::string length(kLengthBytes, '\0');
  for (std::size_t i = 0; i < kLengthBytes; ++i)
    length[i] = static_cast<char>(header.size() >> (8 * i) & 255);
  CROSSFADE_ASSIGN_OR_RETURN(FileWriter file, FileWriter::create(path));
  CROSSFADE_RETURN_IF_ERROR(file.write(length + header));
  for (const NamedTensor& tensor : tensors)
    CROSSFADE_RETURN_IF_ERROR(file.write(
        {reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size_bytes()}));
  return file.close(sync);
}

Result<Safetensors> Safetensors::open(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string_view text, header_text(file.bytes(), path));
  const auto header = parse_json(text);
  if (!header.ok()) return not_safetensors(path, header.status().message());
  if (!header->as_object()) return not_safetensors(path, "its header is no JSON object");
  const std::string_view data = file.bytes().substr(kLengthBytes + text.size());

  Safetensors tensors;
  tensors.path_ = path;
  tensors.owner_ = file.owner();
  struct Range {
    std::uint64_t begin, end;
    const std::string* name;
  };
  std::vector<Range> ranges;
  for (const auto& [name, entry] : *header->as_object()) {
    if (name == "__metadata__") continue;
    const auto wrong = [&, tensor = name](const std::string& reason) {
      return not_safetensors(path, "the tensor " + tensor + " " + reason);
    };
    const std::string* type = entry["dtype"].as_string();
    const std::uint64_t size = type ? bytes_of_type(*type) : 0;
    if (size == 0) return wrong("has no element type that the format knows");
    const auto shape = counts_at(entry, "shape"), offsets = counts_at(entry, "data_offsets");
    if (!shape.ok()) return wrong(shape.status().message());
    if (!offsets.ok()) return wrong(offsets.status().message());
    if (offsets->size() != 2 || (*offsets)[0] > (*offsets)[1] ||
        static_cast<std::uint64_t>((*offsets)[1]) > data.size())
      return wrong("has data_offsets that do not lie in the file");
    const auto begin = static_cast<std::uint64_t>((*offsets)[0]);
    const auto end = static_cast<std::uint64_t>((*offsets)[1]);
    const auto bytes = bytes_of_shape(*shape, size, data.size());
    if (!bytes.ok()) return wrong(bytes.status().message());
    if (*bytes != end - begin)
      return wrong("has the shape " + shape_text(*shape) + " and " + std::to_string(end - begin) +
                   " bytes");
    tensors.tensors_[name] = {*type, *shape, data.substr(begin, end - begin)};
    ranges.push_back({begin, end, &name});
  }
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::uint64_t reached = 0;
  for (const Range& range : ranges) {
    if (range.begin != reached)
      return not_safetensors(
          path, "the tensor " + *range.name + " does not begin where the one before it ends");
    reached = range.end;
  }
  if (reached != data.size())
    return not_safetensors(
        path, std::to_string(data.size() - reached) + " bytes at its end belong to no tensor");
  return tensors;
}

std::vector<std::string> Safetensors::names() const {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : tensors_) names.push_back(name);
  return names;
}

Result<Array<float>> Safetensors::floats(const std::string& name,
                                         const std::vector<std::int64_t>& expected) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) return data_invalid(path_ + " has no tensor " + name);
  const Tensor& tensor = found->second;
  if (tensor.type != "F32")
    return data_invalid(path_ + ": the tensor " + name + " is of type " + tensor.type +
                        ", and F32 is needed");
  if (tensor.shape != expected)
    return data_invalid(path_ + ": the tensor " + name + " has the shape " +
                        shape_text(tensor.shape) + ", and " + shape_text(expected) + " is needed");
  const std::size_t count = tensor.bytes.size() / sizeof(float);
  Array<float> values;
  if (reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % alignof(float) == 0) {
    values = {{reinterpret_cast<const float*>(tensor.bytes.data()), count}, owner_};
  } else {  // another program's header may end anywhere
    std::vector<float> copy(count);
    std::memcpy(copy.data(), tensor.bytes.data(), tensor.bytes.size());
    values = std::move(copy);
  }
  for (const float value : values)
    if (!std::isfinite(value))
      return data_invalid(path_ + ": the tensor " + name + " holds a value that is not finite");
  return values;
}

}  // namespace crossfade
