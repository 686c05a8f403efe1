// Our splits and filters against RePlay's and RecTools', row by row, on the log of split_data.py.
//
// The peers' parts were written by export_splits_replay.py and export_splits_rectools.py, which say
// what was left out and why.
#include <gtest/gtest.h>

#include <algorithm>

#include "crossfade/base/file.h"
#include "crossfade/base/json.h"
#include "crossfade/base/text.h"
#include "crossfade/data/filters/filter.h"
#include "crossfade/data/splits/split.h"

namespace crossfade {
namespace {

// The places of the rows travel as sessions.
LogColumns read_log() {
  const auto text = read_file(std::string(PARITY_SPLITS) + "log.csv");
  CROSSFADE_CHECK(text.ok(), text.status().message());
  LogColumns log;
  std::vector<std::int64_t> users, items;
  const std::vector<std::string> lines = split(*text, '\n');
  for (std::size_t line = 1; line + 1 < lines.size(); ++line) {
    const std::vector<std::string> fields = split(lines[line], ',');
    users.push_back(*parse_int(fields[0]));
    items.push_back(*parse_int(fields[1]));
    log.time_ns.push_back(*parse_int(fields[2]) * 1'000'000'000);
    log.weights.push_back(static_cast<float>(*parse_double(fields[3])));
    log.sessions.push_back(static_cast<std::int64_t>(line) - 1);
  }
  log.users = std::move(users);
  log.items = std::move(items);
  return log;
}

std::vector<std::int64_t> places(const Dataset& part) {
  const auto& column = part.domains()[0].session;
  std::vector<std::int64_t> rows(column.begin(), column.end());
  std::sort(rows.begin(), rows.end());
  return rows;
}

// What we make of "split last:1", "warm time:..." or "filter kcore:5".
std::vector<std::int64_t> ours(const Dataset& log, const std::string& rule, Context& context) {
  const std::size_t space = rule.find(' ');
  const std::string verb = rule.substr(0, space), text = rule.substr(space + 1);
  if (verb == "filter")
    return places(filter_dataset(log, *parse_filters({text}), {}, context)->dataset);
  SplitOptions options;
  options.validation = false;
  options.drop_cold_users = options.drop_cold_items = verb == "warm";
  return places(split_dataset(log, *parse_split(text), options, context)->test);
}

struct SplitParity : testing::TestWithParam<const char*> {};

TEST_P(SplitParity, TheSameRows) {
  ThreadPool threads(2);
  SilentProgress progress;
  std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  const Dataset log = *build_dataset({}, "music", read_log(), context);
  const Json expected = *parse_json(*read_file(std::string(PARITY_SPLITS) + GetParam() + ".json"));
  int compared = 0;
  for (const auto& [rule, rows] : *expected.as_object()) {
    if (rule == "peer") continue;
    std::vector<std::int64_t> theirs;
    for (const Json& row : *rows.as_array()) theirs.push_back(*row.as_int());
    EXPECT_GT(theirs.size(), 10U) << rule;
    EXPECT_LT(theirs.size(), static_cast<std::size_t>(log.domains()[0].num_interactions()));
    EXPECT_EQ(ours(log, rule, context), theirs) << rule;
    ++compared;
  }
  EXPECT_GE(compared, 4);
}

INSTANTIATE_TEST_SUITE_P(Peers, SplitParity, testing::Values("replay", "rectools"),
                         [](const auto& peer) { return std::string(peer.param); });

}  // namespace
}  // namespace crossfade
