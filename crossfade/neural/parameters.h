// Parameters: the named tensors that training changes, in one fixed order.
//
// They carry no autograd history. Whoever differentiates takes leaves(): tensors of the same
// memory that do, one set per thread, so that several threads run forward and backward at once.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/status.h"

namespace crossfade {

struct Parameter {
  std::string name;
  at::Tensor value;  // float32, contiguous
};

// How a parameter begins: normal of that deviation, or one value everywhere.
struct Start {
  double deviation = 0, constant = 0;
};

class Parameters {
 public:
  // Fills it from a random stream of its own: seed and name decide every number.
  void add(const std::string& name, const std::vector<std::int64_t>& shape, Start start,
           std::uint64_t seed);
  void add(const std::string& name, at::Tensor value);

  // A name that is not there ends the program.
  const at::Tensor& operator[](const std::string& name) const;
  bool has(const std::string& name) const;
  const std::vector<Parameter>& list() const { return list_; }
  std::int64_t numbers() const;  // floats of all

  Parameters leaves() const;
  Parameters zeros() const;  // of the same names and shapes
  Parameters copy() const;
  // On that device: copies, or the same tensors where they are there already.
  Parameters on(at::Device device) const;

 private:
  std::vector<Parameter> list_;
};

// The deviation of Glorot and Bengio (2010) for a layer [out, in].
double glorot(std::int64_t out, std::int64_t in);

}  // namespace crossfade
