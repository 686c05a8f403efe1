// ConsoleProgress with a clock that the test moves: when it draws, and what it says.
#include "crossfade/base/progress.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace crossfade {
namespace {

class Captured {
 public:
  ~Captured() {
    std::fclose(stream);
    std::free(text_);
  }
  std::string text() {
    std::fflush(stream);
    return {text_, size_};
  }
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* stream = open_memstream(&text_, &size_);
};

TEST(Progress, ALineEveryTenSecondsElsewhere) {
  ManualClock clock;
  Captured out;
  ConsoleProgress progress(out.stream, /*terminal=*/false, clock);
  progress.begin("import", 1000, "rows");
  clock.time_ns += 9'000'000'000;
  progress.advance(100);
  EXPECT_EQ(out.text(), "");
  clock.time_ns += 1'000'000'000;
  progress.advance(150);
  EXPECT_EQ(out.text(), "import: 25% of 1,000 rows, 25/s, 30 s left\n");
  progress.advance(750);
  progress.end("3 dropped");
  EXPECT_NE(out.text().find("import: 1,000 rows in 10 s, 3 dropped\n"), std::string::npos);
}

TEST(Progress, ABarOnATerminal) {
  ManualClock clock;
  Captured out;
  ConsoleProgress progress(out.stream, /*terminal=*/true, clock);
  progress.begin("train", 2, "iterations");
  clock.time_ns += 1'000'000'000;
  progress.advance(1);
  EXPECT_NE(out.text().find("[############............]"), std::string::npos);
}

}  // namespace
}  // namespace crossfade
