// Statistics of the default world against real logs: within 10%, as bench/world_statistics.py
// measures them on the logs themselves (README.md says which they are).
#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "crossfade/synth/test_world.h"

namespace crossfade {
namespace {

struct Play {
  std::int32_t user, track;
  std::int64_t session, time_ns;
  float seconds;
};

std::vector<Play> plays_of(const std::vector<std::string>& settings) {
  std::vector<std::string> music{"shop_share=0", "overlap=0", "listeners=1"};
  music.insert(music.end(), settings.begin(), settings.end());
  const Table log = made("two-domain", music).table("zvuk-interactions");
  std::vector<Play> plays(log.num_rows());
  for (std::size_t row = 0; row < plays.size(); ++row)
    plays[row] = {
        values<std::int32_t>(log, "user_id")[row], values<std::int32_t>(log, "track_id")[row],
        values<std::int64_t>(log, "session_id")[row], values<std::int64_t>(log, "datetime")[row],
        values<float>(log, "play_duration")[row]};
  return plays;
}

// Sizes of groups of plays, rising.
template <class Key>
std::vector<double> sizes(const std::vector<Play>& plays, Key&& key) {
  std::map<std::int64_t, double> counts;
  for (const Play& play : plays) ++counts[key(play)];
  std::vector<double> result;
  for (const auto& [id, count] : counts) result.push_back(count);
  std::sort(result.begin(), result.end());
  return result;
}

double mean(const std::vector<double>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}
double quantile(std::vector<double> numbers, double at) {
  std::sort(numbers.begin(), numbers.end());
  return numbers[static_cast<std::size_t>(at * static_cast<double>(numbers.size()))];
}
// The share of all that the largest hundredth or tenth of groups has.
double top_share(const std::vector<double>& rising, std::size_t part) {
  const auto top = static_cast<std::ptrdiff_t>(rising.size() / part);
  return std::accumulate(rising.end() - top, rising.end(), 0.0) /
         std::accumulate(rising.begin(), rising.end(), 0.0);
}

double gini(const std::vector<double>& rising) {
  const auto size = static_cast<double>(rising.size());
  double reached = 0, below = 0;
  for (const double count : rising) below += reached += count;
  return 1 + 1 / size - 2 * below / (reached * size);
}

void expect_near(double ours, double real, const char* what) {
  EXPECT_NEAR(ours / real, 1, 0.1) << what << ": " << ours << ", really " << real;
}

// 30music's users, tracks and year; a tenth of the sessions, as in its sample.
class Year : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    plays_ = new std::vector<Play>(
        plays_of({"users=14262", "items=9999", "events=3431830", "days=365"}));
    std::erase_if(*plays_, [](const Play& play) {
      return (static_cast<std::uint64_t>(play.session) * 0x9E3779B97F4A7C15ULL >> 40) % 10 != 0;
    });
  }
  static void TearDownTestSuite() { delete plays_; }

  static std::vector<Play>* plays_;
};
std::vector<Play>* Year::plays_ = nullptr;

TEST_F(Year, HistoriesAndPopularityHaveTheRealShape) {
  const auto histories = sizes(*plays_, [](const Play& play) { return play.user; });
  expect_near(quantile(histories, 0.5) / mean(histories), 0.582, "median / mean history");
  expect_near(quantile(histories, 0.9) / mean(histories), 2.286, "90% / mean history");
  const auto tracks = sizes(*plays_, [](const Play& play) { return play.track; });
  expect_near(top_share(tracks, 100), 0.0694, "share of the top 1%");
  expect_near(top_share(tracks, 10), 0.310, "share of the top 10%");
  expect_near(gini(tracks), 0.381, "Gini");
}

TEST_F(Year, GapsAreAsLong) {
  std::vector<double> gaps;
  for (std::size_t row = 1, last = 0; row < plays_->size(); ++row) {
    const Play &before = (*plays_)[last], &play = (*plays_)[row];
    if (play.seconds < 30) continue;
    const double gap = static_cast<double>(play.time_ns - before.time_ns) * 1e-9;
    if (play.user == before.user && before.seconds >= 30 && gap <= 1800) gaps.push_back(gap);
    last = row;
  }
  expect_near(quantile(gaps, 0.5), 278, "median gap");
  expect_near(mean(gaps), 410, "mean gap");
}

TEST_F(Year, RepeatsAndNewItemsAreAsCommon) {
  std::vector<Play> by_time = *plays_;
  const auto pairs =
      sizes(by_time, [](const Play& play) { return std::int64_t{play.user} << 32 | play.track; });
  expect_near(1 - static_cast<double>(pairs.size()) / static_cast<double>(by_time.size()), 0.182,
              "repeats of a user's plays");
  std::stable_sort(by_time.begin(), by_time.end(),
                   [](const Play& a, const Play& b) { return a.time_ns < b.time_ns; });
  std::set<std::int32_t> known;
  double unknown = 0;
  for (std::size_t row = 0; row < by_time.size(); ++row) {
    if (row < by_time.size() / 2)
      known.insert(by_time[row].track);
    else
      unknown += known.count(by_time[row].track) == 0;
  }
  expect_near(unknown / (static_cast<double>(by_time.size()) / 2), 0.124, "plays of new tracks");
}

// Histories as long as Zvuk's.
TEST(Statistics, SessionsSkipsAndRepeatsWithinThemAreAsInYandexMusic) {
  const std::vector<Play> plays = plays_of({"users=1000", "items=50000", "events=639000"});
  const auto sessions = sizes(plays, [](const Play& play) { return play.session; });
  expect_near(mean(sessions), 8.92, "mean session");
  EXPECT_EQ(quantile(sessions, 0.5), 5);
  expect_near(quantile(sessions, 0.9), 20, "90% of sessions");
  const auto pairs =
      sizes(plays, [](const Play& play) { return play.session * 50000 + play.track; });
  expect_near(1 - static_cast<double>(pairs.size()) / static_cast<double>(plays.size()), 0.0713,
              "repeats within sessions");
  // The longest play of a track is a whole one; less than 0.3 of it is a skip.
  std::map<std::int32_t, float> lengths;
  for (const Play& play : plays) lengths[play.track] = std::max(lengths[play.track], play.seconds);
  double skips = 0;
  for (const Play& play : plays) skips += play.seconds < 0.3F * lengths[play.track];
  expect_near(skips / static_cast<double>(plays.size()), 0.336, "skips");
}

}  // namespace
}  // namespace crossfade
