// Safetensors: named tensors in one file, the form in which neural weights are handed around
// (https://github.com/huggingface/safetensors): eight bytes with the length of a JSON header, the
// header {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}, and the data.
// No code runs when it is read, it maps, and Python opens it with safetensors.torch.load_file.
//
// A file is believed only if every byte has one meaning: the tensors' bytes lie end to end from the
// first to the last, none shared and none left over, and each is as long as its shape says.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/base/array.h"
#include "crossfade/base/file.h"
#include "crossfade/base/status.h"

namespace crossfade {

// A tensor to be written: float32, row-major; the shape multiplies to values.size().
struct NamedTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::span<const float> values;
};

// The same tensors give the same bytes; they are written in the order of their names. Errors: the
// disk.
Status write_safetensors(const std::string& path, std::vector<NamedTensor> tensors,
                         Sync sync = Sync::kYes);

class Safetensors {
 public:
  // Maps a file. Errors: missing; (data invalid) truncated, a header that is not JSON of this form,
  // an unknown element type, offsets that overlap, leave bytes over or do not fit the shape.
  static Result<Safetensors> open(const std::string& path);

  // Rising.
  std::vector<std::string> names() const;
  bool has(const std::string& name) const { return tensors_.contains(name); }
  // "F32", and its shape; of a tensor that is there.
  const std::string& type(const std::string& name) const { return tensors_.at(name).type; }
  const std::vector<std::int64_t>& shape(const std::string& name) const {
    return tensors_.at(name).shape;
  }
  // The values of a float32 tensor of this shape, viewed in the file. Errors (data invalid), each
  // with the file and the tensor: there is none, another type, another shape, a value that is not
  // finite.
  Result<Array<float>> floats(const std::string& name,
                              const std::vector<std::int64_t>& expected) const;

 private:
  struct Tensor {
    std::string type;
    std::vector<std::int64_t> shape;
    std::string_view bytes;
  };

  std::string path_;
  std::map<std::string, Tensor> tensors_;
  std::shared_ptr<const void> owner_;
};

}  // namespace crossfade
