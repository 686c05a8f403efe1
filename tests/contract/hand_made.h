// Models of generators whose trainer lives in another program, made by hand from the data: enough
// for the contract to see what the house asks of every model.
#pragma once

#include <memory>
#include <string>

#include "crossfade/models/trainer.h"

namespace crossfade {

// For TrainInput::elsewhere. Items met by the same users get vectors that point the same way; a
// network reads them with one attention layer that looks everywhere alike.
Result<std::unique_ptr<Model>> make_by_hand(const std::string& generator, const TrainInput& input,
                                            Context& context);

}  // namespace crossfade
