// .npy columns: one flat array per file, in NumPy's own format (version 1.0, little endian, C
// order), so that a store or a model opens in Python with numpy.load(path, mmap_mode="r").
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/array.h"
#include "crossfade/base/file.h"
#include "crossfade/base/half.h"
#include "crossfade/base/status.h"

namespace crossfade {

// Element types: int8, uint8, uint16, int32, int64, Half, float, double; char is written as uint8.
// `shape` multiplies to values.size(); {} means one dimension.
template <class T>
Status write_npy(const std::string& path, std::span<const T> values,
                 std::vector<std::int64_t> shape = {}, Sync sync = Sync::kYes);

// The bytes in front of the values; always as many for one dimension, whatever its length.
template <class T>
std::string npy_header(const std::vector<std::int64_t>& shape);

template <class T>
struct NpyArray {
  Array<T> values;                  // mapped from the file
  std::vector<std::int64_t> shape;  // multiplies to values.size()
};

// The element type as the file's header writes it: "<f2" is Half, "<f4" float. Errors: missing, not
// .npy.
Result<std::string> npy_element_type(const std::string& path);

// Maps the file. Errors: missing, not .npy, another element type, a size that is not the header's.
template <class T>
Result<NpyArray<T>> read_npy(const std::string& path);

}  // namespace crossfade
