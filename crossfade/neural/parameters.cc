// Named tensors; see parameters.h.
#include "crossfade/neural/parameters.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "crossfade/base/check.h"
#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

// FNV-1a: a stream for each name, so that another parameter beside it changes no number.
std::uint64_t stream_of(const std::string& name) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3;
  return hash;
}

}  // namespace

void Parameters::add(const std::string& name, const std::vector<std::int64_t>& shape, Start start,
                     std::uint64_t seed) {
  at::Tensor value = at::full(shape, start.constant, at::kFloat);
  if (start.deviation > 0) {
    Rng rng(seed, stream_of(name));
    float* numbers = value.data_ptr<float>();
    for (std::int64_t i = 0; i < value.numel(); ++i)
      numbers[i] += static_cast<float>(start.deviation * rng.normal());
  }
  add(name, std::move(value));
}

void Parameters::add(const std::string& name, at::Tensor value) {
  CROSSFADE_CHECK(!has(name), "a parameter is named once: " + name);
  list_.push_back({name, std::move(value)});
}

const at::Tensor& Parameters::operator[](const std::string& name) const {
  const auto found = std::find_if(list_.begin(), list_.end(),
                                  [&](const Parameter& one) { return one.name == name; });
  CROSSFADE_CHECK(found != list_.end(), "there is no parameter " + name);
  return found->value;
}

bool Parameters::has(const std::string& name) const {
  return std::any_of(list_.begin(), list_.end(),
                     [&](const Parameter& one) { return one.name == name; });
}

std::int64_t Parameters::numbers() const {
  std::int64_t sum = 0;
  for (const Parameter& one : list_) sum += one.value.numel();
  return sum;
}

Parameters Parameters::leaves() const {
  Parameters made;
  for (const Parameter& one : list_)
    made.list_.push_back({one.name, one.value.detach().set_requires_grad(true)});
  return made;
}

Parameters Parameters::zeros() const {
  Parameters made;
  for (const Parameter& one : list_) made.list_.push_back({one.name, at::zeros_like(one.value)});
  return made;
}

Parameters Parameters::copy() const {
  Parameters made;
  for (const Parameter& one : list_) made.list_.push_back({one.name, one.value.clone()});
  return made;
}

Parameters Parameters::on(at::Device device) const {
  Parameters made;
  for (const Parameter& one : list_) made.list_.push_back({one.name, one.value.to(device)});
  return made;
}

double glorot(std::int64_t out, std::int64_t in) {
  return std::sqrt(2.0 / static_cast<double>(out + in));
}

}  // namespace crossfade
