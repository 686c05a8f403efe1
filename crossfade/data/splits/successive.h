// Successive targets: every held-out interaction is asked for in turn, with all that came before it
// as history, as a service is asked after every event (Gusak et al., Time to Split, RecSys 2025).
//
// Each question becomes a user of its own, so that a list per user is a list per question.
#pragma once

#include "crossfade/data/splits/split.h"

namespace crossfade {

struct Questions {
  Dataset asked;  // one interaction per question
  Dataset known;  // the history of each question
};

// Which rows of the part that is asked for are questions.
enum class AskFrom { kFirst, kSecond };  // of each user's

// A question for every row of the part `asked`, from the first or the second of each user on; rows
// of it and of `known` parts before that row, by the same user, are its history. The questions are
// users behind the dataset's own, who have no rows here: user after user, oldest question first.
// Their ids are the numbers after the largest id, or, where ids are text, "USER/1", "USER/2". The
// histories overlap: memory grows by the sum of their lengths. Errors: several domains (usage); no
// numbers are left, no question, or too many (data invalid).
Result<Questions> ask_one_by_one(const Dataset& dataset, const RowParts& parts, Part asked,
                                 const PartSet& known, AskFrom from, Context& context);

}  // namespace crossfade
