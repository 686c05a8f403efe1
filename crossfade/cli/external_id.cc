// Looks a typed id up and says what an id of this store looks like when there is none.
#include "crossfade/cli/external_id.h"

namespace crossfade {

Result<std::int32_t> find_typed_id(const Vocabulary& vocabulary, const std::string& typed,
                                   const std::string& what) {
  const std::int32_t index = vocabulary.find(std::string_view(typed));
  if (index != kUnknown) return index;
  std::string example =
      vocabulary.size() > 0 ? "; one that it has is " + vocabulary.id_text(0) : "";
  return usage_error("the store has no " + what + " '" + typed + "'" + example);
}

}  // namespace crossfade
