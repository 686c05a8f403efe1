// session:N[,GAP]: each user's last sessions are test. A session is what the log says, or ends
// where the user is away for longer than a gap.
#include <algorithm>

#include "crossfade/base/text.h"
#include "crossfade/data/moments.h"
#include "crossfade/data/splits/split_kind.h"

namespace crossfade {
namespace {

struct SessionCut {
  std::size_t n = 1;
  std::int64_t gap_ns = 0;  // 0: the log's own sessions
};

bool starts_session(const UserRows& rows, std::size_t i, const SessionCut& cut) {
  const std::size_t row = rows.begin + i;
  if (i == 0) return true;
  if (cut.gap_ns == 0) return rows.domain.session[row] != rows.domain.session[row - 1];
  return time_between(rows.domain.time_ns[row - 1], rows.domain.time_ns[row]) > cut.gap_ns;
}

void cut_user(UserRows& rows, const SessionCut& cut, bool validation) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < rows.parts.size(); ++i)
    if (starts_session(rows, i, cut)) starts.push_back(i);
  if (starts.size() <= cut.n) return;
  const auto test = static_cast<std::ptrdiff_t>(starts[starts.size() - cut.n]);
  std::fill(rows.parts.begin() + test, rows.parts.end(), kTest);
  if (!validation || starts.size() <= 2 * cut.n) return;
  std::fill(rows.parts.begin() + static_cast<std::ptrdiff_t>(starts[starts.size() - 2 * cut.n]),
            rows.parts.begin() + test, kValidation);
}

Status check(const Domain& domain, const SessionCut& cut) {
  if (cut.gap_ns > 0) return need_times_to_split(domain, "use last:1");
  if (!domain.session.empty() || domain.num_interactions() == 0) return ok_status();
  return usage_error("domain '" + domain.name +
                     "' has no sessions; give the gap that ends one, as in session:1,30m");
}

Result<SplitRule> parse(const std::string& argument) {
  const std::size_t comma = argument.find(',');
  const auto n = parse_int(argument.substr(0, comma));
  const auto gap = comma == std::string::npos ? std::optional<std::int64_t>(0)
                                              : parse_length(argument.substr(comma + 1));
  if (!n || *n < 1 || *n > 1'000'000 || !gap)
    return usage_error(
        "what follows 'session:' is how many sessions per user are test (session:1), and the gap "
        "between two if the log does not know them (session:1,30m)");
  const SessionCut cut{static_cast<std::size_t>(*n), *gap};
  return rule_per_user([cut](const Domain& domain, Context&) { return check(domain, cut); },
                       [cut](UserRows& rows, const SplitOptions& options) {
                         cut_user(rows, cut, options.validation);
                       });
}

}  // namespace

SplitKind session_split() {
  return {"session", "session:1",
          "the last session of every user; sessions by a gap: session:1,30m", parse};
}

}  // namespace crossfade
