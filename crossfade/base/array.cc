// Packs strings into one block, and checks a packed block that came from a file.
#include "crossfade/base/array.h"

namespace crossfade {

StringArray::StringArray(const std::vector<std::string>& strings) {
  std::vector<std::int64_t> offsets{0};
  std::vector<char> bytes;
  offsets.reserve(strings.size() + 1);
  for (const std::string& text : strings) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  offsets_ = std::move(offsets);
  bytes_ = std::move(bytes);
}

bool StringArray::valid() const {
  if (offsets_.empty()) return bytes_.empty();
  if (offsets_[0] != 0) return false;
  for (std::size_t i = 1; i < offsets_.size(); ++i)
    if (offsets_[i] < offsets_[i - 1]) return false;
  return offsets_[offsets_.size() - 1] == static_cast<std::int64_t>(bytes_.size());
}

}  // namespace crossfade
