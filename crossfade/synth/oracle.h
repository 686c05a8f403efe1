// Oracle: the best lists that anyone could recommend who knows how a service was made.
//
// It replays the sessions of a user from the user's own random stream, so it knows the taste and
// how it drifts, which items will have arrived when the user comes back, and, for the very next
// event, the mood of a session that goes on. It ranks items by the probability of the next
// discovery (plus that of a replay, where seen items may be recommended). Exact, by the threshold
// algorithm (Fagin, Lotem, Naor, JCSS 2003) over the lists of the user's taste.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/table.h"
#include "crossfade/synth/service.h"
#include "crossfade/synth/world.h"

namespace crossfade {

class Oracle {
 public:
  // Sorts every list by probability; `service` must outlive the oracle. Where histories are merged
  // rows and not events, `cut_share` of the world's activity is what they may come from; elsewhere
  // (0) a history of n items is the user's first n events.
  Oracle(const Service& service, ThreadPool& threads, double cut_share = 0);

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

  const Service& service() const { return service_; }

 private:
  // One of the user's lists: reach[e] is the chance of a discovery in it, divided by the mass of
  // what is born, and summed over the moments that an item born with epoch e has before it. So an
  // item's chance is the sum over lists of reach[birth] times its probability in the list.
  struct Reach {
    std::int32_t list;
    std::array<double, kEpochs> reach;
  };
  // What is to be foreseen for a user: discoveries, the chance that the last known event is
  // followed up, and how many of the known events may be replayed.
  struct Outlook {
    std::vector<Reach> lists;
    double follow = 0;
    std::int64_t replayable = 0;
  };

  Outlook outlook(const Question& question, Scratch& scratch) const;
  double score(const Outlook& outlook, std::int32_t item) const;
  std::vector<Scored> discoveries(const Outlook& outlook, std::int64_t k, Scratch& scratch) const;
  void add_replays(const Question& question, const Outlook& outlook, std::vector<Scored>& list,
                   Scratch& scratch) const;

  const Service& service_;
  const double cut_share_;
  std::vector<std::int64_t> offsets_;  // of the lists, as in the catalogue
  std::vector<std::int32_t> sorted_;   // items of each list by falling probability
};

// Ids in files are these plus the index.
struct FirstIds {
  std::int64_t user = 0, item = 0;
};

// The table that World::oracle hands on.
Result<Table> oracle_table(const Oracle& oracle, const FirstIds& ids, const OracleRequest& request,
                           Context& context);

}  // namespace crossfade
