// The matrix of a domain's pairs, if it has any; see learn_from_pairs.h.
#include "crossfade/models/neighbours/learn_from_pairs.h"

namespace crossfade {

Result<SparseMatrix> pairs_of(const std::string& generator, const TrainInput& input,
                              const KindWeights& kinds, Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const Domain domain,
                             with_kind_weights(input.dataset.domains()[input.domain_index], kinds));
  SparseMatrix users = to_matrix(domain, input.dataset.num_users(), context);
  if (users.nonzeros() == 0)
    return data_invalid("domain " + domain.name + " has no interaction of positive weight, so " +
                        generator + " has nothing to learn");
  return users;
}

}  // namespace crossfade
