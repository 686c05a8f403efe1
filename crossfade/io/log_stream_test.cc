// Logs in many files: their order, their agreement, what is counted, and going on from anywhere.
#include "crossfade/io/log_stream.h"

#include <gmock/gmock.h>

#include "crossfade/base/rng.h"
#include "crossfade/io/parquet_writer.h"
#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Ints = std::vector<std::int64_t>;

constexpr std::int64_t kSecond2023 = 1'672'531'200;  // 2023-01-01

LogSchema plain_schema() {
  LogSchema schema;
  schema.user = "user";
  schema.item = "item";
  schema.time = "time";
  return schema;
}

Column ints(const std::string& name, Ints values) {
  return {name, std::move(values), {}, {}};
}

std::string put(const std::string& name, std::vector<Column> columns,
                std::int64_t group_rows = 1 << 20) {
  TestContext test;
  const std::string path = fresh_path(name);
  const std::string folder = path.substr(0, path.rfind('/'));
  EXPECT_TRUE(make_folder(folder).ok());
  Table table;
  table.columns = std::move(columns);
  ParquetWriteOptions options;
  options.row_group_rows = group_rows;
  const Status status = write_parquet(table, path, test.context, options);
  EXPECT_TRUE(status.ok()) << status.message();
  return path;
}

struct Whole {
  LogColumns log;
  ImportReport report;
  LogPosition end;
  int blocks = 0;
};

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void append(LogColumns& to, const LogColumns& from) {
  if (size_of(to.users) == 0) {
    to = from;
    return;
  }
  for (const auto ids : {&LogColumns::users, &LogColumns::items})
    std::visit(
        [&](auto& values) { append(values, std::get<std::decay_t<decltype(values)>>(from.*ids)); },
        to.*ids);
  append(to.time_ns, from.time_ns);
  append(to.weights, from.weights);
  append(to.kinds, from.kinds);
  append(to.sessions, from.sessions);
}

Result<Whole> read(const std::vector<std::string>& inputs, const LogSchema& schema,
                   LogStreamOptions options = {}) {
  TestContext test;
  CROSSFADE_ASSIGN_OR_RETURN(LogStream stream,
                             LogStream::open(inputs, schema, options, test.context));
  Whole whole;
  for (;;) {
    CROSSFADE_ASSIGN_OR_RETURN(const auto block, stream.next(whole.report, test.context));
    whole.end = stream.position();
    if (!block) return whole;
    ++whole.blocks;
    append(whole.log, *block);
  }
}

TEST(LogStream, FilesFollowEachOther) {
  const auto a = put("a.parquet", {ints("user", {1, 2}), ints("item", {10, 20}),
                                   ints("time", {kSecond2023, kSecond2023 + 1})});
  const auto b = put("b.parquet", {ints("item", {30}), ints("user", {3}), ints("extra", {0}),
                                   ints("time", {kSecond2023 + 2})});
  TestContext test;
  const auto stream = *LogStream::open({a, b}, plain_schema(), {}, test.context);
  EXPECT_EQ(stream.total_rows(), 3);
  EXPECT_EQ(stream.source(), a + " and 1 more file");
  const Whole whole = *read({a, b}, plain_schema());
  EXPECT_THAT(std::get<Ints>(whole.log.users), ElementsAre(1, 2, 3));
  EXPECT_THAT(std::get<Ints>(whole.log.items), ElementsAre(10, 20, 30));
  EXPECT_EQ(whole.log.time_ns[2], (kSecond2023 + 2) * 1'000'000'000);
  EXPECT_EQ(whole.report.rows_read, 3);
  EXPECT_EQ(whole.report.rows_kept, 3);
  EXPECT_THAT(whole.report.notes,
              ElementsAre(a + " and 1 more file: page checksums verified",
                          "times in column 'time' are taken as seconds, guessed from their size",
                          "times run from 2023-01-01 00:00:00 to 2023-01-01 00:00:02 (UTC)"));
}

TEST(LogStream, APresetsOrderMayBeMissingButNotFromSomeFiles) {
  const Column users = ints("user", {1, 2}), items = ints("item", {10, 20});
  const Column times = ints("time", {kSecond2023, kSecond2023});
  const auto with = put("with.parquet", {users, items, times, ints("place", {5, 4})});
  const auto without = put("without.parquet", {users, items, times});
  LogSchema schema = plain_schema();
  schema.order = "place";
  schema.order_is_optional = true;
  EXPECT_THAT(read({with}, schema)->log.time_ns,
              ElementsAre(kSecond2023 * 1'000'000'000 + 5, kSecond2023 * 1'000'000'000 + 4));
  EXPECT_TRUE(read({with}, schema)->end.state.ordered);
  EXPECT_THAT(read({without}, schema)->log.time_ns, testing::Each(kSecond2023 * 1'000'000'000));
  EXPECT_FALSE(read({without}, schema)->end.state.ordered);
  for (const auto& files : {std::vector{with, without}, {without, with}}) {
    const auto mixed = read(files, schema);
    ASSERT_FALSE(mixed.ok());
    EXPECT_THAT(mixed.status().message(), HasSubstr("the files disagree about column 'place'"));
  }
  schema.order_is_optional = false;
  EXPECT_THAT(read({without}, schema).status().message(), HasSubstr("no column called 'place'"));
}

TEST(LogStream, PartitionsAreColumns) {
  for (const char* day : {"2023-01-02", "2023-01-01"}) {
    const std::string shift = day;
    (void)put("hive/day=" + shift + "/event=buy/part.parquet",
              {ints("user", {shift.back() - '0'}), ints("item", {5})});
  }
  const std::string path = fresh_path("unused");  // beside the folder
  const std::string folder = path.substr(0, path.rfind("unused")) + "hive";
  LogSchema schema = plain_schema();
  schema.time = "day";
  schema.kind = "event";
  const auto whole = read({folder}, schema);
  ASSERT_TRUE(whole.ok()) << whole.status().message();
  EXPECT_THAT(std::get<Ints>(whole->log.users), ElementsAre(1, 2));
  EXPECT_EQ(whole->log.time_ns[1] - whole->log.time_ns[0], 86'400'000'000'000);
  EXPECT_EQ(whole->log.time_ns[0], kSecond2023 * 1'000'000'000);
  EXPECT_THAT(whole->log.kinds, ElementsAre(0, 0));
  EXPECT_THAT(whole->report.notes, testing::Contains("kinds in column 'event': 0 = buy"));
  ASSERT_TRUE(remove_tree(folder).ok());
}

TEST(LogStream, HivesNullTakesTheTypeOfTheOthers) {
  for (const char* day : {"2023-01-02", "2023-01-01", "__HIVE_DEFAULT_PARTITION__"})
    (void)put("null/day=" + std::string(day) + "/part.parquet",
              {ints("user", {static_cast<std::int64_t>(day[9])}), ints("item", {5})});
  const std::string path = fresh_path("unused");
  const std::string folder = path.substr(0, path.rfind("unused")) + "null";
  const std::string null = folder + "/day=__HIVE_DEFAULT_PARTITION__";
  LogSchema schema = plain_schema();
  schema.time = "day";
  for (const auto& inputs : {std::vector{folder}, std::vector{null, folder + "/day=2023-01-01"}}) {
    const auto whole = read(inputs, schema);
    ASSERT_TRUE(whole.ok()) << whole.status().message();
    ASSERT_EQ(whole->report.dropped.size(), 1U);
    EXPECT_EQ(whole->report.dropped[0].reason, "missing time");
    EXPECT_EQ(whole->report.dropped[0].rows, 1);
  }
  ASSERT_TRUE(remove_tree(folder).ok());
}

// 9999-12-31, which some tools write for "none", does not fit into nanoseconds.
TEST(LogStream, DaysBeyondTheCalendarAreNoTimes) {
  const std::string path =
      put("far/day=9999-12-31/part.parquet", {ints("user", {1}), ints("item", {5})});
  const std::string folder = path.substr(0, path.rfind("/day="));
  LogSchema schema = plain_schema();
  schema.time = "day";
  const auto whole = read({folder}, schema);
  ASSERT_FALSE(whole.ok());
  EXPECT_THAT(whole.status().message(), HasSubstr("column 'day' holds text"));
  ASSERT_TRUE(remove_tree(folder).ok());
}

TEST(LogStream, DroppedTimesAreShownAsTheFileHasThem) {
  LogSchema schema = plain_schema();
  schema.time = "t";
  schema.time_unit = TimeUnit::kSeconds;
  const std::string path = put(
      "times.parquet", {ints("user", {1, 2}), ints("item", {5, 6}), ints("t", {kSecond2023, -99})});
  const auto whole = read({path}, schema);
  ASSERT_TRUE(whole.ok()) << whole.status().message();
  ASSERT_EQ(whole->report.dropped.size(), 1U);
  EXPECT_EQ(whole->report.dropped[0].reason, "time before 1970 or after 2199");
  EXPECT_THAT(whole->report.dropped[0].examples, ElementsAre("row 1: user 2, item 6, time -99"));
}

void expect_error(const Result<Whole>& result, const std::vector<std::string>& words) {
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().kind(), StatusKind::kDataInvalid);
  for (const std::string& word : words) EXPECT_THAT(result.status().message(), HasSubstr(word));
}

TEST(LogStream, FilesThatDisagreeAreBothNamed) {
  const auto times = [](std::int64_t t) { return ints("time", {t}); };
  const auto a = put("a.parquet", {ints("user", {1}), ints("item", {1}), times(kSecond2023)});
  const auto text =
      put("text.parquet",
          {{"user", std::vector<std::string>{"x"}, {}, {}}, ints("item", {1}), times(kSecond2023)});
  expect_error(read({a, text}, plain_schema()),
               {"disagree about column 'user'", "numbers in " + a, "text in " + text});
  const auto stamped =
      put("stamped.parquet", {ints("user", {2}),
                              ints("item", {1}),
                              {"time", Ints{kSecond2023}, Column::Meaning::kTimestamp, {}}});
  expect_error(read({a, stamped}, plain_schema()),
               {"column 'time'", "numbers in " + a, "times in " + stamped});
  const auto lacking = put("lacking.parquet", {ints("user", {3}), ints("item", {1})});
  // In Parquet all are looked at beforehand; text is compared as it is reached.
  const auto text_lacking = fresh_path("lacking.csv"), text_having = fresh_path("having.csv");
  ASSERT_TRUE(write_file(text_lacking, "user,item\n4,1\n").ok());
  ASSERT_TRUE(write_file(text_having, "user,item,time\n4,1,1672531200\n").ok());
  for (const auto& [having, without] : {std::pair(a, lacking),
                                        {text_having, text_lacking},
                                        {a, text_lacking},
                                        {text_having, lacking}})
    for (const auto& files : {std::vector{having, without}, {without, having}})
      expect_error(read(files, plain_schema()), {without + ": there is no column called 'time'",
                                                 "but " + having + " has 'time'"});
  const auto alone = read({lacking}, plain_schema());
  EXPECT_THAT(alone.status().message(), testing::Not(HasSubstr("but ")));
  Lists<std::int64_t> lists;
  lists.push_back(Ints{1});
  const auto listed =
      put("listed.parquet", {{"user", lists, {}, {}}, ints("item", {1}), times(kSecond2023)});
  expect_error(read({a, listed}, plain_schema()), {"lists in " + listed});
}

TEST(LogStream, MixedUnitsAreFoundWhereTheyAre) {
  Ints users(900, 1), items(900, 2), seconds(900, kSecond2023);
  const auto a =
      put("a.parquet", {ints("user", users), ints("item", items), ints("time", seconds)}, 100);
  Ints mixed = seconds;
  mixed[456] *= 1000;
  const auto b =
      put("b.parquet", {ints("user", users), ints("item", items), ints("time", mixed)}, 100);
  LogStreamOptions options;
  options.block_rows = 100;
  expect_error(read({a, b}, plain_schema(), options),
               {b, "row group 4", "column 'time', row 456", "no time in seconds",
                "2023-01-01 00:00:00 in milliseconds"});
  LogSchema said = plain_schema();
  said.time_unit = TimeUnit::kNanoseconds;
  expect_error(read({a}, said, options), {"row 0", "no time in nanoseconds", "in seconds"});
}

TEST(LogStream, BadRowsAreCountedWithTheirFile) {
  Column users = ints("user", {1, 0});
  users.nulls = {0, 1};
  const auto a =
      put("a.parquet", {ints("user", {1}), ints("item", {1}), ints("time", {kSecond2023})});
  const auto b =
      put("b.parquet", {users, ints("item", {1, 2}), ints("time", {kSecond2023, kSecond2023})});
  const Whole whole = *read({a, b}, plain_schema());
  EXPECT_EQ(whole.report.rows_read, 3);
  EXPECT_EQ(whole.report.rows_kept, 2);
  ASSERT_EQ(whole.report.dropped.size(), 1U);
  EXPECT_THAT(whole.report.dropped[0].examples, ElementsAre(HasSubstr(b + ", row 1: user null")));
}

TEST(LogStream, WeightsByKindAndKindsLeftOut) {
  const auto shop =
      put("shop.parquet", {ints("user_id", {1, 1, 2, 2}), ints("item_id", {7, 8, 7, 9}),
                           ints("datetime", Ints(4, kSecond2023)), ints("event", {0, 2, 1, 0})});
  SchemaChoice choice;
  choice.preset = "megamarket";
  EXPECT_THAT(read({shop}, *choose_schema(choice))->log.weights, ElementsAre(1, 5, 3, 1));
  choice.only_kinds = "cart,2";
  const Whole part = *read({shop}, *choose_schema(choice));
  EXPECT_THAT(part.log.weights, ElementsAre(5, 3));
  EXPECT_EQ(part.report.rows_read, 4);
  EXPECT_EQ(part.report.rows_dropped(), 0);
  EXPECT_THAT(part.report.notes,
              testing::Contains("2 rows of other kinds than cart, 2 were left out, as asked"));
  choice.only_kinds = "";
  choice.weights = "click=0.5,purchase=2";
  expect_error(read({shop}, *choose_schema(choice)), {"row 2: kind 1 (cart) has no weight"});
}

TEST(LogStream, IdsThatBeginWithZerosAreText) {
  using Texts = std::vector<std::string>;
  const auto csv = [](const char* name, const std::string& rows) {
    const std::string path = fresh_path(name);
    EXPECT_TRUE(write_file(path, "user,item\n" + rows).ok());
    return path;
  };
  LogSchema schema = plain_schema();
  schema.time = "";
  const Whole whole = *read({csv("zeros.csv", "007,1\n7,2\n")}, schema);
  EXPECT_THAT(std::get<Texts>(whole.log.users), ElementsAre("007", "7"));
  EXPECT_THAT(std::get<Ints>(whole.log.items), ElementsAre(1, 2));
  std::string rows;  // more than the first block, by which types are chosen
  while (rows.size() <= (17U << 20)) rows += "1000000000000,1000000000000\n";
  const std::string late = csv("late.csv", rows + "007,1\n");
  expect_error(read({late}, schema), {"late.csv, line ", "column 'user'", "--ids text"});
  schema.ids_are_text = true;
  const Whole text = *read({late}, schema);
  EXPECT_EQ(std::get<Texts>(text.log.users).back(), "007");
  EXPECT_EQ(std::get<Texts>(text.log.items).back(), "1");
  const auto parquet = put("numbers.parquet", {ints("user", {7}), ints("item", {8})});
  EXPECT_THAT(std::get<Texts>(read({parquet, csv("text.csv", "07,1\n")}, schema)->log.users),
              ElementsAre("7", "07"));
}

TEST(LogStream, PlaysWeighByTheirLength) {
  const std::vector<float> lengths = {10, 30, 90, 500};
  const auto plays = put("plays.parquet", {ints("user_id", {1, 1, 1, 1}),
                                           ints("track_id", {1, 2, 3, 4}),
                                           ints("session_id", {1, 1, 1, 2}),
                                           ints("datetime", Ints(4, kSecond2023)),
                                           {"play_duration", lengths, {}, {}}});
  SchemaChoice choice;
  choice.preset = "zvuk";
  EXPECT_THAT(read({plays}, *choose_schema(choice))->log.weights,
              ElementsAre(0, 30.F / 180, 0.5F, 1));
  choice.skip_under = "1min";
  choice.full_play = "0";
  EXPECT_THAT(read({plays}, *choose_schema(choice))->log.weights, ElementsAre(0, 0, 1, 1));
}

TEST(LogStream, TextsOfKindsKeepTheirNumbers) {
  using Texts = std::vector<std::string>;
  const auto log = [](const char* name, Texts kinds) {
    return put(name, {ints("user", Ints(kinds.size(), 1)),
                      ints("item", Ints(kinds.size(), 1)),
                      {"kind", kinds, {}, {}}});
  };
  LogSchema schema = plain_schema();
  schema.time = "";
  schema.kind = "kind";
  const auto first = log("first.parquet", {"view", "cart", "view"});
  const auto second = log("second.parquet", {"buy", "view"});
  const Whole whole = *read({first, second}, schema);
  EXPECT_THAT(whole.log.kinds, ElementsAre(1, 0, 1, 2, 1));
  LogStreamOptions next_day;
  next_day.kinds = whole.end.state.kinds;
  EXPECT_THAT(read({second}, schema, next_day)->log.kinds, ElementsAre(2, 1));
}

Whole random_parts(std::vector<std::string>& paths) {
  Rng rng(3);
  for (int file = 0; file < 3; ++file) {
    const std::size_t rows = 400 + rng.below(300);
    Ints users(rows), items(rows), times(rows);
    std::vector<float> weights(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      users[row] = static_cast<std::int64_t>(rng.below(50));
      items[row] = static_cast<std::int64_t>(rng.below(90));
      times[row] = kSecond2023 + static_cast<std::int64_t>(rng.below(100'000));
      weights[row] = static_cast<float>(rng.below(20)) - 1;  // some are negative: dropped
    }
    paths.push_back(put(std::to_string(file) + ".parquet",
                        {ints("user", users),
                         ints("item", items),
                         ints("time", times),
                         {"weight", weights, {}, {}}},
                        100));
  }
  LogSchema schema = plain_schema();
  schema.weight = "weight";
  LogStreamOptions options;
  options.block_rows = 90;
  return *read(paths, schema, options);
}

TEST(LogStream, GoesOnFromEveryPosition) {
  std::vector<std::string> paths;
  const Whole whole = random_parts(paths);
  ASSERT_GT(whole.blocks, 10);
  EXPECT_GT(whole.report.rows_dropped(), 10);
  LogSchema schema = plain_schema();
  schema.weight = "weight";
  LogStreamOptions options;
  options.block_rows = 90;
  TestContext test;
  for (int stop = 0; stop <= whole.blocks; ++stop) {
    auto stream = *LogStream::open(paths, schema, options, test.context);
    Whole pieces;
    for (int block = 0; block < stop; ++block)
      append(pieces.log, **stream.next(pieces.report, test.context));
    const std::string journal = to_text(to_json(stream.position()));
    auto later = *LogStream::open(paths, schema, options, test.context);
    ASSERT_TRUE(later.seek(*log_position_from_json(*parse_json(journal)), test.context).ok());
    for (;;) {
      auto block = *later.next(pieces.report, test.context);
      if (!block) break;
      append(pieces.log, *block);
    }
    EXPECT_EQ(pieces.log.users, whole.log.users) << stop;
    EXPECT_EQ(pieces.log.time_ns, whole.log.time_ns);
    EXPECT_EQ(pieces.log.weights, whole.log.weights);
    EXPECT_EQ(pieces.report.rows_read, whole.report.rows_read);
    EXPECT_EQ(pieces.report.rows_kept, whole.report.rows_kept);
    EXPECT_EQ(later.position().last_time_ns, whole.end.last_time_ns);
  }
}

TEST(LogStream, ThreadsAndBlocksChangeNothing) {
  std::vector<std::string> paths;
  const Whole whole = random_parts(paths);
  LogSchema schema = plain_schema();
  schema.weight = "weight";
  for (const std::int64_t block_rows : {1, 1000, 1'000'000}) {
    LogStreamOptions options;
    options.block_rows = block_rows;
    const Whole other = *read(paths, schema, options);
    EXPECT_EQ(other.log.users, whole.log.users);
    EXPECT_EQ(other.log.items, whole.log.items);
    EXPECT_EQ(other.log.weights, whole.log.weights);
    EXPECT_EQ(other.report.dropped[0].examples, whole.report.dropped[0].examples);
  }
}

TEST(LogStream, AFileThatIsDamagedInTheMiddleIsNamed) {
  Ints values(90'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::int64_t>(i);
  Ints times(values.size(), kSecond2023);
  const auto path =
      put("many.parquet", {ints("user", values), ints("item", values), ints("time", times)}, 100);
  std::string bytes = *read_file(path);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x10);
  ASSERT_TRUE(replace_file(path, bytes).ok());
  LogStreamOptions options;
  options.block_rows = 1000;
  const auto whole = read({path}, plain_schema(), options);
  ASSERT_FALSE(whole.ok());
  EXPECT_THAT(whole.status().message(), HasSubstr("many.parquet"));
  EXPECT_THAT(whole.status().message(), HasSubstr("row group"));
}

}  // namespace
}  // namespace crossfade
