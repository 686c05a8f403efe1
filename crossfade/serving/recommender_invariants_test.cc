// Filters last, on every path: random worlds, random events, random requests, and no answer ever
// holds a seen (unless asked), hidden, excluded or repeated item, nor fewer items than it could.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "crossfade/serving/recommender.h"
#include "crossfade/serving/test_flows.h"

namespace crossfade {
namespace {

constexpr std::int64_t kUsers = 12, kItems = 30, kCatalogOnly = 6;

class RandomWorld {
 public:
  explicit RandomWorld(std::uint64_t seed) : rng_(seed) {
    BundleInput input;
    std::vector<TestRow> rows;
    for (std::int64_t item = 0; item < kItems; ++item) rows.push_back({0, item, item});
    for (int row = 0; row < 60; ++row)
      rows.push_back({1 + draw(kUsers - 1), draw(kItems), draw(100)});
    for (const TestRow& row : rows) seen_[row.user].insert(row.item);
    input.dataset = make_dataset(rows);
    if (draw(4) > 0) input.models = {line_model(input.dataset, 1 + draw(kItems))};
    if (draw(2) > 0) input.lists = {random_lists(input.dataset)};
    if (draw(2) > 0) hide(input);
    if (draw(2) > 0) {
      std::vector<int> tracks;
      for (std::int64_t track = 20; track < kItems + kCatalogOnly; ++track) {
        tracks.push_back(static_cast<int>(track));
        catalog_.insert(track);
      }
      input.catalog_path = write_catalog("invariants_" + std::to_string(seed), tracks);
    }
    if (draw(2) > 0) add_flow(input);
    recommender_ = std::make_unique<Recommender>(*Bundle::assemble(std::move(input)),
                                                 EventLog::without_file());
  }

  void observe_something() {
    const Event event{ExternalId(draw(kUsers + 2)),
                      ExternalId(draw(kItems + kCatalogOnly + 2)),
                      "",
                      draw(1000),
                      0.1 * static_cast<double>(draw(10)),
                      0};
    ASSERT_TRUE(recommender_->observe(event).ok());
    const std::int64_t user = std::get<std::int64_t>(event.user);
    const std::int64_t item = std::get<std::int64_t>(event.item);
    if (!exists(item)) return;
    seen_[user].insert(item);
    played_[user].insert(item);
    last_[user] = item;
  }

  void ask_something() {
    Request request;
    request.user = ExternalId(draw(kUsers + 2));
    request.k = draw(kItems + 10);
    request.keep_seen = draw(2) > 0;
    std::set<std::int64_t> forbidden = hidden_;
    for (std::int64_t i = draw(8); i > 0; --i) {
      const std::int64_t item = draw(kItems + kCatalogOnly);
      request.exclude.push_back(draw(2) > 0 ? ExternalId(item) : ExternalId(std::to_string(item)));
      forbidden.insert(item);
    }
    check_recommend(request, forbidden);
    check_next(request, forbidden);
  }

 private:
  std::int64_t draw(std::int64_t n) {
    return static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(n)));
  }
  bool exists(std::int64_t item) const { return item < kItems || catalog_.contains(item); }

  Candidates random_lists(const Dataset& dataset) {
    Candidates lists;
    lists.source_names = {"offline"};
    for (UserIndex user = 0; user < dataset.num_users(); user += 2) {
      lists.users.push_back(user);
      std::set<ItemIndex> items;
      for (int i = 0; i < 10; ++i) items.insert(static_cast<ItemIndex>(draw(kItems)));
      lists.items.insert(lists.items.end(), items.begin(), items.end());
      lists.offsets.push_back(static_cast<std::int64_t>(lists.items.size()));
    }
    lists.scores.assign(lists.items.size(), 1.0f);
    lists.sources.assign(lists.items.size(), 0);
    return lists;
  }

  // A flow of one to three sources, perhaps with repeats, over lists of anything.
  void add_flow(BundleInput& input) {
    const auto some_items = [&] {
      std::vector<std::int64_t> items;
      for (std::int64_t i = 1 + draw(6); i > 0; --i) items.push_back(draw(kItems));
      return items;
    };
    std::vector<std::int64_t> users, items;
    std::vector<std::vector<std::int64_t>> by_user, by_item;
    for (std::int64_t user = 0; user < kUsers; user += 1 + draw(2)) {
      users.push_back(user);
      by_user.push_back(some_items());
    }
    for (std::int64_t item = 0; item < kItems; item += 1 + draw(3)) {
      items.push_back(item);
      by_item.push_back(some_items());
    }
    input.parts = {list_part("users", ListsBy::kUser, users, by_user),
                   list_part("near", ListsBy::kItem, items, by_item),
                   list_part("tops", ListsBy::kNothing, {}, {some_items()})};
    std::vector<std::string> kinds = {
        "indexed:users", "sequential:users", "contextual:near", "contextual_start:near",
        "i2i:near",      "top:tops,5",       "top:7",           "random",
        "list",          "popular"};
    if (!input.catalog_path.empty()) kinds.insert(kinds.end(), {"sticky_artist", "sticky_mixture"});
    if (!input.models.empty()) kinds.emplace_back("model:line");
    std::vector<std::string> sources;
    for (std::int64_t i = 1 + draw(3); i > 0; --i)
      sources.push_back(kinds[static_cast<std::size_t>(draw(std::ssize(kinds)))]);
    repeats_ = draw(2) > 0;
    input.flows = default_flow(sources, repeats_);
  }

  void hide(BundleInput& input) {
    std::vector<std::uint8_t> hidden(kItems, 0);
    for (int i = 0; i < 8; ++i) {
      const std::int64_t item = draw(kItems);
      hidden_.insert(item);
      hidden[static_cast<std::size_t>(input.dataset.domains()[0].items.find(item))] = 1;
    }
    input.hidden = {hidden};
  }

  // The answer has no item twice, none that is forbidden, and exactly as many as it could.
  void check(const std::vector<SlateItem>& items, const std::set<std::int64_t>& allowed,
             std::int64_t k) {
    std::set<std::int64_t> answered;
    for (const SlateItem& item : items) {
      const std::int64_t id = std::get<std::int64_t>(item.item);
      EXPECT_TRUE(answered.insert(id).second) << "item " << id << " comes twice";
      EXPECT_TRUE(allowed.contains(id)) << "item " << id << " is not allowed";
      EXPECT_TRUE(item.propensity > 0 && item.propensity <= 1) << item.propensity;
    }
    EXPECT_EQ(static_cast<std::int64_t>(items.size()),
              std::min(k, static_cast<std::int64_t>(allowed.size())));
  }

  std::set<std::int64_t> all_but(const std::set<std::int64_t>& forbidden, bool playable) {
    std::set<std::int64_t> allowed;
    for (std::int64_t item = 0; item < kItems + kCatalogOnly; ++item)
      if (exists(item) && !forbidden.contains(item) &&
          !(playable && !catalog_.empty() && !catalog_.contains(item)))
        allowed.insert(item);
    return allowed;
  }

  void check_recommend(const Request& request, std::set<std::int64_t> forbidden) {
    const std::int64_t user = std::get<std::int64_t>(request.user);
    if (!request.keep_seen) forbidden.insert(seen_[user].begin(), seen_[user].end());
    check(recommender_->recommend(request)->items, all_but(forbidden, false), request.k);
  }

  void check_next(const Request& request, const std::set<std::int64_t>& forbidden) {
    if (repeats_)
      return check(recommender_->next(request)->items, all_but(forbidden, true), request.k);
    const std::int64_t user = std::get<std::int64_t>(request.user);
    std::set<std::int64_t> left_out = request.keep_seen ? played_[user] : seen_[user];
    std::set<std::int64_t> just_played;
    if (last_.contains(user)) just_played.insert(last_[user]);
    for (const auto& step : {left_out, played_[user], just_played, std::set<std::int64_t>()}) {
      std::set<std::int64_t> unwanted = forbidden;
      unwanted.insert(step.begin(), step.end());
      const auto allowed = all_but(unwanted, true);
      if (allowed.empty() && !step.empty()) continue;
      return check(recommender_->next(request)->items, allowed, request.k);
    }
    check(recommender_->next(request)->items, all_but(forbidden, true), request.k);
  }

  Rng rng_;
  std::map<std::int64_t, std::set<std::int64_t>> seen_, played_;
  std::map<std::int64_t, std::int64_t> last_;
  std::set<std::int64_t> hidden_, catalog_;
  bool repeats_ = false;  // the world's flow lets tracks come again
  std::unique_ptr<Recommender> recommender_;
};

TEST(RecommenderInvariants, HoldForRandomRequests) {
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomWorld world(seed);
    for (int step = 0; step < 60; ++step) {
      world.observe_something();
      world.ask_something();
      if (testing::Test::HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace crossfade
