// Event stream: any cut into blocks and slices gives the same rows, in the order asked for.
#include "crossfade/synth/event_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

namespace crossfade {
namespace {

// user, place, item, time, session, kind and seconds of one row.
using Row = std::tuple<std::int32_t, std::int32_t, std::int32_t, std::int64_t, std::int32_t,
                       EventKind, float>;

class EventStreamTest : public testing::Test {
 protected:
  static Service make_service() {
    ServiceShape shape;
    shape.log = "plays";
    shape.events = 20000;
    shape.catalogue.items = 300;
    shape.catalogue.tastes = 8;
    shape.repeat = 0.3;
    shape.follow = 0.1;
    shape.plays = true;
    std::array<double, 24> hours;
    hours.fill(1);
    ThreadPool threads(2);
    std::vector<std::uint8_t> members(150, 1);
    members[0] = members[70] = members[149] = 0;
    return Service(shape, Rhythm(60, hours, 1), 5, members, threads);
  }

  std::vector<Row> stream(const EventOrder& order, std::vector<std::size_t>* sizes = nullptr) {
    std::vector<Row> rows;
    const Status status = stream_events(service_, order, context_, [&](EventBlock& block) {
      if (sizes) sizes->push_back(block.size());
      for (std::size_t row = 0; row < block.size(); ++row)
        rows.emplace_back(block.users[row], block.places[row], block.items[row], block.time_ms[row],
                          block.sessions[row], block.kinds[row], block.played_s[row]);
      return ok_status();
    });
    EXPECT_TRUE(status.ok()) << status.message();
    return rows;
  }

  Service service_ = make_service();
  ThreadPool threads_{2};
  SilentProgress progress_;
  std::atomic<bool> stop_{false};
  Context context_{threads_, progress_, stop_};
};

TEST_F(EventStreamTest, ByUserBlocksAreWholeHistoriesAndBounded) {
  const std::vector<Row> whole = stream({});
  ASSERT_EQ(whole.size(), 20000U);
  EXPECT_TRUE(std::is_sorted(whole.begin(), whole.end(), [](const Row& a, const Row& b) {
    return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
  }));
  std::int64_t longest = 0;
  for (std::int64_t user = 0; user < 150; ++user)
    longest = std::max(longest, service_.num_events(user));
  for (const std::int64_t block_rows : {1, 1000, 7000}) {
    EventOrder order;
    order.block_rows = block_rows;
    std::vector<std::size_t> sizes;
    EXPECT_EQ(stream(order, &sizes), whole);
    EXPECT_LE(*std::max_element(sizes.begin(), sizes.end()),
              static_cast<std::size_t>(std::max(block_rows, longest)));
  }
}

TEST_F(EventStreamTest, ByTimeSlicesGiveWhatOneSortWould) {
  std::vector<Row> expected = stream({});
  std::stable_sort(expected.begin(), expected.end(),
                   [](const Row& a, const Row& b) { return std::get<3>(a) < std::get<3>(b); });
  for (const std::int64_t slice_rows : {700, 5000, 1 << 25}) {
    EventOrder order;
    order.by_time = true;
    order.block_rows = 900;
    order.slice_rows = slice_rows;
    std::vector<std::size_t> sizes;
    EXPECT_EQ(stream(order, &sizes), expected) << slice_rows;
    EXPECT_LE(*std::max_element(sizes.begin(), sizes.end()), 900U);
  }
}

TEST_F(EventStreamTest, StopsWhenAskedAndHandsOnTheSinksError) {
  for (const bool by_time : {false, true}) {
    EventOrder order;
    order.by_time = by_time;
    order.block_rows = 1000;
    int blocks = 0;
    EXPECT_EQ(stream_events(service_, order, context_,
                            [&](EventBlock&) {
                              ++blocks;
                              return data_invalid("the disk is full");
                            })
                  .message(),
              "the disk is full");
    EXPECT_EQ(blocks, 1);
    stop_ = true;
    EXPECT_EQ(
        stream_events(service_, order, context_, [](EventBlock&) { return ok_status(); }).kind(),
        StatusKind::kInterrupted);
    stop_ = false;
  }
}

}  // namespace
}  // namespace crossfade
