// Numbers the ids of a whole column: one block of an IdEncoder.
#include <utility>

#include "crossfade/data/id_encoder.h"

namespace crossfade {

Result<Encoded> encode_ids(const Vocabulary& start, const IdColumn& ids) {
  Encoded encoded;
  encoded.indices.resize(size_of(ids));
  IdEncoder encoder(to_id_list(start));
  CROSSFADE_RETURN_IF_ERROR(encoder.encode(ids, encoded.indices, nullptr));
  if (encoder.size() == start.size()) {
    encoded.vocabulary = start;
    return encoded;
  }
  CROSSFADE_ASSIGN_OR_RETURN(encoded.vocabulary, to_vocabulary(encoder.take()));
  return encoded;
}

}  // namespace crossfade
