// One try after the other.
#include "crossfade/pipeline/tries.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "crossfade/base/check.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

constexpr double kRungFactor = 3;
constexpr double kFewestUsers = 100;      // of a rung: by fewer, chance decides
constexpr int kMostShares = 3;            // rungs of users
constexpr std::uint64_t kAttempts = 200;  // to find something that was not tried yet

class Tries {
 public:
  Tries(const TriesRequest& request, const ScoreTry& score, TryJournal& journal, const Clock& clock)
      : request_(request), score_(score), journal_(journal), clock_(clock) {}

  Status run(Context& context) {
    const std::int64_t budget = request_.budget.tries;
    for (std::int64_t n = count(); n < budget && !out_of_time(); n = count()) {
      CROSSFADE_RETURN_IF_ERROR(context.check_stop());
      const auto settings = propose();
      if (!settings) {
        context.progress.say("everything that tune may try was tried");
        return ok_status();
      }
      CROSSFADE_ASSIGN_OR_RETURN(const Try one, judge(*settings));
      CROSSFADE_RETURN_IF_ERROR(journal_.add(one));
      context.progress.say(sentence(one));
    }
    return ok_status();
  }

 private:
  std::int64_t count() const { return static_cast<std::int64_t>(journal_.tries().size()); }

  bool out_of_time() const {
    double spent = 0;
    for (const Try& one : journal_.tries()) spent += one.seconds;
    return request_.budget.seconds > 0 && count() > 0 && spent >= request_.budget.seconds;
  }

  // Settings that were not tried yet; nothing if there are none.
  std::optional<std::vector<std::string>> propose() const {
    if (journal_.tries().empty()) return std::vector<std::string>();
    std::set<std::vector<std::string>> known;
    std::vector<TriedPoint> tried;
    double worst = 0;
    for (const Try& one : journal_.tries())
      if (!one.failed()) worst = std::min(worst, one.score());
    for (const Try& one : journal_.tries()) {
      const SearchPoint point = request_.space.point(one.settings);
      known.insert(request_.space.settings(point));
      tried.push_back(
          {point, static_cast<std::int64_t>(one.rungs.size()), one.failed() ? worst : one.score()});
    }
    for (std::uint64_t attempt = 0; attempt < kAttempts; ++attempt) {
      auto settings =
          request_.space.settings(suggest(request_.space, tried, request_.search, attempt));
      if (!known.count(settings)) return settings;
    }
    return std::nullopt;
  }

  Result<Try> judge(const std::vector<std::string>& settings) const {
    Try one;
    one.number = count();
    one.settings = settings;
    const std::int64_t start_ns = clock_.steady_ns();
    const std::vector<Rung> rungs = rungs_of(request_.space, request_.num_users);
    for (std::size_t r = 0; r < rungs.size() && !one.stopped; ++r) {
      auto score = score_(with_effort(settings, rungs[r].effort), rungs[r]);
      if (!score.ok()) {
        if (score.status().kind() == StatusKind::kInterrupted || one.number == 0)
          return score.status();
        one.error = score.status().message();
        one.rungs.clear();
        break;
      }
      score->effort = rungs[r].effort;
      one.rungs.push_back(*score);
      one.stopped = r + 1 < rungs.size() && !goes_on(one, r);
    }
    one.seconds = static_cast<double>(clock_.steady_ns() - start_ns) * 1e-9;
    return one;
  }

  std::vector<std::string> with_effort(std::vector<std::string> settings, double effort) const {
    if (request_.space.effort())
      settings.push_back(request_.space.effort()->name + "=" + format_shortest(effort));
    return settings;
  }

  bool goes_on(const Try& one, std::size_t rung) const {
    std::int64_t judged = 1, better = 0;
    for (const Try& other : journal_.tries()) {
      if (other.rungs.size() <= rung) continue;
      ++judged;
      better += other.rungs[rung].mean >= one.rungs[rung].mean;
    }
    const auto places = static_cast<std::int64_t>(static_cast<double>(judged) / kRungFactor);
    return better < std::max<std::int64_t>(1, places);
  }

  std::string sentence(const Try& one) const {
    const std::string head = "try " + std::to_string(one.number + 1) + " of " +
                             std::to_string(request_.budget.tries) + ": ";
    if (one.failed()) return head + "failed: " + one.error;
    const Try& best = journal_.tries()[best_try(journal_.tries())];
    return head + request_.metric + " " + format_number(one.score(), 4) +
           (one.stopped ? " (stopped early)" : "") + ", best " + format_number(best.score(), 4) +
           ", " + format_duration(one.seconds) + " [" +
           (one.settings.empty() ? "defaults" : join(one.settings, " ")) + "]";
  }

  const TriesRequest& request_;
  const ScoreTry& score_;
  TryJournal& journal_;
  const Clock& clock_;
};

}  // namespace

std::vector<Rung> rungs_of(const SearchSpace& space, std::int64_t num_users) {
  std::vector<Rung> rungs;
  if (space.effort()) {
    for (double effort = space.effort()->top; effort >= space.effort()->low;
         effort = std::round(effort / kRungFactor))
      rungs.insert(rungs.begin(), {effort, 1});
    return rungs;
  }
  double share = 1;
  for (int i = 0; i < kMostShares; ++i, share /= kRungFactor)
    if (i == 0 || share * static_cast<double>(num_users) >= kFewestUsers)
      rungs.insert(rungs.begin(), {0, share});
  return rungs;
}

std::size_t best_try(const std::vector<Try>& tries) {
  CROSSFADE_CHECK(!tries.empty(), "there is a best try only among tries");
  std::size_t best = 0;
  for (std::size_t i = 1; i < tries.size(); ++i) {
    const std::size_t rungs = tries[i].rungs.size(), most = tries[best].rungs.size();
    if (rungs > most || (rungs == most && rungs > 0 && tries[i].score() > tries[best].score()))
      best = i;
  }
  return best;
}

Status make_tries(const TriesRequest& request, const ScoreTry& score, TryJournal& journal,
                  const Clock& clock, Context& context) {
  return Tries(request, score, journal, clock).run(context);
}

}  // namespace crossfade
