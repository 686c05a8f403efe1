// Schemas of worlds: exactly the published columns and types, and what belongs into them.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "crossfade/synth/item_vectors.h"
#include "crossfade/synth/test_world.h"

namespace crossfade {
namespace {

using Ints = std::vector<std::int32_t>;
using Floats = std::vector<float>;
using Doubles = std::vector<double>;

// "user_id int32, datetime timestamp": how a table's columns are typed.
std::string schema_of(const Table& table) {
  const char* const names[] = {"int32",  "int64",       "float",       "double",
                               "string", "list<int64>", "list<float>", "list<string>"};
  std::string text;
  for (const Column& column : table.columns) {
    const bool is_time = column.meaning == Column::Meaning::kTimestamp;
    text += (text.empty() ? "" : ", ") + column.name + " " +
            (is_time ? "timestamp" : names[column.values.index()]);
  }
  return text;
}

TEST(Schemas, AreThePublishedOnes) {
  const auto schema = [](const std::string& world, const std::string& table) {
    const MadeWorld any = made(world, {"users=50", "items=120", "events=1000", "tastes=5"});
    return schema_of(any.table(table));
  };
  EXPECT_EQ(schema("two-domain", "megamarket"),
            "user_id int32, datetime timestamp, event int32, item_id int32, category_id int32, "
            "price float");
  EXPECT_EQ(schema("two-domain", "zvuk-interactions"),
            "user_id int32, session_id int64, datetime timestamp, track_id int32, "
            "play_duration float");
  EXPECT_EQ(schema("two-domain", "zvuk-track_artist_embedding"),
            "track_id int32, artist_id int32, cluster_id int32, vector list<float>");
  for (const char* log : {"train_zvuk", "train_smm", "test_zvuk", "test_smm"})
    EXPECT_EQ(schema("hackathon", log),
              "user_id int64, item_id int64, timestamp int64, rating double");
  EXPECT_EQ(schema("practicum", "interactions"),
            "user_id int32, track_id int32, track_seq int32, started_at timestamp");
  EXPECT_EQ(schema("practicum", "tracks"),
            "track_id int64, albums list<int64>, artists list<int64>, genres list<int64>");
  EXPECT_EQ(schema("practicum", "catalog_names"), "id int64, type string, name string");
  EXPECT_EQ(schema("movies", "ratings"),
            "user_id int64, item_id int64, rating double, timestamp int64");
  EXPECT_EQ(schema("movies", "user_features"), "user_id int64, gender string, age int32");
  EXPECT_EQ(schema("movies", "users"),
            "user_id int64, gender string, age int64, occupation int64, zip_code string");
  const std::string features = schema("movies", "item_features");
  EXPECT_EQ(features.substr(0, 42), "item_id int64, genre_0 int32, genre_1 int3");
  EXPECT_NE(features.find("genre_17 int32"), std::string::npos);
}

std::set<std::int32_t> users_of(const Table& log) {
  const Ints& column = values<std::int32_t>(log, "user_id");
  return {column.begin(), column.end()};
}

TEST(TwoDomain, HasAsManyUsersOfEachKindAsItsKnobsSay) {
  const MadeWorld two = made(
      "two-domain", {"users=3000", "items=1000", "events=100000", "listeners=0.25", "overlap=0.2"});
  const Table music = two.table("zvuk-interactions"), shop = two.table("megamarket");
  EXPECT_EQ(music.num_rows(), 70000U);
  EXPECT_EQ(shop.num_rows(), 30000U);
  const auto listeners = users_of(music), buyers = users_of(shop);
  std::vector<std::int32_t> both;
  std::set_intersection(listeners.begin(), listeners.end(), buyers.begin(), buyers.end(),
                        std::back_inserter(both));
  EXPECT_EQ(listeners.size(), 1200U);
  EXPECT_EQ(buyers.size(), 2400U);
  EXPECT_EQ(both.size(), 600U);
}

TEST(TwoDomain, SessionsOfTheLogArePlaysWithoutALongPause) {
  const MadeWorld two =
      made("two-domain", {"users=500", "items=1000", "events=30000", "order=time"});
  const Table log = two.table("zvuk-interactions");
  const Longs& times = values<std::int64_t>(log, "datetime");
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  EXPECT_GE(times.front(), 1673740800000000000);
  std::map<std::int32_t, std::pair<std::int64_t, std::int64_t>> last;  // session and time, by user
  std::set<std::int64_t> sessions;
  constexpr std::int64_t kPauseNs = 30LL * 60 * 1000000000;
  for (std::size_t row = 0; row < log.num_rows(); ++row) {
    const std::int64_t session = values<std::int64_t>(log, "session_id")[row];
    const bool is_new = sessions.insert(session).second;
    auto [at, first] = last.try_emplace(values<std::int32_t>(log, "user_id")[row], session, 0);
    if (!first) {
      EXPECT_EQ(is_new, session != at->second.first);
      EXPECT_EQ(is_new, times[row] - at->second.second > kPauseNs);
    }
    at->second = {session, times[row]};
  }
}

TEST(TwoDomain, GoodsKeepTheirPriceAndACategoryBelongsToOneTaste) {
  const MadeWorld two = made("two-domain", {"users=500", "items=1000", "events=30000"});
  const Table log = two.table("megamarket");
  const Table truth = two.table("megamarket_item_truth");
  std::map<std::int64_t, std::int32_t> taste;
  for (std::size_t row = 0; row < truth.num_rows(); ++row)
    if (values<std::string>(truth, "part")[row] == "taste")
      taste.emplace(values<std::int64_t>(truth, "item_id")[row],
                    values<std::int32_t>(truth, "part_id")[row]);
  std::map<std::int32_t, float> prices;
  std::map<std::int32_t, std::int32_t> tastes;
  std::set<std::int32_t> events;
  for (std::size_t row = 0; row < log.num_rows(); ++row) {
    const std::int32_t item = values<std::int32_t>(log, "item_id")[row];
    const float price = values<float>(log, "price")[row];
    EXPECT_EQ(prices.emplace(item, price).first->second, price);
    EXPECT_GE(price, 1);
    const std::int32_t category = values<std::int32_t>(log, "category_id")[row];
    EXPECT_EQ(tastes.emplace(category, taste.at(item)).first->second, taste.at(item));
    events.insert(values<std::int32_t>(log, "event")[row]);
  }
  EXPECT_EQ(events, (std::set<std::int32_t>{0, 1, 2}));
}

TEST(TwoDomain, VectorsAreNearerWithinAClusterThanAcross) {
  const MadeWorld two = made("two-domain", {"users=50", "items=600", "events=1000", "tastes=8"});
  const Table table = two.table("zvuk-track_artist_embedding");
  const auto& vectors = std::get<Lists<float>>(table.find("vector")->values);
  const Ints& clusters = values<std::int32_t>(table, "cluster_id");
  const Ints& artists = values<std::int32_t>(table, "artist_id");
  double within = 0, across = 0, num_within = 0, num_across = 0;
  for (std::size_t a = 0; a < vectors.size(); ++a) {
    ASSERT_EQ(vectors[a].size(), std::size_t{kItemVectorSize});
    for (std::size_t b = 0; b <= a; ++b) {
      double product = 0;
      for (std::size_t d = 0; d < kItemVectorSize; ++d)
        product += double{vectors[a][d]} * double{vectors[b][d]};
      if (a == b) {
        EXPECT_NEAR(product, 1, 1e-5);
      } else if (artists[a] != artists[b]) {
        const bool same = clusters[a] == clusters[b];
        (same ? within : across) += product;
        (same ? num_within : num_across) += 1;
      }
    }
  }
  EXPECT_GT(within / num_within, 0.2);
  EXPECT_LT(across / num_across, 0.1);
}

TEST(Hackathon, TestIsTrainOfTheServedUsersAndAnswersComeAfterwards) {
  const MadeWorld contest =
      made("hackathon", {"users=1000", "items=600", "events=60000", "tastes=8"});
  for (const std::string domain : {"zvuk", "smm"}) {
    const Table train = contest.table("train_" + domain), test = contest.table("test_" + domain);
    const Table answers = contest.table("answers_" + domain);
    std::set<std::pair<std::int64_t, std::int64_t>> pairs;
    for (std::size_t row = 0; row < train.num_rows(); ++row)
      EXPECT_TRUE(pairs
                      .insert({values<std::int64_t>(train, "user_id")[row],
                               values<std::int64_t>(train, "item_id")[row]})
                      .second);
    std::set<std::int64_t> served;
    for (std::size_t row = 0; row < test.num_rows(); ++row) {
      served.insert(values<std::int64_t>(test, "user_id")[row]);
      EXPECT_EQ(pairs.count({values<std::int64_t>(test, "user_id")[row],
                             values<std::int64_t>(test, "item_id")[row]}),
                1U);
    }
    std::size_t rows_of_served = 0;
    for (const auto& [user, item] : pairs) rows_of_served += served.count(user);
    EXPECT_EQ(test.num_rows(), rows_of_served);
    const Longs& before = values<std::int64_t>(train, "timestamp");
    const Longs& after = values<std::int64_t>(answers, "timestamp");
    EXPECT_LT(*std::max_element(before.begin(), before.end()),
              *std::min_element(after.begin(), after.end()));
    for (const double rating : values<double>(train, "rating")) {
      const double count = domain == "zvuk" ? rating : rating / 2.80242660079047;
      const bool click = domain == "smm" && rating == 1.5548076130042918;
      EXPECT_TRUE(click || (count >= 1 && std::abs(count - std::round(count)) < 1e-9)) << rating;
    }
  }
}

TEST(Practicum, HistoriesAreNumberedAndDaysRise) {
  const MadeWorld music = made("practicum", {"users=200", "items=600", "events=9000"});
  const Table log = music.table("interactions");
  std::set<std::pair<std::int32_t, std::int32_t>> pairs;
  constexpr std::int64_t kDayNs = 86400000000000;
  for (std::size_t row = 0; row < log.num_rows(); ++row) {
    const bool same = row > 0 && values<std::int32_t>(log, "user_id")[row] ==
                                     values<std::int32_t>(log, "user_id")[row - 1];
    const std::int32_t place = values<std::int32_t>(log, "track_seq")[row];
    EXPECT_EQ(place, same ? values<std::int32_t>(log, "track_seq")[row - 1] + 1 : 1);
    const Longs& days = values<std::int64_t>(log, "started_at");
    EXPECT_EQ(days[row] % kDayNs, 0);
    EXPECT_GE(days[row], 1640995200000000000);  // 1 January 2022
    EXPECT_TRUE(!same || days[row] >= days[row - 1]);
    pairs.insert(
        {values<std::int32_t>(log, "user_id")[row], values<std::int32_t>(log, "track_id")[row]});
  }
  EXPECT_EQ(pairs.size(), log.num_rows());
}

TEST(Practicum, TheCatalogueHasItsPlantedFaults) {
  const MadeWorld music = made("practicum", {"users=50", "items=20000", "events=1000"});
  const Table tracks = music.table("tracks"), names = music.table("catalog_names");
  std::map<std::string, std::set<std::int64_t>> named;
  for (std::size_t row = 0; row < names.num_rows(); ++row)
    EXPECT_TRUE(named[values<std::string>(names, "type")[row]]
                    .insert(values<std::int64_t>(names, "id")[row])
                    .second);
  EXPECT_EQ(named["track"].size(), 20000U);
  EXPECT_EQ(named["genre"].size(), 143U);  // 30 of 173 have no name
  EXPECT_EQ(named["artist"].count(7) + named["track"].count(7) + named["genre"].count(7), 3U);
  std::map<std::string, int> empty;
  std::set<std::int64_t> genres;
  for (const auto& [column, type] :
       {std::pair{"albums", "album"}, {"artists", "artist"}, {"genres", "genre"}}) {
    const auto& lists = std::get<Lists<std::int64_t>>(tracks.find(column)->values);
    for (std::size_t row = 0; row < lists.size(); ++row) {
      empty[column] += lists[row].empty();
      for (const std::int64_t id : lists[row]) {
        if (std::string(type) == "genre")
          genres.insert(id);
        else
          EXPECT_EQ(named[type].count(id), 1U) << type << " " << id;
      }
    }
  }
  EXPECT_EQ(genres.size(), 173U);
  EXPECT_EQ(empty["albums"], 0);
  EXPECT_NEAR(empty["artists"], 300, 60);
  EXPECT_NEAR(empty["genres"], 80, 30);
}

TEST(Movies, NobodyRatesAFilmTwiceAndStarsAreOneToFive) {
  const MadeWorld movies = made("movies", {"users=500", "items=800", "events=40000"});
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

TEST(Movies, TheContestHidesEveryUsersLastRatings) {
  const MadeWorld movies = made("movies", {"users=500", "items=800", "events=40000"});
  const Table events = movies.table("events"), hidden = movies.table("hidden");
  const std::size_t ratings = movies.table("ratings").num_rows();
  EXPECT_EQ(events.num_rows() + hidden.num_rows(), ratings);
  EXPECT_NEAR(static_cast<double>(hidden.num_rows()), 0.106 * static_cast<double>(ratings), 60);
  std::map<std::int64_t, std::int64_t> last;
  const Longs& places = values<std::int64_t>(events, "timestamp");
  EXPECT_TRUE(std::is_sorted(places.begin(), places.end()));
  for (std::size_t row = 0; row < events.num_rows(); ++row)
    last[values<std::int64_t>(events, "user_id")[row]] = places[row];
  for (std::size_t row = 0; row < hidden.num_rows(); ++row)
    EXPECT_GT(values<std::int64_t>(hidden, "timestamp")[row],
              last[values<std::int64_t>(hidden, "user_id")[row]]);
}

TEST(Movies, UsersAreThoseOfTheContest) {
  const MadeWorld movies = made("movies", {"users=500", "items=800", "events=40000"});
  const Table features = movies.table("user_features"), users = movies.table("users");
  ASSERT_EQ(users.num_rows(), 500U);
  std::set<std::int64_t> occupations;
  for (std::size_t row = 0; row < users.num_rows(); ++row) {
    EXPECT_EQ(values<std::string>(users, "gender")[row],
              values<std::string>(features, "gender")[row]);
    EXPECT_EQ(values<std::int64_t>(users, "age")[row], values<std::int32_t>(features, "age")[row]);
    EXPECT_EQ(values<std::string>(users, "zip_code")[row].size(), 5U);
    occupations.insert(values<std::int64_t>(users, "occupation")[row]);
  }
  EXPECT_GE(*occupations.begin(), 0);
  EXPECT_LE(*occupations.rbegin(), 20);
  EXPECT_GT(occupations.size(), 10U);
}

TEST(Movies, FeaturesOfUsersLeanOnTheirTastes) {
  const MadeWorld movies = made("movies", {"users=4000", "items=800", "events=40000"});
  const Table features = movies.table("user_features"), truth = movies.table("ratings_user_truth");
  std::map<std::int64_t, std::int32_t> taste;  // the first part of each user
  for (std::size_t row = 0; row < truth.num_rows(); ++row)
    taste.emplace(values<std::int64_t>(truth, "user_id")[row],
                  values<std::int32_t>(truth, "part_id")[row]);
  std::map<std::int32_t, std::pair<double, double>> men;  // and all, by taste
  for (std::size_t row = 0; row < features.num_rows(); ++row) {
    auto& [of_them, all] = men[taste[values<std::int64_t>(features, "user_id")[row]]];
    of_them += values<std::string>(features, "gender")[row] == "M";
    all += 1;
  }
  double least = 1, most = 0;
  for (const auto& [part, counts] : men) {
    if (counts.second < 100) continue;
    least = std::min(least, counts.first / counts.second);
    most = std::max(most, counts.first / counts.second);
  }
  EXPECT_GT(most - least, 0.2);
}

}  // namespace
}  // namespace crossfade
