// Our metrics against RePlay's and RecTools', per user and as means, on the data of parity_data.py.
//
// The peers' numbers were written by export_replay.py and export_rectools.py; where a definition
// differs, those files say by which rule a number was carried over.
#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/base/file.h"
#include "crossfade/base/json.h"
#include "crossfade/base/text.h"
#include "crossfade/evaluation/evaluate.h"
#include "crossfade/evaluation/join.h"

namespace crossfade {
namespace {

constexpr double kTolerance = 1e-9;  // relative; sums run in another order

Table read_csv(const std::string& name) {
  const auto text = read_file(PARITY_DATA + name);
  CROSSFADE_CHECK(text.ok(), text.status().message());
  const std::vector<std::string> lines = split(*text, '\n');
  Table table;
  for (const std::string& header : split(lines[0], ','))
    table.columns.push_back({header, std::vector<std::int64_t>(), Column::Meaning::kPlain, {}});
  for (std::size_t row = 1; row + 1 < lines.size(); ++row) {
    const std::vector<std::string> fields = split(lines[row], ',');
    for (std::size_t c = 0; c < fields.size(); ++c)
      std::get<std::vector<std::int64_t>>(table.columns[c].values).push_back(*parse_int(fields[c]));
  }
  return table;
}

struct Parity : testing::TestWithParam<const char*> {
  void SetUp() override {
    auto train_rows = read_csv("train.csv");
    LogColumns log;
    log.users = std::get<std::vector<std::int64_t>>(train_rows.columns[0].values);
    log.items = std::get<std::vector<std::int64_t>>(train_rows.columns[1].values);
    const Dataset train = *build_dataset({}, "music", std::move(log), context);
    const TrainCounts counts = count_train(train.domains()[0], threads);
    join = EvalJoin(train.users(), train.domains()[0].items);
    const Truth truth = *join.truth(read_csv("truth.csv"), {}, threads);
    const RankedLists lists = *join.lists(read_csv("lists.csv"), {}, threads);
    EvalInput input{lists.view(), truth,  join.users().size(), join.items().size(), &counts,
                    nullptr,      nullptr};
    EvalOptions options;
    options.ks = {1, 5, 20};
    auto result = evaluate(input, options, context);
    ASSERT_TRUE(result.ok()) << result.status().message();
    report = *std::move(result);
    expected = *parse_json(*read_file(std::string(PARITY_DATA) + GetParam() + ".json"));
  }

  ThreadPool threads{2};
  SilentProgress progress;
  std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  EvalJoin join;
  EvalReport report;
  Json expected;
};

TEST_P(Parity, Means) {
  const Json::Object& means = *expected["means"].as_object();
  EXPECT_GE(means.size(), 18u);
  for (const auto& [name, value] : means) {
    const MetricResult* ours = report.find(name);
    ASSERT_NE(ours, nullptr) << name;
    EXPECT_NEAR(ours->mean, value.number(), kTolerance * value.number()) << name;
  }
}

TEST_P(Parity, EveryUser) {
  int metrics = 0;
  for (const auto& [name, of_users] : *expected.as_object()) {
    if (!of_users.is_object() || name == "means") continue;
    ++metrics;
    const MetricResult* ours = report.find(name);
    ASSERT_NE(ours, nullptr) << name;
    std::size_t compared = 0;
    for (std::size_t i = 0; i < report.users.size(); ++i) {
      const std::string user = join.users().id_text(report.users[i]);
      const Json* value = of_users.find(user);
      if (value == nullptr) {  // a user without a list, whom the peer leaves out
        EXPECT_EQ(ours->per_user[i], 0) << name << " of user " << user;
        continue;
      }
      ++compared;
      EXPECT_NEAR(ours->per_user[i], value->number(), kTolerance * std::abs(value->number()))
          << name << " of user " << user;
    }
    EXPECT_EQ(compared, of_users.as_object()->size()) << name;
    EXPECT_GE(compared, 270u) << name;
  }
  EXPECT_EQ(metrics, 21);
}

INSTANTIATE_TEST_SUITE_P(Peers, Parity, testing::Values("rectools", "replay"),
                         [](const auto& peer) { return std::string(peer.param); });

}  // namespace
}  // namespace crossfade
