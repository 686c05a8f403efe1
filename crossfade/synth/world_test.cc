// Worlds: frozen bytes, the same for any number of threads, wrong settings answered, and a truth
// that agrees with the logs and beats popularity.
#include "crossfade/synth/world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "crossfade/synth/test_world.h"

namespace crossfade {
namespace {

const std::vector<std::string> kTiny{"users=60", "items=120", "events=3000", "tastes=6"};
const std::vector<std::string> kTinyFilms{"users=60", "items=120", "events=1500", "tastes=6"};

const std::vector<std::string> kTinyPlays{"users=60", "items=120", "events=1500", "tastes=6"};

std::string frozen(const std::string& world, const std::vector<std::string>& settings) {
  const MadeWorld any = made(world, settings);
  std::string hashes;
  for (const TableInfo& info : any.world->tables())
    if (info.role != TableRole::kTruth) hashes += hash_of(any.table(info.name)) + " ";
  return hashes;
}

// Frozen: models are measured on these worlds, so a change of a formula, a default or a stream is a
// new world and has to be meant.
TEST(Worlds, AreFrozen) {
  EXPECT_EQ(
      frozen("two-domain", kTiny),
      "c38e006d120f0a95 e10754253297830e f1939bb41a43ac3c 114c5680dba26c9e 8826449823802b27 ");
  EXPECT_EQ(frozen("hackathon", kTiny),
            "5b2cfe2b27549b45 c9e1221e662936d8 7c105e0f64c47cba 21724ef56eb7b650 ");
  EXPECT_EQ(frozen("practicum", kTinyPlays), "758cbede8ce24697 93002aa8418250d2 c7dca0de1e6e5074 ");
  EXPECT_EQ(frozen("movies", kTinyFilms),
            "e00cdffadc838f72 cb2d59f32be72153 a6df4cd0f1e2a239 8f09f9688554f9be 721be7f0979aa658 "
            "7f1873147b53e69f ");
}

// The defaults are calibrated (README.md), so they are frozen too.
TEST(Worlds, DefaultsAreFrozen) {
  Sha256 hash;
  for (const std::string& name : world_names()) {
    const WorldEntry entry = *find_world(name);
    for (const KnobInfo& knob : entry.knobs) hash.update(knob.name + to_text(knob.value));
    for (const std::string& setting : entry.full) hash.update(setting);
  }
  EXPECT_EQ(hash.finish_hex().substr(0, 16), "7d6c0bd0553991cf");
}

TEST(Worlds, SameSeedSameBytesForAnyNumberOfThreads) {
  for (const std::string& name : world_names())
    for (const char* order : {"order=user", "order=time"}) {
      if (name == "hackathon" && std::string(order) == "order=time") continue;
      const std::vector<std::string> settings{"users=2000", "items=3000", "events=60000", order};
      const MadeWorld one = made(name, settings, 1), four = made(name, settings, 4);
      for (const TableInfo& info : one.world->tables())
        EXPECT_EQ(hash_of(one.table(info.name)), hash_of(four.table(info.name)))
            << name << " " << info.name;
    }
}

TEST(Worlds, AnotherSeedIsAnotherWorld) {
  ThreadPool threads(1);
  SilentProgress progress;
  const std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  const auto one = make_world("two-domain", kTiny, threads, 1),
             two = make_world("two-domain", kTiny, threads, 2);
  EXPECT_NE(hash_of(*(*one)->generate("megamarket", context)),
            hash_of(*(*two)->generate("megamarket", context)));
}

TEST(Worlds, EveryTableIsListedWithItsColumns) {
  for (const std::string& name : world_names()) {
    const MadeWorld any = made(name, {"users=50", "items=100", "events=1000", "tastes=5"});
    for (const TableInfo& info : any.world->tables()) {
      const Table table = any.table(info.name);
      EXPECT_TRUE(table.check().ok());
      std::string columns = info.columns;
      for (const Column& column : table.columns) {
        EXPECT_GT(column.size(), 0U) << name << " " << info.name;
        if (columns == "genre_0 to genre_17") continue;
        EXPECT_EQ(columns.find(column.name), 0U) << info.name << ": " << columns;
        columns.erase(0, std::min(columns.find(", ") + 2, columns.size()));
      }
    }
  }
}

TEST(Worlds, WrongSettingsSayWhatWouldBeRight) {
  ThreadPool threads(1);
  const auto message = [&](const std::string& name, const std::vector<std::string>& settings) {
    const auto world = make_world(name, settings, threads);
    EXPECT_EQ(world.status().kind(), StatusKind::kUsage);
    return world.status().message();
  };
  EXPECT_NE(message("two-domains", {}).find("two-domain"), std::string::npos);
  EXPECT_NE(message("two-domain", {"user=5"}).find("users"), std::string::npos);
  EXPECT_NE(message("two-domain", {"strength=2"}).find("0 to 1"), std::string::npos);
  EXPECT_NE(message("two-domain", {"items=30"}).find("40 tastes"), std::string::npos);
  EXPECT_NE(message("two-domain", {"overlap=2"}).find("0 to 1"), std::string::npos);
  EXPECT_NE(message("hackathon", {"order=time"}).find("user by user"), std::string::npos);
  EXPECT_NE(message("practicum", {"items=3"}).find("173 tastes"), std::string::npos);
  EXPECT_NE(message("movies", {"items=3"}).find("18 tastes"), std::string::npos);

  const MadeWorld tiny = made("two-domain", kTiny);
  SilentProgress progress;
  std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  EXPECT_NE(tiny.world->generate("zvuk-interaction", context)
                .status()
                .message()
                .find("zvuk-interactions"),
            std::string::npos);
  const KnownHistories nobody;
  EXPECT_NE(tiny.world->oracle({"tracks", nobody}, context).status().message().find("megamarket"),
            std::string::npos);
  stop = true;
  EXPECT_EQ(tiny.world->generate("zvuk-interactions", context).status().kind(),
            StatusKind::kInterrupted);
}

// The column that has one of these names, as int64.
Longs longs(const Table& table, const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (const Column* column = table.find(name)) {
      if (const auto* wide = std::get_if<Longs>(&column->values)) return *wide;
      const auto& narrow = std::get<std::vector<std::int32_t>>(column->values);
      return Longs(narrow.begin(), narrow.end());
    }
  ADD_FAILURE() << "no column " << names[0];
  return {};
}

// A test that leaves every user's last event out.
struct LeaveLast {
  KnownHistories known;
  Longs last;  // of known.users
  std::map<std::int64_t, int> popularity;
};

LeaveLast leave_last(const Table& log) {
  std::map<std::int64_t, Longs> histories;
  const Longs users = longs(log, {"user_id"}), items = longs(log, {"item_id", "track_id"});
  for (std::size_t row = 0; row < users.size(); ++row) histories[users[row]].push_back(items[row]);
  LeaveLast result;
  for (auto& [user, history] : histories) {
    const std::int64_t last = history.back();
    history.pop_back();
    for (const std::int64_t item : history) ++result.popularity[item];
    if (std::count(history.begin(), history.end(), last) > 0) continue;  // nothing new
    result.known.users.push_back(user);
    result.known.items.insert(result.known.items.end(), history.begin(), history.end());
    result.known.offsets.push_back(static_cast<std::int64_t>(result.known.items.size()));
    result.last.push_back(last);
  }
  return result;
}

// The share of users whose last item is among ten: the oracle's, and the most popular unseen ones.
std::pair<double, double> hit_rates(const MadeWorld& world, const std::string& log) {
  const LeaveLast test = leave_last(world.table(log));
  const Table lists = world.oracle({log, test.known});
  std::map<std::int64_t, std::int64_t> last;
  for (std::size_t u = 0; u < test.last.size(); ++u) last[test.known.users[u]] = test.last[u];
  double oracle = 0, popular = 0;
  for (std::size_t row = 0; row < values<std::int64_t>(lists, "user_id").size(); ++row)
    oracle += last[values<std::int64_t>(lists, "user_id")[row]] ==
              values<std::int64_t>(lists, "item_id")[row];
  std::vector<std::pair<int, std::int64_t>> ranked;
  for (const auto& [item, count] : test.popularity) ranked.push_back({-count, item});
  std::sort(ranked.begin(), ranked.end());
  for (std::size_t u = 0; u < test.last.size(); ++u) {
    const auto begin = test.known.items.begin() + test.known.offsets[u];
    const auto end = test.known.items.begin() + test.known.offsets[u + 1];
    int places = 0;
    for (std::size_t rank = 0; rank < ranked.size() && places < 10; ++rank) {
      if (std::count(begin, end, ranked[rank].second) > 0) continue;
      ++places;
      popular += ranked[rank].second == test.last[u];
    }
  }
  const auto users = static_cast<double>(test.last.size());
  return {oracle / users, popular / users};
}

TEST(Worlds, TheOracleBeatsPopularityAndChanceClearly) {
  const MadeWorld two = made("two-domain", {"users=3000", "items=1500", "events=150000"});
  for (const char* log : {"zvuk-interactions", "megamarket"}) {
    const auto [oracle, popular] = hit_rates(two, log);
    EXPECT_GT(popular, 2 * 10.0 / 1500) << log;
    EXPECT_GT(oracle, 2 * popular) << log;
  }
  const auto [oracle, popular] =
      hit_rates(made("movies", {"users=2000", "items=1500", "events=100000"}), "ratings");
  EXPECT_GT(popular, 2 * 10.0 / 1500);
  EXPECT_GT(oracle, 1.5 * popular);
}

// What the oracle calls the chance of an item is how often it comes: with drift, births, replays,
// carts and moods. Sums over all users, in standard deviations of the number of hits.
TEST(Worlds, TheOraclesScoresAreTheChancesOfAHit) {
  const MadeWorld two =
      made("two-domain", {"users=16000", "items=1500", "events=800000", "shop_share=0.5"});
  // Scores that are right but of too few items would sum up too: the number of hits tells.
  for (const auto& [log, least] : {std::pair{"zvuk-interactions", 4700}, {"megamarket", 5700}}) {
    std::map<std::int64_t, Longs> histories;
    const Table events = two.table(log);
    const Longs users = longs(events, {"user_id"}), items = longs(events, {"item_id", "track_id"});
    for (std::size_t row = 0; row < users.size(); ++row)
      histories[users[row]].push_back(items[row]);
    KnownHistories known;
    std::map<std::int64_t, std::int64_t> last;
    for (auto& [user, history] : histories) {
      last[user] = history.back();
      known.users.push_back(user);
      known.items.insert(known.items.end(), history.begin(), history.end() - 1);
      known.offsets.push_back(static_cast<std::int64_t>(known.items.size()));
    }
    const Table lists = two.oracle({log, known, 10, true, Horizon::kNext});
    const Longs listed = longs(lists, {"user_id"}), best = longs(lists, {"item_id"});
    double expected = 0, variance = 0, hits = 0;
    for (std::size_t row = 0; row < listed.size(); ++row) {
      const double chance = double{values<float>(lists, "score")[row]};
      expected += chance;
      variance += chance * (1 - chance);
      hits += last[listed[row]] == best[row];
    }
    EXPECT_GT(hits, least) << log;
    EXPECT_NEAR((hits - expected) / std::sqrt(variance), 0, 4) << log << " " << hits;
  }
}

// The contest's rows are merged, so the oracle has to know the cut and not count them as events.
TEST(Worlds, TheOracleForeseesTheContestsAnswers) {
  const MadeWorld contest =
      made("hackathon", {"users=2000", "items=1500", "events=200000", "tastes=12"});
  const Table test = contest.table("test_zvuk"), answers = contest.table("answers_zvuk");
  std::map<std::int64_t, std::set<std::int64_t>> seen, asked;
  KnownHistories known;
  std::map<std::int64_t, int> popularity;
  const Longs users = longs(test, {"user_id"}), items = longs(test, {"item_id"});
  for (std::size_t row = 0; row < users.size(); ++row) {
    if (seen[users[row]].empty()) known.users.push_back(users[row]);
    seen[users[row]].insert(items[row]);
    known.items.push_back(items[row]);
    if (row + 1 == users.size() || users[row + 1] != users[row])
      known.offsets.push_back(static_cast<std::int64_t>(row) + 1);
    ++popularity[items[row]];
  }
  std::vector<std::pair<int, std::int64_t>> ranked;
  for (const auto& [item, count] : popularity) ranked.push_back({-count, item});
  std::sort(ranked.begin(), ranked.end());
  const Longs later = longs(answers, {"user_id"}), wanted = longs(answers, {"item_id"});
  for (std::size_t row = 0; row < later.size(); ++row)
    if (seen[later[row]].count(wanted[row]) == 0) asked[later[row]].insert(wanted[row]);
  double popular = 0, foreseen = 0;
  for (const std::int64_t user : known.users) {
    int places = 0;
    for (std::size_t rank = 0; rank < ranked.size() && places < 10; ++rank) {
      if (seen[user].count(ranked[rank].second) > 0) continue;
      ++places;
      popular += static_cast<double>(asked[user].count(ranked[rank].second));
    }
  }
  const Table lists = contest.oracle({"zvuk", known, 10, false, Horizon::kLater});
  const Longs listed = longs(lists, {"user_id"}), best = longs(lists, {"item_id"});
  for (std::size_t row = 0; row < listed.size(); ++row)
    foreseen += static_cast<double>(asked[listed[row]].count(best[row]));
  EXPECT_GT(foreseen, 1.5 * popular);
}

TEST(Worlds, TheTruthTablesGiveTheProbabilityOfAnyPair) {
  const MadeWorld two = made("two-domain", kTiny);
  for (const char* log : {"zvuk", "megamarket"}) {
    const Table users = two.table(std::string(log) + "_user_truth");
    const Table items = two.table(std::string(log) + "_item_truth");
    using Parts = std::map<std::pair<std::string, std::int32_t>, double>;
    const auto parts_by_id = [](const Table& table, const char* id, const char* mass) {
      std::map<std::int64_t, Parts> parts;
      for (std::size_t row = 0; row < values<std::int64_t>(table, id).size(); ++row)
        parts[values<std::int64_t>(table, id)[row]][{values<std::string>(table, "part")[row],
                                                     values<std::int32_t>(table, "part_id")[row]}] =
            values<double>(table, mass)[row];
      return parts;
    };
    const auto chances = parts_by_id(items, "item_id", "probability");
    std::map<std::int64_t, std::int64_t> born;
    for (std::size_t row = 0; row < values<std::int64_t>(items, "born").size(); ++row)
      born[values<std::int64_t>(items, "item_id")[row]] = values<std::int64_t>(items, "born")[row];
    const std::int64_t first = std::min_element(born.begin(), born.end(), [](auto& x, auto& y) {
                                 return x.second < y.second;
                               })->second;
    // When nothing is born late yet, and when everything is born.
    for (const double share : {0.0, 1.0}) {
      const auto is_born = [&](std::int64_t item) { return share == 1 || born.at(item) == first; };
      Parts mass;
      for (const auto& [item, chance] : chances)
        if (is_born(item))
          for (const auto& [part, probability] : chance) mass[part] += probability;
      const auto weights = parts_by_id(users, "user_id", share == 0 ? "weight" : "weight_end");
      for (const auto& [user, weight] : weights) {
        double total = 0;
        for (const auto& [item, chance] : chances) {
          double expected = 0;
          for (const auto& [part, probability] : chance)
            if (is_born(item) && weight.count(part))
              expected += weight.at(part) * probability / mass.at(part);
          const double probability = *two.world->probability(log, user, item, share);
          ASSERT_NEAR(probability, expected, 1e-9);
          total += probability;
        }
        EXPECT_NEAR(total, 1, 1e-5);
      }
    }
  }
  EXPECT_EQ(*two.world->probability("zvuk", 5, 5, 0), 0);
}

// How much more often than by chance a user's most frequent taste is the same in both logs, in
// standard deviations.
double cross_domain_signal(const std::string& strength) {
  const MadeWorld two = made("two-domain", {"users=4000", "items=1000", "events=400000",
                                            "tastes=20", "overlap=1", "strength=" + strength});
  const auto top_tastes = [&](const std::string& log) {
    const Table truth = two.table(log + "_item_truth");
    const Table events = two.table(log == "zvuk" ? "zvuk-interactions" : log);
    const Longs users = longs(events, {"user_id"}), items = longs(events, {"item_id", "track_id"});
    std::map<std::int64_t, std::int32_t> taste;
    for (std::size_t row = 0; row < values<std::int64_t>(truth, "item_id").size(); ++row)
      if (values<std::string>(truth, "part")[row] == "taste")
        taste.emplace(values<std::int64_t>(truth, "item_id")[row],
                      values<std::int32_t>(truth, "part_id")[row]);
    std::map<std::int64_t, std::map<std::int32_t, int>> counts;
    for (std::size_t row = 0; row < users.size(); ++row) ++counts[users[row]][taste[items[row]]];
    std::map<std::int64_t, std::int32_t> top;
    for (const auto& [user, by_taste] : counts)
      top[user] = std::max_element(by_taste.begin(), by_taste.end(), [](auto& a, auto& b) {
                    return a.second < b.second;
                  })->first;
    return top;
  };
  const auto music = top_tastes("zvuk"), shop = top_tastes("megamarket");
  std::map<std::int32_t, double> in_music, in_shop;
  double users = 0, same = 0, chance = 0;
  for (const auto& [user, taste] : music) {
    if (!shop.count(user)) continue;
    ++users;
    ++in_music[taste];
    ++in_shop[shop.at(user)];
    same += taste == shop.at(user);
  }
  for (const auto& [taste, count] : in_music) chance += count / users * in_shop[taste] / users;
  return (same - users * chance) / std::sqrt(users * chance * (1 - chance));
}

TEST(TwoDomain, StrengthMakesTheCrossDomainSignalAndZeroHasNone) {
  EXPECT_LT(std::abs(cross_domain_signal("0")), 4);
  EXPECT_GT(cross_domain_signal("0.7"), 20);
}

}  // namespace
}  // namespace crossfade
