// Item tables, names and vectors with planted rows: what arrives, and what is counted.
#include "crossfade/io/side_tables.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "crossfade/io/parquet_writer.h"
#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using Ints = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

Vocabulary items_of(Ints ids) {
  return Vocabulary(Array<std::int64_t>(std::move(ids)));
}

std::string put(const std::string& name, std::vector<Column> columns) {
  TestContext test;
  Table table;
  table.columns = std::move(columns);
  const std::string path = fresh_path(name);
  const Status status = write_parquet(table, path, test.context);
  EXPECT_TRUE(status.ok()) << status.message();
  return path;
}

template <class T>
Lists<T> lists(const std::vector<std::vector<T>>& rows) {
  Lists<T> made;
  for (const auto& row : rows) made.push_back(row);
  return made;
}

Result<SideTablesRead> read(const SideTables& tables, const Vocabulary& items,
                            const ItemTable& known = {}) {
  TestContext test;
  auto about = read_side_tables(tables, items, known, test.context);
  if (about.ok()) {
    EXPECT_TRUE(about->about.check(items.size()).ok());
  }
  return about;
}

Texts labels_of(const ItemTable& about, const std::string& name, std::size_t item,
                bool names = false) {
  const ItemAttribute* attribute = about.find(name);
  EXPECT_NE(attribute, nullptr) << name;
  const auto& labels = std::get<LabelAttribute>(attribute->values);
  Texts found;
  for (std::int64_t i = labels.offsets[item]; i < labels.offsets[item + 1]; ++i) {
    const auto code = static_cast<std::size_t>(labels.codes[static_cast<std::size_t>(i)]);
    found.emplace_back(names ? labels.names[code] : labels.labels[code]);
  }
  return found;
}

SideTables items_file(const std::string& path) {
  SideTables tables;
  tables.items = path;
  return tables;
}

Result<SideTablesRead> read_users(const SideTables& tables) {
  TestContext test;
  return read_user_table(tables, items_of({1, 2, 3}), test.context);
}

TEST(SideTables, UsersAreReadAsItemsAre) {
  SideTables tables;
  tables.users = put("users.parquet", {{"userId", Ints{2, 1, 9, 2}, {}, {}},
                                       {"gender", Texts{"F", "M", "F", "M"}, {}, {}},
                                       {"age", Ints{30, 40, 50, 31}, {}, {}},
                                       {"likes", lists<std::int64_t>({{1}, {}, {1}, {2}}), {}, {}},
                                       {"vector", lists<float>({{1}, {1}, {1}, {1}}), {}, {}}});
  const auto found = *read_users(tables);
  EXPECT_THAT(labels_of(found.about, "gender", 1), ElementsAre("M"));
  EXPECT_THAT(labels_of(found.about, "likes", 1), ElementsAre("2"));
  const auto& age = std::get<NumberAttribute>(found.about.find("age")->values).values;
  EXPECT_EQ(age[0], 40);
  EXPECT_EQ(age[1], 31);
  EXPECT_TRUE(std::isnan(age[2]));
  EXPECT_EQ(found.reports[0].sentence(), "1 of 4 rows dropped: 1 user is not in the log");
  EXPECT_THAT(found.reports[0].notes,
              ElementsAre("column 'vector' holds vectors and was passed over",
                          "1 of 3 users have no attributes",
                          "1 rows are of a user that came before; the last value of each counts"));
  tables.user_columns = {"age"};
  EXPECT_EQ(read_users(tables)->about.attributes.size(), 1U);
}

TEST(SideTables, WrongUserTablesAreSentences) {
  const auto expect = [](SideTables tables, const std::string& words) {
    const auto found = read_users(tables);
    ASSERT_FALSE(found.ok());
    EXPECT_EQ(found.status().kind(), StatusKind::kDataInvalid);
    EXPECT_THAT(found.status().message(), HasSubstr(words));
  };
  SideTables tables;
  tables.users = put("no_ids.parquet", {{"who", Ints{1}, {}, {}}, {"age", Ints{1}, {}, {}}});
  expect(tables,
         "no column of users' ids that is known (its columns are who, age); say which with "
         "--user-column");
  tables.user_column = "whom";
  expect(tables, "no column called 'whom'");
  tables.users = put("others.parquet", {{"user_id", Ints{7}, {}, {}}, {"age", Ints{1}, {}, {}}});
  tables.user_column = "";
  expect(tables, "has no row of a user of the log");
  tables.users = put("alone.parquet", {{"user_id", Ints{1}, {}, {}}});
  expect(tables, "no column but 'user_id' that could be an attribute of users");
  tables.users = put("vectors.parquet",
                     {{"user_id", Ints{1}, {}, {}}, {"vector", lists<float>({{1}}), {}, {}}});
  tables.user_columns = {"vector"};
  expect(tables, "holds vectors, which are no attribute of users");
}

TEST(SideTables, TracksWithListsAndTheirNames) {
  // Ids repeat across types; genre 7 has no name; track 99 is not in the log.
  SideTables tables = items_file(
      put("tracks.parquet", {{"track_id", Ints{10, 20, 99}, {}, {}},
                             {"albums", lists<std::int64_t>({{1}, {1, 2}, {3}}), {}, {}},
                             {"artists", lists<std::int64_t>({{10, 11}, {}, {12}}), {}, {0, 1, 0}},
                             {"genres", lists<std::int64_t>({{7}, {7, 8}, {9}}), {}, {}}}));
  tables.names =
      put("catalog_names.parquet",
          {{"id", Ints{10, 10, 11, 8, 20, 1, 5}, {}, {}},
           {"type", Texts{"track", "artist", "artist", "genre", "track", "album", "genre"}, {}, {}},
           {"name",
            Texts{"Früh ☀", "Абба", "Björk", "rock", "", "日本", "x"},
            {},
            {0, 0, 0, 0, 1, 0, 0}}});
  const auto read_both = read(tables, items_of({20, 10, 30}));
  ASSERT_TRUE(read_both.ok()) << read_both.status().message();
  const ItemTable& about = read_both->about;
  EXPECT_THAT(labels_of(about, "albums", 0), ElementsAre("1", "2"));
  EXPECT_THAT(labels_of(about, "artists", 0), ElementsAre());
  EXPECT_THAT(labels_of(about, "artists", 1, true), ElementsAre("Абба", "Björk"));
  EXPECT_THAT(labels_of(about, "genres", 0, true), ElementsAre("", "rock"));
  EXPECT_THAT(labels_of(about, "genres", 2), ElementsAre());
  const auto& names = std::get<TextAttribute>(about.find("name")->values).values;
  EXPECT_EQ(names[1], "Früh ☀");
  EXPECT_EQ(names[0], "");
  ASSERT_EQ(read_both->reports.size(), 2U);
  EXPECT_EQ(read_both->reports[0].rows_kept, 2);
  EXPECT_EQ(read_both->reports[0].dropped[0].reason, "item is not in the log");
  EXPECT_THAT(read_both->reports[0].notes, Contains("1 of 3 items have no attributes"));
  EXPECT_THAT(read_both->reports[1].notes, Contains("1 of 2 ids of type 'genre' have no name"));
  EXPECT_THAT(read_both->reports[1].notes, Contains("2 of 3 items have no name"));
  EXPECT_EQ(read_both->reports[1].rows_read, 7);
  EXPECT_EQ(read_both->reports[1].rows_kept, 5);
}

TEST(SideTables, NamesGoToLabelsThatAreThereAlready) {
  SideTables first = items_file(
      put("artists.parquet", {{"item_id", Ints{1, 2}, {}, {}}, {"artist_id", Ints{5, 6}, {}, {}}}));
  const ItemTable known = read(first, items_of({1, 2}))->about;
  SideTables names;
  names.names = put(
      "names.parquet",
      {{"id", Ints{6}, {}, {}}, {"type", Texts{"artist"}, {}, {}}, {"name", Texts{"Six"}, {}, {}}});
  EXPECT_THAT(labels_of(read(names, items_of({1, 2}), known)->about, "artist_id", 1, true),
              ElementsAre("Six"));
  names.names =
      put("plain.csv.parquet", {{"item_id", Ints{2}, {}, {}}, {"title", Texts{"Two"}, {}, {}}});
  const auto plain = read(names, items_of({1, 2}));
  EXPECT_EQ(std::get<TextAttribute>(plain->about.find("name")->values).values[1], "Two");
}

TEST(SideTables, FilmsWithOneHotAndCutGenres) {
  const auto one_hot =
      read(items_file(put("features.parquet", {{"item_id", Ints{1, 2}, {}, {}},
                                               {"genre_0", std::vector<std::int32_t>{1, 0}, {}, {}},
                                               {"genre_1", std::vector<std::int32_t>{1, 0}, {}, {}},
                                               {"genre_2", std::vector<float>{0, 1}, {}, {}},
                                               {"year", Ints{1999, 2000}, {}, {}}})),
           items_of({1, 2}));
  EXPECT_EQ(one_hot->about.attributes.size(), 2U);
  EXPECT_THAT(labels_of(one_hot->about, "genre", 0), ElementsAre("0", "1"));
  EXPECT_THAT(labels_of(one_hot->about, "genre", 1), ElementsAre("2"));
  EXPECT_EQ(std::get<NumberAttribute>(one_hot->about.find("year")->values).values[1], 2000);
  const std::string csv = fresh_path("movies.csv");
  ASSERT_TRUE(write_file(csv,
                         "movieId,title,genres,country\n1,Heat,Crime|Drama,us\n2,Amélie,Comedy,fr\n"
                         "3,Solaris,Drama,us\n4,Alien,,us\n")
                  .ok());
  const auto films = read(items_file(csv), items_of({1, 2, 3, 4}));
  ASSERT_TRUE(films.ok()) << films.status().message();
  EXPECT_THAT(labels_of(films->about, "genres", 0), ElementsAre("Crime", "Drama"));
  EXPECT_THAT(labels_of(films->about, "genres", 3), ElementsAre());
  EXPECT_THAT(labels_of(films->about, "country", 2), ElementsAre("us"));
  EXPECT_EQ(std::get<TextAttribute>(films->about.find("title")->values).values[1], "Amélie");
}

TEST(SideTables, TextThatIsNotUtf8IsMendedOrLeftOutAndCounted) {
  // A latin-1 title; two tags that differ only in a byte that is no text; a name in cp1251.
  SideTables tables;
  tables.items = fresh_path("latin.csv");
  ASSERT_TRUE(write_file(tables.items,
                         "movieId,title,tags,mood\n1,Am\xe9lie,\xe9|new,sad\n2,Heat,\xe8|new,sad\n"
                         "3,Alien,new,\xff\n4,Solaris,,sad\n")
                  .ok());
  tables.names = fresh_path("names.csv");
  ASSERT_TRUE(write_file(tables.names,
                         "id,type,name\n1,movie,\xc0\xe1\n2,movie,Heat\n"
                         "new,tag,N\xfc\n")
                  .ok());
  const auto read_both = read(tables, items_of({1, 2, 3, 4}));
  ASSERT_TRUE(read_both.ok()) << read_both.status().message();
  const ItemTable& about = read_both->about;
  const auto text = [&](const char* name, std::size_t item) {
    return std::string(std::get<TextAttribute>(about.find(name)->values).values[item]);
  };
  EXPECT_EQ(text("title", 0), "Am\uFFFDlie");
  EXPECT_EQ(text("title", 1), "Heat");
  EXPECT_EQ(text("name", 0), "\uFFFD\uFFFD");
  EXPECT_THAT(labels_of(about, "tags", 0), ElementsAre("new"));
  EXPECT_THAT(labels_of(about, "tags", 1, true), ElementsAre("N\uFFFD"));
  EXPECT_THAT(labels_of(about, "mood", 1), ElementsAre("sad"));
  EXPECT_THAT(labels_of(about, "mood", 2), ElementsAre());
  EXPECT_THAT(read_both->reports[0].notes, Contains("3 labels are not UTF-8 and were left out"));
  EXPECT_THAT(read_both->reports[0].notes, Contains(HasSubstr("1 texts are not UTF-8")));
  EXPECT_THAT(read_both->reports[1].notes, Contains(HasSubstr("1 names of items are not UTF-8")));
  EXPECT_THAT(read_both->reports[1].notes,
              Contains(HasSubstr("1 names of type 'tag' are not UTF-8")));
}

TEST(SideTables, TheLastKnownValueOfALogCounts) {
  SideTables tables =
      items_file(put("log.parquet", {{"user_id", Ints{1, 1, 2, 2}, {}, {}},
                                     {"item_id", Ints{7, 8, 7, 7}, {}, {}},
                                     {"category_id", Ints{3, 4, 0, 5}, {}, {0, 0, 1, 0}},
                                     {"price", std::vector<float>{1, 2, 3, 0}, {}, {0, 0, 0, 1}}}));
  tables.columns = {"category_id", "price"};
  const auto about = read(tables, items_of({7, 8}));
  EXPECT_THAT(labels_of(about->about, "category_id", 0), ElementsAre("5"));
  const auto& prices = std::get<NumberAttribute>(about->about.find("price")->values).values;
  EXPECT_EQ(prices[0], 3);
  EXPECT_EQ(prices[1], 2);
  EXPECT_THAT(about->reports[0].notes,
              Contains("2 rows are of an item that came before; the last value of each counts"));
}

TEST(SideTables, ItemsThatAreNotInTheLogCanBeAskedFor) {
  TestContext test;
  SideTables tables = items_file(
      put("more.parquet",
          {{"item_id", std::vector<double>{7, 99, 1.5, 98, 99, 0}, {}, {0, 0, 0, 0, 0, 1}},
           {"price", std::vector<float>{1, 2, 3, 4, 5, 6}, {}, {}}}));
  tables.vectors = fresh_path("vectors.jsonl");
  ASSERT_TRUE(write_file(tables.vectors,
                         "{\"item_id\":\"97\",\"v\":[0.5,1.5]}\n"
                         "{\"item_id\":\"7\",\"v\":[0.5,1.5]}\n"
                         "{\"item_id\":\"x\",\"v\":[0.5,1.5]}\n")
                  .ok());
  const auto numbers = with_unknown_items(tables, items_of({8, 7}), test.context);
  ASSERT_TRUE(numbers.ok()) << numbers.status().message();
  ASSERT_EQ(numbers->size(), 5);
  EXPECT_EQ(numbers->find(std::int64_t{7}), 1);
  EXPECT_EQ(numbers->find(std::int64_t{99}), 2);
  EXPECT_EQ(numbers->find(std::int64_t{98}), 3);
  EXPECT_EQ(numbers->find(std::int64_t{97}), 4);
  const auto texts =
      with_unknown_items(tables, Vocabulary(StringArray(Texts{"a", "7"})), test.context);
  ASSERT_TRUE(texts.ok()) << texts.status().message();
  EXPECT_EQ(texts->size(), 6);
  EXPECT_EQ(texts->find(std::string_view("x")), 5);
  EXPECT_THAT(with_unknown_items(tables, items_of({5}), test.context).status().message(),
              HasSubstr("has no row of an item of the log"));
}

TEST(SideTables, VectorsThatAreNotWholeAreCounted) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  SideTables tables;
  tables.vectors =
      put("vectors.parquet", {{"track_id", Ints{1, 2, 3, 4, 5, 99}, {}, {}},
                              {"artist_id", Ints{7, 7, 8, 8, 9, 9}, {}, {}},
                              {"vector",
                               lists<float>({{1, 2}, {3, 4}, {5, nan}, {6}, {}, {9, 9}}),
                               {},
                               {0, 0, 0, 0, 1, 0}}});
  const auto about = read(tables, items_of({5, 4, 3, 2, 1, 6}));
  ASSERT_TRUE(about.ok()) << about.status().message();
  const ItemVectors& vectors = about->about.vectors;
  EXPECT_EQ(vectors.dimension, 2);
  EXPECT_THAT(std::vector<std::uint8_t>(vectors.present.begin(), vectors.present.end()),
              ElementsAre(0, 0, 0, 1, 1, 0));
  EXPECT_EQ(vectors.values[9], 2);
  EXPECT_EQ(vectors.values[6], 3);
  EXPECT_EQ(vectors.values[5], 0);
  const ImportReport& report = about->reports[0];
  EXPECT_EQ(report.rows_read, 6);
  EXPECT_EQ(report.rows_kept, 2);
  Texts reasons;
  for (const auto& reason : report.dropped) reasons.push_back(reason.reason);
  EXPECT_THAT(reasons,
              ElementsAre("item is not in the log", "vector holds a value that is not a number",
                          "vector of another length", "missing vector"));
  EXPECT_THAT(report.notes, Contains("4 of 6 items have no vector"));
  // The same file as a table of attributes; the vectors are passed over.
  const auto both = read(items_file(tables.vectors), items_of({1, 2}));
  EXPECT_THAT(labels_of(both->about, "artist_id", 1), ElementsAre("7"));
  EXPECT_EQ(both->about.vectors.dimension, 0);
}

TEST(SideTables, WrongTablesAreSentences) {
  const auto message = [](const SideTables& tables, const Vocabulary& items) {
    const auto about = read(tables, items);
    EXPECT_EQ(about.status().kind(), StatusKind::kDataInvalid);
    return about.status().message();
  };
  const Vocabulary items = items_of({1});
  const std::string path = put("odd.parquet", {{"thing", Ints{1}, {}, {}}, {"x", Ints{2}, {}, {}}});
  EXPECT_THAT(message(items_file(path), items), HasSubstr("--item-column"));
  SideTables tables = items_file(path);
  tables.item_column = "thong";
  EXPECT_THAT(message(tables, items), HasSubstr("did you mean 'thing'?"));
  tables.item_column = "thing";
  EXPECT_THAT(message(tables, items_of({5})), HasSubstr("no row of an item of the log"));
  tables = {};
  tables.vectors = path;
  tables.item_column = "thing";
  EXPECT_THAT(message(tables, items), HasSubstr("no column of vectors"));
  tables.vector_column = "x";
  EXPECT_THAT(message(tables, items), HasSubstr("holds no vectors"));
  tables = {};
  tables.names = put(
      "names.parquet",
      {{"id", Ints{4}, {}, {}}, {"type", Texts{"mood"}, {}, {}}, {"name", Texts{"sad"}, {}, {}}});
  EXPECT_THAT(message(tables, items), HasSubstr("names nothing that is known"));
}

}  // namespace
}  // namespace crossfade
