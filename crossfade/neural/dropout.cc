// Four numbers are decided by each hash of 64 bits, 16 bits each: shares are multiples of 1/65536.
#include "crossfade/neural/dropout.h"

#include <torch/csrc/autograd/custom_function.h>

namespace crossfade {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

at::Tensor dropped(const at::Tensor& x, double share, std::int64_t key) {
  at::Tensor y = x.contiguous().clone();
  drop(y.data_ptr<float>(), y.numel(), share, key);
  return y;
}

struct DropoutFunction : torch::autograd::Function<DropoutFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, double share,
                            std::int64_t key) {
    context->saved_data["share"] = share;
    context->saved_data["key"] = key;
    return dropped(x, share, key);
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    return {dropped(gradients[0], context->saved_data["share"].toDouble(),
                    context->saved_data["key"].toInt()),
            {},
            {}};
  }
};

}  // namespace

void drop(float* x, std::int64_t size, double share, std::int64_t key, std::int64_t first) {
  const auto threshold = static_cast<std::uint64_t>(share * 65536);
  const float scale = 65536.0F / (65536.0F - static_cast<float>(threshold));
  const float factor[2] = {scale, 0};
  std::int64_t i = 0;
  while (i < size) {
    const std::int64_t number = first + i;
    std::uint64_t bits = mix64(static_cast<std::uint64_t>(key) +
                               static_cast<std::uint64_t>(number / 4) * 0x9E3779B97F4A7C15ULL) >>
                         (16 * (number % 4));
    for (std::int64_t lane = number % 4; lane < 4 && i < size; ++lane, ++i, bits >>= 16)
      x[i] *= factor[(bits & 0xFFFF) < threshold ? 1 : 0];
  }
}

at::Tensor Dropout::operator()(const at::Tensor& x) {
  if (share_ <= 0) return x;
  if (!x.is_cpu()) return at::dropout(x, share_, true);
  return DropoutFunction::apply(x, share_, next_key());
}

}  // namespace crossfade
