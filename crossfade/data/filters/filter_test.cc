// What holds for all filters: how they are written, what they report, and that neither the number
// of threads nor a domain beside changes what they leave.
#include "crossfade/data/filters/filter.h"

#include <gmock/gmock.h>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

const char* const kAll[] = {"min_users:5",
                            "min_items:20",
                            "kcore:12",
                            "kcore:9,15,repeats",
                            "history:5-60",
                            "min_weight:0.25",
                            "cap_weight:0.5",
                            "set_weight:2",
                            "weigh:0=1,2=5",
                            "repeats",
                            "unique:last",
                            "merge:first",
                            "merge:last",
                            "strongest:2,0",
                            "keep_kinds:0,2",
                            "drop_kinds:1",
                            "recent:1s",
                            "user_recent:1s",
                            "period:1960-01-01..",
                            "first:20",
                            "last:20",
                            "active_users:50",
                            "sample_users:50",
                            "cap_popular:0.8"};

Dataset two_domains(ThreadPool& threads) {
  SilentProgress progress;
  std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  const Dataset d = *build_dataset(Dataset(), "music", random_log(5000, 1), context);
  return *build_dataset(d, "shop", random_log(4000, 2), context);
}

TEST(FilterTest, ThreadsChangeNothingAndTheResultIsSound) {
  TestContext one(1), many(5);
  const Dataset d = two_domains(one.threads);
  for (const char* text : kAll) {
    const auto filters = *parse_filters({text});
    const Filtered first = *filter_dataset(d, filters, {3}, one);
    const Filtered second = *filter_dataset(d, filters, {3}, many);
    EXPECT_TRUE(first.dataset.check().ok()) << text;
    EXPECT_EQ(first.dataset.fingerprint(), second.dataset.fingerprint()) << text;
    EXPECT_EQ(first.steps[0].after, measure(first.dataset, one.threads)) << text;
    EXPECT_EQ(first.dataset.num_users(), first.steps[0].after.users) << text;
    EXPECT_LE(first.steps[0].after.rows, first.steps[0].before.rows) << text;
  }
}

TEST(FilterTest, TheCoreHasWhatItPromises) {
  TestContext run;
  const Dataset d = *build_dataset(Dataset(), "music", random_log(5000, 7), run);
  const Dataset core = filter_dataset(d, *parse_filters({"kcore:9,30"}), {}, run)->dataset;
  const Domain& domain = core.domains()[0];
  for (const std::int64_t count : count_items(domain, run.threads)) EXPECT_GE(count, 30);
  for (UserIndex user = 0; user < core.num_users(); ++user)
    EXPECT_GE(domain.history(user).size(), 9U);
  // Nothing that could have stayed is gone: one pass after the other ends at the same place.
  Dataset left = d;
  for (int pass = 0; pass < 100; ++pass)
    left = filter_dataset(left, *parse_filters({"min_users:9", "min_items:30"}), {}, run)->dataset;
  EXPECT_EQ(left.fingerprint(), core.fingerprint());
}

TEST(FilterTest, DrawsFollowTheSeed) {
  TestContext run;
  const Dataset d = *build_dataset(Dataset(), "music", random_log(5000, 7), run);
  for (const char* text : {"sample_users:50", "cap_popular:0.5"}) {
    const auto filters = *parse_filters({text});
    const auto print = [&](std::uint64_t seed) {
      return filter_dataset(d, filters, {seed}, run)->dataset.fingerprint();
    };
    EXPECT_EQ(print(1), print(1)) << text;
    EXPECT_NE(print(1), print(2)) << text;
  }
}

TEST(FilterTest, StepsAreReported) {
  TestContext run;
  const Dataset d = make_dataset({{1, 10, 1}, {1, 11, 2}, {2, 10, 3}});
  const Filtered filtered = *filter_dataset(d, *parse_filters({"min_users:2", "first:1"}), {}, run);
  ASSERT_EQ(filtered.steps.size(), 2U);
  EXPECT_EQ(filtered.steps[0].before, (DatasetSize{3, 2, 2}));
  EXPECT_EQ(filtered.steps[0].after, (DatasetSize{2, 1, 2}));
  EXPECT_EQ(filtered.steps[1].after, (DatasetSize{1, 1, 1}));
  EXPECT_THAT(to_text(to_json(filtered.steps)),
              HasSubstr(R"({"filter": "first:1", "before": {"rows": 2, "users": 1, "items": 2}, )"
                        R"("after": {"rows": 1, "users": 1, "items": 1}})"));
  Document document("Filtered");
  document.add_table(filter_table(filtered.steps));
  EXPECT_THAT(to_text(document), HasSubstr("min_users:2"));
}

TEST(FilterTest, NoFilterIsTheDatasetItself) {
  TestContext run;
  const Dataset d = make_dataset({{1, 10, 1}});
  EXPECT_EQ(filter_dataset(d, {}, {}, run)->dataset.domains()[0].item.data(),
            d.domains()[0].item.data());
}

TEST(FilterTest, WhatDoesNotParseShowsHowToWriteIt) {
  const auto message = [](const std::string& text) {
    const Status status = parse_filter(text).status();
    EXPECT_EQ(status.kind(), StatusKind::kUsage) << text;
    return status.message();
  };
  EXPECT_THAT(message("kcor:5"), HasSubstr("kcore"));
  EXPECT_THAT(message(""), HasSubstr("min_users"));
  const std::pair<const char*, std::vector<const char*>> wrong[] = {
      {"(min_users:5)", {"min_users", "min_users:0", "min_users:x", "min_users:1.5"}},
      {"(min_items:5)", {"min_items:", "min_items:-1"}},
      {"(kcore:5)", {"kcore", "kcore:0", "kcore:5,0", "kcore:1,2,3", "kcore:repeats"}},
      {"history:5-500", {"history:-", "history:5", "history:9-5", "history:a-b"}},
      {"(min_weight:4)", {"min_weight:", "min_weight:-1", "min_weight:nan"}},
      {"(cap_weight:9)", {"cap_weight:x", "cap_weight:inf", "cap_weight:0="}},
      {"(set_weight:1)", {"set_weight:"}},
      {"weigh:0=1,2=5", {"weigh:", "weigh:0", "weigh:256=1", "weigh:0=x", "weigh:0=1=2"}},
      {"stands alone", {"repeats:2"}},
      {"(unique:first)", {"unique:middle"}},
      {"(merge:first)", {"merge:sum"}},
      {"(keep_kinds:0,2)", {"keep_kinds:", "keep_kinds:256", "keep_kinds:a"}},
      {"(drop_kinds:0,2)", {"drop_kinds:-1"}},
      {"strongest:2,1,0", {"strongest:"}},
      {"period:2022-01-01..2022-03-01",
       {"period:", "period:..", "period:2022-01-01", "period:2022-03-01..2022-01-01"}},
      {"(recent:30d)", {"recent:", "recent:30", "recent:0d"}},
      {"(user_recent:30d)", {"user_recent:x"}},
      {"(first:100)", {"first:0"}},
      {"(last:100)", {"last:"}},
      {"(active_users:1000)", {"active_users:0"}},
      {"(sample_users:20000)", {"sample_users:"}},
      {"(cap_popular:0.99)", {"cap_popular:1", "cap_popular:0", "cap_popular:x"}}};
  for (const auto& [example, texts] : wrong)
    for (const char* text : texts) EXPECT_THAT(message(text), HasSubstr(example)) << text;
  EXPECT_THAT(message("period:2022-03-01..2022-01-01"), HasSubstr("ends before it begins"));
  EXPECT_THAT(describe_filters(), HasSubstr("cap_popular:0.99"));
}

TEST(FilterTest, StopsWhenAsked) {
  TestContext run;
  const Dataset d = two_domains(run.threads);
  run.stop = true;
  for (const char* text : kAll)
    EXPECT_EQ(filter_dataset(d, *parse_filters({text}), {}, run).status().kind(),
              StatusKind::kInterrupted)
        << text;
}

}  // namespace
}  // namespace crossfade
