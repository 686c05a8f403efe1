// The practicum's files: planted faults are counted and mended, columns are exactly the published
// ones, numbers are those worked out by hand.
#include "crossfade/pipeline/practicum_export.h"

#include <gtest/gtest.h>

#include <tuple>

#include "crossfade/base/file.h"
#include "crossfade/io/parquet_reader.h"

namespace crossfade {
namespace {

using Longs = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

Lists<std::int64_t> lists(const std::vector<Longs>& rows) {
  Lists<std::int64_t> result;
  for (const Longs& row : rows) result.push_back(row);
  return result;
}

// Four tracks, the second one twice; track 3 has a genre without a name, track 4 nothing at all.
Table some_tracks() {
  Table table;
  table.columns.push_back({"track_id", Longs{1, 2, 2, 3, 4}});
  table.columns.push_back({"albums", lists({{10, 11, 10}, {10}, {11}, {11}, {}})});
  table.columns.push_back({"artists", lists({{5}, {5, 6}, {}, {7}, {}})});
  table.columns.push_back({"genres", lists({{0, 1}, {1, 1}, {0}, {2}, {}})});
  return table;
}

// Genres 0 and 1 are both called rock; artist 7 and album 11 have no name; id 5 is of two types.
Table some_names() {
  Table table;
  table.columns.push_back({"id", Longs{1, 2, 3, 3, 4, 10, 5, 6, 5, 0, 1, 9}});
  table.columns.push_back({"type", Texts{"track", "track", "track", "track", "track", "album",
                                         "artist", "artist", "album", "genre", "genre", "label"}});
  table.columns.push_back({"name", Texts{"Eins", "Zwei", "Дрей", "again", "", "Album", "Anna",
                                         "Bernd", "Solo", "rock", "rock", "none"}});
  return table;
}

class PracticumTest : public testing::Test {
 protected:
  // Users 100 and 200; user 100 plays track 1 twice, user 200 a track that nobody knows.
  Dataset dataset() {
    LogColumns log;
    log.users = Longs{100, 100, 100, 200, 200};
    log.items = Longs{1, 2, 1, 1, 99};
    constexpr std::int64_t kDay = 86400000000000;
    log.time_ns = {kDay, kDay + 1, 2 * kDay + 2, 3 * kDay, 4 * kDay + 1};  // days and an order
    return *build_dataset({}, "music", std::move(log), context_);
  }
  Table read(const std::string& file) { return *read_parquet(out_ + "/" + file, {}, context_); }
  Result<PracticumExport> run(const Dataset& data, std::int64_t block_rows = 1000) {
    const auto catalogue = PracticumCatalogue::make(some_tracks(), some_names());
    return export_practicum(data, data.domains()[0], *catalogue, out_, context_, block_rows);
  }

  ThreadPool threads_{2};
  SilentProgress progress_;
  std::atomic<bool> stop_{false};
  Context context_{threads_, progress_, stop_};
  std::string out_ = testing::TempDir() + "/practicum_export";

  void SetUp() override { ASSERT_TRUE(remove_tree(out_).ok()); }
  void TearDown() override { (void)remove_tree(out_); }
};

std::string columns_of(const Table& table) {
  std::string names;
  for (const Column& column : table.columns) names += column.name + " ";
  return names;
}

template <class T>
const T& values(const Table& table, const std::string& name) {
  return std::get<T>(table.find(name)->values);
}

Texts texts(const Table& table, const std::string& name, std::size_t row) {
  const auto list = values<Lists<std::string>>(table, name)[row];
  return {list.begin(), list.end()};
}

TEST_F(PracticumTest, ItemsHaveNamesUsersAndScores) {
  ASSERT_TRUE(run(dataset()).ok());
  const Table items = read("items.parquet");
  EXPECT_EQ(columns_of(items),
            "item_id albums artists genres name num_users num_users_norm num_albums "
            "genre_score_mean ");
  EXPECT_EQ(values<Longs>(items, "item_id"), (Longs{1, 2, 3, 4}));
  EXPECT_EQ(values<Texts>(items, "name"), (Texts{"Eins", "Zwei", "Дрей", ""}));
  EXPECT_EQ(values<Longs>(items, "num_users"), (Longs{2, 1, 0, 0}));
  EXPECT_EQ(values<std::vector<double>>(items, "num_users_norm"),
            (std::vector<double>{1, 0.5, 0, 0}));
  EXPECT_EQ(values<Longs>(items, "num_albums"), (Longs{2, 1, 1, 0}));
  EXPECT_EQ(texts(items, "albums", 0), Texts{"Album"});
  EXPECT_EQ(texts(items, "artists", 1), (Texts{"Anna", "Bernd"}));
  EXPECT_EQ(texts(items, "genres", 0), Texts{"rock"});  // two genres of one name
  EXPECT_EQ(texts(items, "genres", 2), Texts{"other_genre_2"});
  // Genre 0: both users; genre 1: both (track 1 has it too); genre 2: nobody.
  EXPECT_EQ(values<std::vector<double>>(items, "genre_score_mean"),
            (std::vector<double>{1, 1, 0, 0}));
}

TEST_F(PracticumTest, EventsAreNumberedWithinUsers) {
  ASSERT_TRUE(run(dataset()).ok());
  const Table events = read("events.parquet");
  EXPECT_EQ(columns_of(events), "user_id item_id track_seq started_at num_users_norm listened ");
  EXPECT_EQ(values<Longs>(events, "user_id"), (Longs{100, 100, 100, 200, 200}));
  EXPECT_EQ(values<Longs>(events, "item_id"), (Longs{1, 2, 1, 1, 99}));
  EXPECT_EQ(values<std::vector<std::int32_t>>(events, "track_seq"),
            (std::vector<std::int32_t>{1, 2, 3, 1, 2}));
  EXPECT_EQ(events.find("started_at")->meaning, Column::Meaning::kTimestamp);
  for (const std::int64_t time : values<Longs>(events, "started_at"))
    EXPECT_EQ(time % 86400000000000, 0);
  EXPECT_EQ(values<std::vector<double>>(events, "num_users_norm"),
            (std::vector<double>{1, 0.5, 1, 1, 0}));
  EXPECT_EQ(values<std::vector<std::int32_t>>(events, "listened"), std::vector<std::int32_t>(5, 1));
  const Table tracks = read("users_per_track.parquet"), genres = read("users_per_genre.parquet");
  EXPECT_EQ(values<Longs>(tracks, "item_id"), (Longs{1, 2, 3, 4}));
  EXPECT_EQ(values<Longs>(genres, "num_users"), (Longs{2, 2, 0}));
}

TEST_F(PracticumTest, AnyBlocksGiveTheSameRows) {
  const auto rows_with = [&](std::int64_t block_rows) {
    EXPECT_TRUE(run(dataset(), block_rows).ok());
    const Table items = read("items.parquet"), events = read("events.parquet");
    EXPECT_TRUE(remove_tree(out_).ok());
    return std::tuple(values<Longs>(items, "item_id"), values<Longs>(items, "num_users"),
                      values<Longs>(events, "user_id"), values<Longs>(events, "item_id"),
                      values<std::vector<std::int32_t>>(events, "track_seq"));
  };
  const auto whole = rows_with(1000);
  EXPECT_EQ(std::get<2>(whole).size(), 5U);
  for (const std::int64_t block_rows : {1, 2, 3, 4}) EXPECT_EQ(rows_with(block_rows), whole);
}

TEST_F(PracticumTest, FaultsAreCounted) {
  const auto exported = run(dataset());
  ASSERT_TRUE(exported.ok());
  const CatalogueChecks& checks = exported->catalogue;
  EXPECT_EQ(checks.tracks, 4);
  EXPECT_EQ(checks.repeated_tracks, 1);
  EXPECT_EQ(checks.without_albums, 1);
  EXPECT_EQ(checks.without_artists, 1);
  EXPECT_EQ(checks.without_genres, 1);
  EXPECT_EQ(checks.repeated_names, 1);
  EXPECT_EQ(checks.unknown_types, 1);
  EXPECT_EQ(checks.ids_of_several_types, 2);  // 1 (track, genre) and 5 (artist, album)
  EXPECT_EQ(checks.nameless_tracks, 1);
  EXPECT_EQ(checks.nameless_albums, 1);
  EXPECT_EQ(checks.nameless_artists, 1);
  EXPECT_EQ(checks.nameless_genres, 1);
  EXPECT_EQ(exported->repeated_pairs, 1);
  EXPECT_EQ(exported->unknown_tracks, 1);
  EXPECT_EQ(exported->events_of_unknown, 1);
  EXPECT_EQ(exported->top_tracks[0], (std::pair<std::string, std::int64_t>{"Eins", 2}));
}

LabelAttribute labels(const std::vector<Longs>& codes, const Texts& ids, const Texts& names) {
  LabelAttribute attribute;
  Longs offsets{0};
  std::vector<std::int32_t> all;
  for (const Longs& of_item : codes) {
    all.insert(all.end(), of_item.begin(), of_item.end());
    offsets.push_back(static_cast<std::int64_t>(all.size()));
  }
  attribute.offsets = Array<std::int64_t>(offsets);
  attribute.codes = Array<std::int32_t>(all);
  attribute.labels = StringArray(ids);
  attribute.names = StringArray(names);
  return attribute;
}

// The same of items 1, 2 and 99 as import attaches it; of 99 nothing is known.
Domain with_attached(const Dataset& data) {
  Domain domain = data.domains()[0];
  domain.about.attributes = {{"albums", labels({{0, 1, 0}, {0}, {}}, {"10", "11"}, {"Album", ""})},
                             {"artists", labels({{0}, {0, 1}, {}}, {"5", "6"}, {"Anna", "Bernd"})},
                             {"genres", labels({{0, 1}, {1, 1}, {}}, {"0", "1"}, {"rock", ""})},
                             {"name", TextAttribute{StringArray(Texts{"Eins", "", ""})}}};
  return domain;
}

TEST_F(PracticumTest, TakesWhatIsAttachedToTheStore) {
  const Dataset data = dataset();
  const Domain domain = with_attached(data);
  const auto catalogue = PracticumCatalogue::make(domain);
  ASSERT_TRUE(catalogue.ok()) << catalogue.status().message();
  const CatalogueChecks& checks = catalogue->checks();
  EXPECT_EQ(checks.tracks, 2);
  EXPECT_EQ(checks.names, 5);
  EXPECT_EQ(checks.nameless_tracks, 1);
  EXPECT_EQ(checks.nameless_albums, 1);
  EXPECT_EQ(checks.nameless_genres, 1);
  EXPECT_EQ(checks.ids_of_several_types, 0);
  EXPECT_EQ(checks.repeated_names, -1);

  const auto exported = export_practicum(data, domain, *catalogue, out_, context_);
  ASSERT_TRUE(exported.ok());
  EXPECT_EQ(exported->unknown_tracks, 1);
  EXPECT_EQ(exported->events_of_unknown, 1);
  EXPECT_EQ(to_json(*exported)["names"].number(), 5);
  EXPECT_TRUE(to_json(*exported)["repeated_names"].is_null());
  const Table items = read("items.parquet");
  EXPECT_EQ(values<Longs>(items, "item_id"), (Longs{1, 2}));
  EXPECT_EQ(values<Texts>(items, "name"), (Texts{"Eins", ""}));
  EXPECT_EQ(values<Longs>(items, "num_albums"), (Longs{2, 1}));
  EXPECT_EQ(texts(items, "albums", 0), Texts{"Album"});
  EXPECT_EQ(texts(items, "artists", 1), (Texts{"Anna", "Bernd"}));
  EXPECT_EQ(texts(items, "genres", 1), Texts{"other_genre_1"});
}

TEST_F(PracticumTest, SaysWhatIsNotAttached) {
  const Dataset data = dataset();
  const auto message = [&](std::size_t without) {
    Domain domain = with_attached(data);
    auto& attributes = domain.about.attributes;
    attributes.erase(attributes.begin() + static_cast<std::ptrdiff_t>(without));
    const Status status = PracticumCatalogue::make(domain).status();
    EXPECT_EQ(status.kind(), StatusKind::kUsage);
    return status.message();
  };
  EXPECT_NE(message(1).find("has no artists attached"), std::string::npos);
  EXPECT_NE(message(3).find("has no names attached"), std::string::npos);
  EXPECT_NE(message(3).find("--tracks and --names"), std::string::npos);
  Domain words = with_attached(data);
  words.about.attributes[2].values = labels({{0}, {}, {}}, {"rock"}, {});
  const Status status = PracticumCatalogue::make(words).status();
  EXPECT_EQ(status.kind(), StatusKind::kDataInvalid);
  EXPECT_NE(status.message().find("'rock' among the genres"), std::string::npos);
  LogColumns text;
  text.users = Longs{1};
  text.items = Texts{"a"};
  text.time_ns = {1};
  const Dataset other = *build_dataset({}, "music", std::move(text), context_);
  EXPECT_NE(PracticumCatalogue::make(other.domains()[0]).status().message().find("are text"),
            std::string::npos);
}

TEST_F(PracticumTest, SaysWhatIsWrongAndLeavesNothing) {
  Table tracks = some_tracks();
  tracks.columns[3].name = "genre";
  EXPECT_NE(PracticumCatalogue::make(tracks, some_names()).status().message().find("'genres'"),
            std::string::npos);
  tracks = some_tracks();
  tracks.columns[0].nulls = {0, 0, 1, 0, 0};
  EXPECT_NE(PracticumCatalogue::make(tracks, some_names()).status().message().find("row 3"),
            std::string::npos);
  Table names = some_names();
  names.columns[0].values = Texts(12, "one");
  EXPECT_NE(PracticumCatalogue::make(some_tracks(), names).status().message().find("whole numbers"),
            std::string::npos);

  LogColumns timeless;
  timeless.users = Longs{1};
  timeless.items = Longs{1};
  const Dataset without = *build_dataset({}, "music", std::move(timeless), context_);
  EXPECT_NE(run(without).status().message().find("--time"), std::string::npos);
  LogColumns text;
  text.users = Texts{"a"};
  text.items = Longs{1};
  text.time_ns = {1};
  EXPECT_EQ(run(*build_dataset({}, "music", std::move(text), context_)).status().kind(),
            StatusKind::kUsage);
  const Dataset whole = dataset();
  stop_ = true;
  EXPECT_EQ(run(whole).status().kind(), StatusKind::kInterrupted);
  EXPECT_FALSE(path_exists(out_));
}

}  // namespace
}  // namespace crossfade
