// Damaged text: CSV and JSON lines with bytes changed, taken out and put in, never a crash; what is
// read is a table that fits itself, what is not is a sentence that names the file.
#include <gtest/gtest.h>

#include <fstream>

#include "crossfade/base/rng.h"
#include "crossfade/io/log_stream.h"
#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

constexpr int kMutants = 500;

std::string csv_text() {
  std::string text = "user,item,time,weight,name\n";
  for (int row = 0; row < 60; ++row)
    text += std::to_string(row % 7) + "," + std::to_string(row) + ",2023-01-0" +
            std::to_string(1 + row % 9) + " 10:00:00," + std::to_string(row % 5) + ".5,\"n, " +
            std::to_string(row) + "\"\n";
  return text;
}

std::string json_text() {
  std::string text;
  for (int row = 0; row < 60; ++row)
    text += R"({"user": )" + std::to_string(row % 7) + R"(, "item": )" + std::to_string(row) +
            R"(, "time": "2023-01-0)" + std::to_string(1 + row % 9) + R"( 10:00:00", "weight": )" +
            std::to_string(row % 5) + R"(.5, "more": {"a": [1, 2]}})" + "\n";
  return text;
}

// One to four changes: a byte becomes another, some go, some are repeated.
std::string mutant(std::string text, Rng& rng) {
  constexpr std::string_view kBytes = "\",\n\r{}[]:\\\t 0-.e\xC3\xFF";
  for (std::uint64_t changes = 1 + rng.below(4); changes > 0 && !text.empty(); --changes) {
    const auto at = static_cast<std::size_t>(rng.below(text.size()));
    const auto count = static_cast<std::size_t>(rng.below(20));
    switch (rng.below(4)) {
      case 0:
        text[at] = kBytes[static_cast<std::size_t>(rng.below(kBytes.size()))];
        break;
      case 1:
        text[at] = static_cast<char>(rng.below(256));
        break;
      case 2:
        text.erase(at, count);
        break;
      default:
        text.insert(at, text.substr(at, count));
    }
  }
  return text;
}

void read_mutants(const std::string& name, const std::string& good, std::uint64_t seed) {
  TestContext test;
  LogSchema schema;
  schema.user = "user";
  schema.item = "item";
  schema.time = "time";
  schema.weight = "weight";
  const std::string path = fresh_path(name);
  Rng rng(seed);
  int errors = 0, whole = 0;
  for (int i = 0; i < kMutants; ++i) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << mutant(good, rng);
    ImportReport report;
    auto stream = LogStream::open({path}, schema, {}, test.context);
    Status status = stream.ok() ? ok_status() : stream.status();
    while (status.ok()) {
      auto block = stream->next(report, test.context);
      if (!block.ok()) status = block.status();
      if (!block.ok() || !*block) break;
      EXPECT_EQ((*block)->time_ns.size(), size_of((*block)->users));
      EXPECT_EQ((*block)->weights.size(), size_of((*block)->users));
    }
    whole += status.ok() ? 1 : 0;
    if (status.ok()) continue;
    ++errors;
    EXPECT_EQ(status.kind(), StatusKind::kDataInvalid) << status.message();
    EXPECT_NE(status.message().find(path), std::string::npos) << status.message();
  }
  EXPECT_GT(errors, 50) << whole;
  EXPECT_GT(whole, 20) << errors;
}

TEST(TextDamage, CsvNeverCrashes) {
  read_mutants("mutant.csv", csv_text(), 11);
}

TEST(TextDamage, JsonLinesNeverCrash) {
  read_mutants("mutant.jsonl", json_text(), 12);
}

}  // namespace
}  // namespace crossfade
