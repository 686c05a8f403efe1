// Asks libtorch for devices; see execution.h.
#include "crossfade/neural/execution.h"

namespace crossfade {

Result<Execution> Execution::find(const std::string& device, bool mixed_precision) {
  if (device == "cpu" || (device == "auto" && !at::hasCUDA())) return Execution{};
  if (!at::hasCUDA())
    return usage_error(
        "device=cuda, but libtorch finds no CUDA here: there is no device, no driver, or "
        "crossfade-neural was built with the libtorch that is without CUDA; train with device=cpu");
  return Execution{at::Device(at::kCUDA, 0), mixed_precision};
}

at::Tensor indices_for(const at::Tensor& tensor, const std::vector<std::int64_t>& values) {
  const at::Tensor here = at::from_blob(const_cast<std::int64_t*>(values.data()),
                                        {static_cast<std::int64_t>(values.size())}, at::kLong);
  return tensor.is_cpu() ? here : here.to(tensor.device());
}

}  // namespace crossfade
