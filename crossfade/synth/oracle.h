// Oracle: the best lists that anyone could recommend who knows how a service was made.
//
// It replays the sessions of a user from the user's own random stream, so it knows the taste and,
// for the very next event, the mood of a session that goes on. It ranks items by the probability of
// the next discovery (plus that of a replay, where seen items may be recommended). Exact, by the
// threshold algorithm (Fagin, Lotem, Naor, JCSS 2003) over the lists of the user's taste.
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/table.h"
#include "crossfade/synth/log.h"
#include "crossfade/synth/world.h"

namespace crossfade {

class Oracle {
 public:
  // Sorts every list by probability; `service` must outlive the oracle.
  Oracle(const Service& service, ThreadPool& threads);

  struct Scored {
    double score;
    std::int32_t item;
  };
  // Scratch of one thread.
  struct Scratch {
    std::vector<std::uint8_t> mark;  // by item, all 0 between calls
    std::vector<SessionPlan> sessions;
    std::vector<double> masses;
    std::vector<Scored> seen;
  };
  struct Question {
    std::int64_t user;
    std::vector<std::int32_t> past;  // items from the user's first event on, oldest first
    std::int64_t k;
    bool keep_seen;
    Horizon horizon;
  };
  // At most k items of positive probability, best first, equal ones by rising item.
  std::vector<Scored> best(const Question& question, Scratch& scratch) const;

 private:
  std::vector<Taste::Part> weights(const Question& question, Scratch& scratch) const;
  std::vector<Scored> discoveries(const std::vector<Taste::Part>& parts, std::int64_t k,
                                  Scratch& scratch) const;
  void add_replays(const Question& question, const std::vector<Taste::Part>& parts,
                   std::vector<Scored>& list, Scratch& scratch) const;

  const Service& service_;
  std::vector<std::int64_t> offsets_;  // of the lists, as in the catalogue
  std::vector<std::int32_t> sorted_;   // items of each list by falling probability
};

// The table that World::oracle hands on.
Result<Table> oracle_table(const Service& service, const LogForm& form,
                           const OracleRequest& request, Context& context);

}  // namespace crossfade
