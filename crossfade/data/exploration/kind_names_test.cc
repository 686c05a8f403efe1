// Notes of imports, alike and at odds.
#include "crossfade/data/exploration/kind_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ExplorationReport report_of(const std::vector<std::string>& notes, std::size_t domains = 1) {
  ExplorationReport report;
  report.exploration.domains.resize(domains);
  for (DomainExploration& domain : report.exploration.domains) domain.values.has_kinds = true;
  for (const std::string& note : notes) report.imports.emplace_back().notes = {note};
  name_kinds(report);
  return report;
}

TEST(KindNames, AreReadFromTheNote) {
  EXPECT_THAT(kind_names_in("kinds in column 'event': 0 = buy, 1 = put, or so, 2 = view"),
              ElementsAre("buy", "put, or so", "view"));
  EXPECT_THAT(kind_names_in("kinds in column 'event'"), IsEmpty());
  EXPECT_THAT(kind_names_in("times are in seconds"), IsEmpty());
}

TEST(KindNames, NeedImportsThatAgree) {
  const std::string two = "kinds in column 'e': 0 = buy, 1 = view", three = two + ", 2 = cart";
  const auto names = [](const ExplorationReport& report) {
    return report.exploration.domains[0].values.kind_names;
  };
  EXPECT_THAT(names(report_of({three, two})), ElementsAre("buy", "view", "cart"));
  EXPECT_THAT(names(report_of({two, three})), ElementsAre("buy", "view", "cart"));
  EXPECT_THAT(names(report_of({three, "kinds in column 'e': 0 = view"})), IsEmpty());
  EXPECT_THAT(names(report_of({two}, 2)), IsEmpty());
}

}  // namespace
}  // namespace crossfade
