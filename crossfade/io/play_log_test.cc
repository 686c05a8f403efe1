// Logs of services on their way into a store: both kinds of lines, sessions, and all that is no
// play.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <limits>

#include "crossfade/base/hash.h"
#include "crossfade/base/rng.h"
#include "crossfade/data/store/store.h"
#include "crossfade/io/import.h"
#include "crossfade/io/play_line.h"
#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

std::string botify(const char* message, int user, int track, double time, std::int64_t ms) {
  return std::string(R"({"message": ")") + message + R"(", "timestamp": )" + std::to_string(ms) +
         R"(, "user": )" + std::to_string(user) + R"(, "track": )" + std::to_string(track) +
         R"(, "time": )" + std::to_string(time) + R"(, "latency": 2.3e-05, "recommendation": )" +
         (std::string(message) == "last" ? "null" : "7") + R"(, "experiments": {"AA": "C"}})" +
         "\n";
}

std::string framed(const std::string& json) {
  char digits[20];
  std::snprintf(digits, sizeof digits, "%016" PRIx64 " ", hash_bytes(json));
  return digits + json + "\n";
}

std::string event(const std::string& user, const std::string& item, double weight, int kind,
                  const std::string& domain = "music") {
  return framed(R"({"user": )" + user + R"(, "item": )" + item + R"(, "domain": ")" + domain +
                R"(", "time_ns": 1700000000000000005, "weight": )" + std::to_string(weight) +
                R"(, "kind": )" + std::to_string(kind) + "}");
}

const std::string kAnswer = framed(R"({"asked": "next", "user": 1, "shown": []})");

struct Imported {
  ImportReport report;
  Dataset dataset;
  const Domain& domain() const { return dataset.domains()[0]; }
};

Result<Imported> import_paths(const std::vector<std::string>& paths, ImportOptions options = {},
                              const std::string& ids = "") {
  TestContext test;
  SchemaChoice choice;
  choice.preset = "botify";
  choice.ids = ids;
  const std::string store = fresh_path("store");
  CROSSFADE_ASSIGN_OR_RETURN(
      const ImportOutcome outcome,
      import_log(paths, *choose_schema(choice), {store, false, "music"}, options, test.context));
  CROSSFADE_ASSIGN_OR_RETURN(const Store opened, open_store(store));
  return Imported{outcome.report, opened.dataset};
}

Result<Imported> import_text(const std::string& text, ImportOptions options = {},
                             const std::string& ids = "") {
  const std::string path = fresh_path("plays.log");
  EXPECT_TRUE(write_file(path, text).ok());
  return import_paths({path}, options, ids);
}

std::string error(const std::string& text, ImportOptions options = {}) {
  const auto imported = import_text(text, options);
  EXPECT_EQ(imported.status().kind(), StatusKind::kDataInvalid);
  return imported.status().message();
}

TEST(PlayLog, PlaysOfBotifyAreWeighedByTimeAndCutAtLast) {
  const auto imported =
      import_text(botify("next", 1, 10, 1, 1000) + botify("next", 2, 11, 1, 1500) +
                  botify("next", 1, 12, 0, 2000) + botify("last", 1, 13, 0.25, 3000) +
                  botify("next", 1, 14, 1, 4000));
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  const Domain& domain = imported->domain();
  EXPECT_EQ(imported->report.rows_kept, 5);
  EXPECT_THAT(domain.weight, ElementsAre(1, 0, 0.25f, 1, 1)) << "a play of no time is kept";
  EXPECT_THAT(domain.time_ns,
              ElementsAre(1000000000, 2000000000, 3000000000, 4000000000, 1500000000));
  EXPECT_THAT(domain.kind, ElementsAre(0, 0, 1, 0, 0));
  EXPECT_THAT(domain.session,
              ElementsAre(1000000000, 1000000000, 1000000000, 4000000000, 1500000000));
  EXPECT_EQ(imported->report.rows_dropped(), 0);
}

TEST(PlayLog, OurEventLogIsALogOfPlaysToo) {
  const auto imported = import_text("crossfade-events 1\n" + event("1", "10", 1, 0) + kAnswer +
                                    event("1", "11", 0.5, 1) + kAnswer + event("2", "10", 1, 0));
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  EXPECT_THAT(imported->domain().weight, ElementsAre(1, 0.5f, 1));
  EXPECT_THAT(imported->domain().kind, ElementsAre(0, 1, 0));
  EXPECT_THAT(imported->domain().time_ns[0], 1700000000000000005);
  EXPECT_THAT(imported->report.notes, Contains("2 records of answers were passed over"));
  EXPECT_EQ(imported->report.rows_read, 3);
}

TEST(PlayLog, EventsWithoutTheirChecksumsAndTextIds) {
  const std::string text = event("\"ann\"", "10", 1, 0).substr(17) + event("7", "11", 1, 0);
  const auto imported = import_text(text);
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  EXPECT_TRUE(imported->dataset.users().is_text());
  EXPECT_EQ(imported->dataset.users().id_text(1), "7");
  std::string late = "crossfade-events 1\n";
  while (late.size() < (2 << 20)) late += event("7", "11", 1, 0);
  late += event("\"ann\"", "10", 1, 0);
  EXPECT_THAT(error(late), HasSubstr("an id is a text, and those before are numbers; give --ids"));
  EXPECT_TRUE(import_text(late, {}, "text").ok());
}

TEST(PlayLog, TornAndDamagedLinesAreCountedAndTheRestIsKept) {
  const std::string good = botify("next", 1, 10, 1, 1000);
  const auto imported =
      import_text(good + "garbage\n" + R"({"message": "next", "user": 1})" + "\n\n" +
                  botify("last", 1, 11, 0.5, 2000) + good.substr(0, good.size() / 2));
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  EXPECT_EQ(imported->report.rows_kept, 2);
  EXPECT_EQ(imported->report.rows_read, 5);
  ASSERT_EQ(imported->report.dropped.size(), 2u);
  EXPECT_EQ(imported->report.dropped[0].reason, "damaged line");
  EXPECT_EQ(imported->report.dropped[0].rows, 2);
  EXPECT_THAT(imported->report.dropped[0].examples[0], HasSubstr("line 2: not valid JSON"));
  PlayLine play;
  for (const std::int64_t ms : {std::numeric_limits<std::int64_t>::min(), -9'000'000'000'001,
                                9'000'000'000'001, std::numeric_limits<std::int64_t>::max()})
    EXPECT_THAT(read_play_line(botify("next", 1, 10, 1, ms), play).status().message(),
                HasSubstr("'timestamp' is no time in milliseconds"));
  EXPECT_EQ(imported->report.dropped[1].reason, "torn last line");
  EXPECT_EQ(imported->report.dropped[1].rows, 1);
  ImportOptions strict;
  strict.strict = true;
  EXPECT_THAT(error(good + "garbage\n", strict), HasSubstr("damaged line"));
}

TEST(PlayLog, ALastLineWithoutItsEndIsTakenIfItIsWhole) {
  std::string text = botify("next", 1, 10, 1, 1000) + botify("last", 1, 11, 1, 2000);
  text.pop_back();
  EXPECT_EQ(import_text(text)->report.rows_kept, 2);
}

TEST(PlayLog, ARecordThatDoesNotFitItsChecksumIsDamaged) {
  std::string bad = event("1", "10", 1, 0);
  bad[30] = bad[30] == '1' ? '2' : '1';
  const auto imported = import_text("crossfade-events 1\n" + bad + event("2", "11", 1, 0));
  EXPECT_EQ(imported->report.dropped[0].reason, "damaged line");
  EXPECT_EQ(imported->report.rows_kept, 1);
}

TEST(PlayLog, FilesThatAreNoLogsAreRefused) {
  EXPECT_THAT(error("user,track\n1,2\n"), HasSubstr("has no play in its first lines (line 1: "));
  EXPECT_THAT(error(R"({"user": 1, "tracks": [1]})"), HasSubstr("'time_ns'"));
  EXPECT_THAT(error("crossfade-events 1\n"), HasSubstr("no rows"));
}

TEST(PlayLog, EventsOfTwoDomainsAreNotMixed) {
  EXPECT_THAT(error(event("1", "10", 1, 0) + event("1", "10", 1, 0, "shop")),
              HasSubstr("line 2: an event of the domain 'shop', and those before are of 'music'"));
}

TEST(PlayLog, CollectedFoldersAreReadFromTheOldestPartOn) {
  const std::string folder = fresh_path("logs");
  for (const char* name : {"botify-0", "botify-1"})
    ASSERT_TRUE(make_folder(folder + "/" + name).ok());
  // All at one millisecond, so that only the order of the files tells them apart.
  const auto put = [&](const std::string& name, int track, const char* message) {
    ASSERT_TRUE(write_file(folder + "/" + name, botify(message, 1, track, 1, 1000)).ok());
  };
  put("botify-0/data.json.10", 1, "next");
  put("botify-0/data.json.2", 2, "next");
  put("botify-0/data.json", 3, "last");
  put("botify-1/data.json.1", 4, "next");
  put("botify-1/data.json", 5, "next");
  ASSERT_TRUE(write_file(folder + "/botify-1/notes.txt", "no log").ok());
  const auto imported = import_paths({folder});
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  std::vector<std::int64_t> tracks;
  for (const ItemIndex item : imported->domain().item)
    tracks.push_back(std::get<std::int64_t>(imported->domain().items.id(item)));
  EXPECT_THAT(tracks, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(imported->domain().session,
              ElementsAre(1000000000, 1000000000, 1000000000, 1000000001, 1000000001));
}

TEST(PlayLine, SurvivesAnyDamage) {
  const std::string lines[] = {botify("next", 1, 10, 0.5, 1000), event("\"ann\"", "11", 1, 1)};
  Rng rng(1);
  int plays = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string line = lines[rng.below(2)];
    line.pop_back();
    for (std::uint64_t flips = rng.below(3); flips > 0; --flips)
      line[rng.below(line.size())] = static_cast<char>(rng.below(256));
    if (rng.below(4) == 0) line.resize(rng.below(line.size() + 1));
    PlayLine play;
    const auto is = read_play_line(line, play);
    plays += is.ok() && *is == LineIs::kPlay;
    if (is.ok() && *is == LineIs::kPlay) {
      EXPECT_TRUE(std::isfinite(play.share));
    }
  }
  EXPECT_GT(plays, 3000);
}

}  // namespace
}  // namespace crossfade
