// Worlds: frozen bytes, the same for any number of threads, wrong settings answered, and a truth
// that agrees with the logs and beats popularity.
#include "crossfade/synth/world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <set>
#include <utility>

#include "crossfade/base/hash.h"

namespace crossfade {
namespace {

using Longs = std::vector<std::int64_t>;

// A world with the threads it is made and asked with.
struct Made {
  std::unique_ptr<ThreadPool> threads;
  std::unique_ptr<World> world;

  Table table(const std::string& name) const {
    SilentProgress progress;
    const std::atomic<bool> stop{false};
    Context context{*threads, progress, stop};
    auto table = world->generate(name, context);
    EXPECT_TRUE(table.ok()) << table.status().message();
    return std::move(table).value();
  }
  Table oracle(const OracleRequest& request) const {
    SilentProgress progress;
    const std::atomic<bool> stop{false};
    Context context{*threads, progress, stop};
    auto table = world->oracle(request, context);
    EXPECT_TRUE(table.ok()) << table.status().message();
    return std::move(table).value();
  }
};

Result<std::unique_ptr<World>> make(const std::string& name,
                                    const std::vector<std::string>& settings, ThreadPool& threads,
                                    std::uint64_t seed = 1) {
  SilentProgress progress;
  const std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  CROSSFADE_ASSIGN_OR_RETURN(const WorldEntry entry, find_world(name));
  return entry.make(settings, seed, context);
}

Made made(const std::string& name, const std::vector<std::string>& settings, int threads = 2) {
  Made result;
  result.threads = std::make_unique<ThreadPool>(threads);
  auto world = make(name, settings, *result.threads);
  EXPECT_TRUE(world.ok()) << world.status().message();
  result.world = std::move(world).value();
  return result;
}

template <class T>
const std::vector<T>& values(const Table& table, const std::string& name) {
  for (const Column& column : table.columns)
    if (column.name == name) return std::get<std::vector<T>>(column.values);
  ADD_FAILURE() << "no column " << name;
  static const std::vector<T> none;
  return none;
}

std::string hash_of(const Table& table) {
  Sha256 hash;
  for (const Column& column : table.columns)
    std::visit(
        [&](const auto& column_values) {
          if constexpr (kIsLists<std::decay_t<decltype(column_values)>>)
            return;  // no world has lists yet
          else
            for (const auto& value : column_values) {
              using T = std::decay_t<decltype(value)>;
              if constexpr (std::is_same_v<T, std::string>)
                hash.update(value + "\n");
              else
                hash.update({reinterpret_cast<const char*>(&value), sizeof(value)});
            }
        },
        column.values);
  return hash.finish_hex().substr(0, 16);
}

const std::vector<std::string> kTiny{"users=60", "items=120", "events=3000", "tastes=6"};
const std::vector<std::string> kTinyFilms{"users=60", "items=120", "events=1500", "tastes=6"};

// Frozen: models are measured on these worlds, so a change of a formula, a default or a stream is a
// new world and has to be meant.
TEST(Worlds, AreFrozen) {
  const Made two = made("two-domain", kTiny);
  EXPECT_EQ(hash_of(two.table("zvuk")), "793708ff3202f7a8");
  EXPECT_EQ(hash_of(two.table("smm")), "261ed28f8025bec9");
  EXPECT_EQ(hash_of(two.table("tracks")), "114c5680dba26c9e");
  EXPECT_EQ(hash_of(two.table("goods")), "8826449823802b27");
  const Made movies = made("movies", kTinyFilms);
  EXPECT_EQ(hash_of(movies.table("ratings")), "7e13fda64344fcb4");
  EXPECT_EQ(hash_of(movies.table("items")), "cb2d59f32be72153");
}

TEST(Worlds, SameSeedSameBytesForAnyNumberOfThreads) {
  for (const char* order : {"order=time", "order=user"})
    for (const std::string& name : world_names()) {
      const Made one = made(name, {"users=2000", "events=60000", order}, 1);
      const Made four = made(name, {"users=2000", "events=60000", order}, 4);
      for (const TableInfo& info : one.world->tables())
        EXPECT_EQ(hash_of(one.table(info.name)), hash_of(four.table(info.name))) << info.name;
    }
}

TEST(Worlds, AnotherSeedIsAnotherWorld) {
  ThreadPool threads(1);
  SilentProgress progress;
  const std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  const auto one = make("two-domain", kTiny, threads, 1),
             two = make("two-domain", kTiny, threads, 2);
  EXPECT_NE(hash_of(*(*one)->generate("zvuk", context)),
            hash_of(*(*two)->generate("zvuk", context)));
}

TEST(Worlds, EveryTableIsListedWithItsColumns) {
  for (const std::string& name : world_names()) {
    const Made any = made(name, {"users=50", "items=100", "events=1000", "tastes=5"});
    for (const TableInfo& info : any.world->tables()) {
      const Table table = any.table(info.name);
      std::string columns = info.columns;
      for (const Column& column : table.columns) {
        EXPECT_EQ(columns.find(column.name), 0U) << info.name << ": " << columns;
        columns.erase(0, std::min(columns.find(", ") + 2, columns.size()));
        std::visit([&](const auto& rows) { EXPECT_FALSE(rows.empty()); }, column.values);
      }
    }
  }
}

TEST(Worlds, WrongSettingsSayWhatWouldBeRight) {
  ThreadPool threads(1);
  const auto message = [&](const std::string& name, const std::vector<std::string>& settings) {
    const auto world = make(name, settings, threads);
    EXPECT_EQ(world.status().kind(), StatusKind::kUsage);
    return world.status().message();
  };
  EXPECT_NE(message("two-domains", {}).find("two-domain"), std::string::npos);
  EXPECT_NE(message("two-domain", {"user=5"}).find("users"), std::string::npos);
  EXPECT_NE(message("two-domain", {"strength=2"}).find("0 to 1"), std::string::npos);
  EXPECT_NE(message("two-domain", {"items=30"}).find("40 tastes"), std::string::npos);
  EXPECT_NE(message("movies", {"items=3"}).find("18 tastes"), std::string::npos);

  const Made tiny = made("two-domain", kTiny);
  SilentProgress progress;
  std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  EXPECT_NE(tiny.world->generate("zvook", context).status().message().find("zvuk"),
            std::string::npos);
  const KnownHistories nobody;
  EXPECT_NE(tiny.world->oracle({"tracks", nobody}, context).status().message().find("smm"),
            std::string::npos);
  stop = true;
  EXPECT_EQ(tiny.world->generate("zvuk", context).status().kind(), StatusKind::kInterrupted);
}

TEST(TwoDomain, LogsHaveTheHackathonsShape) {
  const Made two = made("two-domain", {"users=3000", "items=1000", "events=100000"});
  const Table music = two.table("zvuk"), shop = two.table("smm");
  const Longs& times = values<std::int64_t>(music, "timestamp");
  EXPECT_EQ(times.size(), 70000U);
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  EXPECT_GE(times.front(), 1673740800000000000);
  EXPECT_LE(times.back(), 1673740800000000000 + 121 * 86400000000000);
  EXPECT_EQ(values<std::int64_t>(shop, "item_id").size(), 30000U);
  for (const std::int64_t item : values<std::int64_t>(shop, "item_id")) EXPECT_GE(item, 10000000);
  for (const double rating : values<double>(shop, "rating"))
    EXPECT_TRUE(rating == 1.5548076130042918 || rating == 2.80242660079047);

  const auto users_of = [](const Table& log) {
    const Longs& column = values<std::int64_t>(log, "user_id");
    return std::set<std::int64_t>(column.begin(), column.end());
  };
  const auto listeners = users_of(music), buyers = users_of(shop);
  Longs both;
  std::set_intersection(listeners.begin(), listeners.end(), buyers.begin(), buyers.end(),
                        std::back_inserter(both));
  EXPECT_NEAR(static_cast<double>(both.size()) / 3000, 0.5, 0.08);
  std::set<std::pair<std::int64_t, std::int64_t>> pairs;
  for (std::size_t row = 0; row < times.size(); ++row)
    pairs.insert(
        {values<std::int64_t>(music, "user_id")[row], values<std::int64_t>(music, "item_id")[row]});
  EXPECT_LT(static_cast<double>(pairs.size()), 0.5 * 70000);  // most plays are repeats
}

TEST(Movies, NobodyRatesAFilmTwiceAndStarsAreOneToFive) {
  const Made movies = made("movies", {"users=500", "items=800", "events=40000"});
  const Table log = movies.table("ratings");
  std::set<std::pair<std::int64_t, std::int64_t>> pairs;
  double sum = 0;
  std::map<double, int> stars;
  const auto& ratings = values<double>(log, "rating");
  for (std::size_t row = 0; row < ratings.size(); ++row) {
    pairs.insert(
        {values<std::int64_t>(log, "user_id")[row], values<std::int64_t>(log, "item_id")[row]});
    sum += ratings[row];
    ++stars[ratings[row]];
  }
  EXPECT_EQ(pairs.size(), ratings.size());
  EXPECT_EQ(stars.size(), 5U);
  EXPECT_EQ(stars.begin()->first, 1);
  EXPECT_EQ(stars.rbegin()->first, 5);
  EXPECT_NEAR(sum / static_cast<double>(ratings.size()), 3.58, 0.15);
}

// A test that leaves every user's last event out.
struct LeaveLast {
  KnownHistories known;
  Longs last;  // of known.users
  std::map<std::int64_t, int> popularity;
};

LeaveLast leave_last(const Table& log) {
  std::map<std::int64_t, Longs> histories;
  const Longs& users = values<std::int64_t>(log, "user_id");
  const Longs& items = values<std::int64_t>(log, "item_id");
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
std::pair<double, double> hit_rates(const Made& world, const std::string& log) {
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
  const Made two = made("two-domain", {"users=3000", "items=1500", "events=150000"});
  for (const char* log : {"zvuk", "smm"}) {
    const auto [oracle, popular] = hit_rates(two, log);
    EXPECT_GT(popular, 2 * 10.0 / 1500) << log;
    EXPECT_GT(oracle, 2 * popular) << log;
  }
  const auto [oracle, popular] =
      hit_rates(made("movies", {"users=2000", "items=1500", "events=100000"}), "ratings");
  EXPECT_GT(popular, 2 * 10.0 / 1500);
  EXPECT_GT(oracle, 1.5 * popular);
}

TEST(Worlds, TheTruthTablesGiveTheProbabilityOfAnyPair) {
  const Made two = made("two-domain", kTiny);
  for (const char* log : {"zvuk", "smm"}) {
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
    const auto weights = parts_by_id(users, "user_id", "weight");
    const auto chances = parts_by_id(items, "item_id", "probability");
    for (const auto& [user, weight] : weights) {
      double total = 0;
      for (const auto& [item, chance] : chances) {
        double expected = 0;
        for (const auto& [part, mass] : weight)
          if (chance.count(part)) expected += mass * chance.at(part);
        const double probability = *two.world->probability(log, user, item);
        ASSERT_NEAR(probability, expected, 1e-12);
        total += probability;
      }
      EXPECT_NEAR(total, 1, 1e-5);
    }
  }
  EXPECT_EQ(*two.world->probability("zvuk", 5, 5), 0);
}

// How much more often than by chance a user's most frequent taste is the same in both logs, in
// standard deviations.
double cross_domain_signal(const std::string& strength) {
  const Made two = made("two-domain", {"users=4000", "items=1000", "events=400000", "tastes=20",
                                       "overlap=1", "strength=" + strength});
  const auto top_tastes = [&](const std::string& log) {
    const Table truth = two.table(log + "_item_truth"), events = two.table(log);
    std::map<std::int64_t, std::int32_t> taste;
    for (std::size_t row = 0; row < values<std::int64_t>(truth, "item_id").size(); ++row)
      if (values<std::string>(truth, "part")[row] == "taste")
        taste.emplace(values<std::int64_t>(truth, "item_id")[row],
                      values<std::int32_t>(truth, "part_id")[row]);
    std::map<std::int64_t, std::map<std::int32_t, int>> counts;
    for (std::size_t row = 0; row < values<std::int64_t>(events, "user_id").size(); ++row)
      ++counts[values<std::int64_t>(events, "user_id")[row]]
              [taste[values<std::int64_t>(events, "item_id")[row]]];
    std::map<std::int64_t, std::int32_t> top;
    for (const auto& [user, by_taste] : counts)
      top[user] = std::max_element(by_taste.begin(), by_taste.end(), [](auto& a, auto& b) {
                    return a.second < b.second;
                  })->first;
    return top;
  };
  const auto music = top_tastes("zvuk"), shop = top_tastes("smm");
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
