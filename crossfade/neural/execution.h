// Where the numbers of a training are computed, and how exactly.
//
// On the processor a step is cut into parts for threads, and attention and dropout are our own. An
// accelerator takes a batch whole, by libtorch's own operators; there, mixed precision makes the
// products of the network in bfloat16 and keeps weights, sums, norms and losses in float32.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/status.h"

namespace crossfade {

struct Execution {
  at::Device device = at::kCPU;
  bool mixed = false;

  bool on_cpu() const { return device.is_cpu(); }

  // `device`: auto, cpu or cuda. Errors (usage): cuda, and there is none that libtorch can use.
  static Result<Execution> find(const std::string& device, bool mixed_precision);
};

// Indices on the device of the tensor that they are for. On the processor it is a view: `values`
// must stay.
at::Tensor indices_for(const at::Tensor& tensor, const std::vector<std::int64_t>& values);

}  // namespace crossfade
