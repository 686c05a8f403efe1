// There are as many numbers as items or users, which are few beside the events: a sort will do.
#include "crossfade/data/exploration/explore_numbers.h"

#include <algorithm>
#include <cmath>

namespace crossfade {
namespace {

float quantile(const std::vector<float>& rising, double share) {
  const auto wanted =
      static_cast<std::size_t>(std::ceil(share * static_cast<double>(rising.size())));
  return rising[std::max<std::size_t>(wanted, 1) - 1];
}

NumberExploration explore(const NumberAttribute& attribute) {
  NumberExploration found;
  std::vector<float> numbers;
  for (const float number : attribute.values) {
    if (!std::isfinite(number)) continue;
    numbers.push_back(number);
    found.mean += static_cast<double>(number);
    found.whole = found.whole && number == std::floor(number);
  }
  found.known = std::ssize(numbers);
  found.missing = std::ssize(attribute.values.span()) - found.known;
  if (numbers.empty()) return found;
  found.mean /= static_cast<double>(found.known);
  std::sort(numbers.begin(), numbers.end());
  found.least = numbers.front();
  found.q25 = quantile(numbers, 0.25);
  found.median = quantile(numbers, 0.5);
  found.q75 = quantile(numbers, 0.75);
  found.greatest = numbers.back();
  return found;
}

}  // namespace

std::vector<NumberExploration> explore_numbers(const ItemTable& about) {
  std::vector<NumberExploration> found;
  for (const ItemAttribute& attribute : about.attributes) {
    const auto* numbers = std::get_if<NumberAttribute>(&attribute.values);
    if (numbers == nullptr) continue;
    found.push_back(explore(*numbers));
    found.back().attribute = attribute.name;
  }
  return found;
}

}  // namespace crossfade
