// What a search says: numbers as they were tried, however small.
#include "crossfade/pipeline/tune_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossfade {
namespace {

struct Config {
  double strength = 0.5;
  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("strength", strength, between(0, 10).tuned_log(1e-5, 1), "strength");
  }
};

TEST(TuneReport, SmallNumbersKeepTheirDigits) {
  const SearchSpace space = *SearchSpace::make("planted", list_knobs<Config>(), {});
  TuneFacts facts{"planted", "ndcg@10", 5, space, {}, {"strength=1e-04"}, {}};
  for (const char* strength : {"0.5", "1e-04", "1.25e-05", "0.031"}) {
    Try one;
    one.number = static_cast<std::int64_t>(facts.tries.size());
    one.settings = {std::string("strength=") + strength};
    one.rungs = {{1, 5, 0.25, {0.2, 0.3}}};
    facts.tries.push_back(one);
  }
  const std::string text = to_text(tune_document(facts));
  for (const char* cell : {" 0.5 ", " 0.0001 ", " 0.0000125 ", " 0.031 "})
    EXPECT_THAT(text, testing::HasSubstr(cell));
}

}  // namespace
}  // namespace crossfade
