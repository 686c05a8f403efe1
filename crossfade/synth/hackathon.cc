// The world hackathon: the music service and the shop as a contest published them.
//
// One row per user and item: train_zvuk and train_smm (user_id, item_id, timestamp in ns of the
// last event, rating), test_zvuk and test_smm with those rows of train that belong to the users to
// be served, and as truth answers_zvuk and answers_smm, what these users did afterwards. As in the
// published preparation (arXiv 2402.09766), music counts plays of more than a minute; the shop
// drops carts and keeps a pair's strongest kind of event.
#include <algorithm>
#include <memory>
#include <span>
#include <utility>

#include "crossfade/synth/columns.h"
#include "crossfade/synth/two_services.h"

namespace crossfade {
namespace {

constexpr FirstIds kIds{1000000, 0};
constexpr double kClick = 1.5548076130042918, kPurchase = 2.80242660079047;
constexpr float kLeastPlayS = 60;

struct HackathonConfig : TwoServicesConfig {
  double answers = 0.1, served = 0.8;

  HackathonConfig() {
    days = 101;
    popularity = 1.3;
    item_popularity = 1;
    floor = 0;
    music_repeats = 0.55;
    goods_popularity = 0.9;
    shop_repeats = 0.2;
    follow = 0.7;
    shop = "smm";
  }
  template <class Visitor>
  void knobs(Visitor& knob) {
    TwoServicesConfig::knobs(knob);
    knob("answers", answers, between(0.001, 0.9), "share of the activity that is hidden");
    knob("served", served, between(0, 1), "share of the users to be served");
  }
};

enum class Part { kTrain, kTest, kAnswers };

struct Cut {
  Part part;
  std::int64_t time_ms;  // answers begin here
  double served;
  std::uint64_t seed;

  bool takes_user(std::int32_t user) const {
    if (part == Part::kTrain) return true;
    return Rng(mix64(seed ^ 0x5E12FEDULL), static_cast<std::uint64_t>(user)).uniform() < served;
  }
  bool takes_time(std::int64_t ms) const { return (ms >= time_ms) == (part == Part::kAnswers); }
};

struct Pair {
  std::int32_t user, item;
  std::int64_t time_ms;  // of the last event
  double rating;
};

// Whether an event counts, and as a purchase (or a play).
bool counts(const EventBlock& block, std::size_t row) {
  if (!block.played_s.empty()) return block.played_s[row] > kLeastPlayS;
  return block.kinds.empty() || block.kinds[row] != EventKind::kCart;
}
bool is_purchase(const EventBlock& block, std::size_t row) {
  return !block.kinds.empty() && block.kinds[row] == EventKind::kPurchase;
}

// Adds the pairs of one user's rows begin to end - 1, by time.
void merge_user(const EventBlock& block, std::size_t begin, std::size_t end, const Cut& cut,
                std::vector<Pair>& pairs) {
  if (!cut.takes_user(block.users[begin])) return;
  std::vector<std::pair<std::int32_t, std::size_t>> rows;
  for (std::size_t row = begin; row < end; ++row)
    if (counts(block, row) && cut.takes_time(block.time_ms[row]))
      rows.emplace_back(block.items[row], row);
  std::sort(rows.begin(), rows.end());
  const std::size_t first = pairs.size();
  for (std::size_t at = 0; at < rows.size();) {
    const std::int32_t item = rows[at].first;
    double events = 0, purchases = 0;
    for (; at < rows.size() && rows[at].first == item; ++at) {
      events += 1;
      purchases += is_purchase(block, rows[at].second);
    }
    const double shop = purchases > 0 ? purchases * kPurchase : kClick;
    pairs.push_back({block.users[begin], item, block.time_ms[rows[at - 1].second],
                     block.played_s.empty() ? shop : events});
  }
  std::sort(pairs.begin() + static_cast<std::ptrdiff_t>(first), pairs.end(),
            [](const Pair& a, const Pair& b) { return a.time_ms < b.time_ms; });
}

// Users are whole within a block in the order of users, so a block's pairs are its own.
std::vector<Pair> merge(const EventBlock& block, const Cut& cut, ThreadPool& threads) {
  std::vector<std::size_t> begins;
  for (std::size_t row = 0; row < block.size(); ++row)
    if (row == 0 || block.users[row] != block.users[row - 1]) begins.push_back(row);
  const auto users = std::ssize(begins);
  begins.push_back(block.size());
  return threads.map_reduce(
      users, 64, std::vector<Pair>(),
      [&](std::int64_t from, std::int64_t to) {
        std::vector<Pair> pairs;
        for (auto user = static_cast<std::size_t>(from); user < static_cast<std::size_t>(to);
             ++user)
          merge_user(block, begins[user], begins[user + 1], cut, pairs);
        return pairs;
      },
      [](std::vector<Pair>& all, const std::vector<Pair>& some) {
        all.insert(all.end(), some.begin(), some.end());
      });
}

WorldTable pairs_table(const WorldDomain& domain, const std::string& part, const Cut& cut) {
  const TableRole role = cut.part == Part::kAnswers ? TableRole::kTruth : TableRole::kLog;
  return log_table(
      {part + "_" + domain.service->shape().log, role, "user_id, item_id, timestamp (ns), rating"},
      domain, {}, [cut](const EventBlock& block, ThreadPool& threads) {
        const std::vector<Pair> pairs = merge(block, cut, threads);
        Table table;
        table.columns = {
            make_column("user_id", pairs.size(), threads,
                        [&](std::size_t row) { return kIds.user + pairs[row].user; }),
            make_column("item_id", pairs.size(), threads,
                        [&](std::size_t row) { return kIds.item + pairs[row].item; }),
            make_column("timestamp", pairs.size(), threads,
                        [&](std::size_t row) { return pairs[row].time_ms * kNsPerMs; }),
            make_column("rating", pairs.size(), threads,
                        [&](std::size_t row) { return pairs[row].rating; })};
        return table;
      });
}

Result<std::unique_ptr<World>> make(const std::vector<std::string>& settings, std::uint64_t seed,
                                    Context& context) {
  HackathonConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "hackathon", settings));
  if (config.order == "time")
    return usage_error(
        "hackathon: rows merge a user's events, so they come user by user; leave order out");
  CROSSFADE_ASSIGN_OR_RETURN(const TwoServices services,
                             make_two_services(config, "hackathon", seed, context));
  std::vector<WorldDomain> domains;
  std::vector<WorldTable> tables, truth;
  for (const auto& service : {services.music, services.shop}) {
    const double share = 1 - config.answers;
    const WorldDomain& domain =
        domains.emplace_back(WorldDomain{"train_" + service->shape().log, service, kIds, share});
    const std::int64_t cut_ms = service->rhythm().time_ms(share);
    tables.push_back(pairs_table(domain, "train", {Part::kTrain, cut_ms, config.served, seed}));
    tables.push_back(pairs_table(domain, "test", {Part::kTest, cut_ms, config.served, seed}));
    truth.push_back(pairs_table(domain, "answers", {Part::kAnswers, cut_ms, config.served, seed}));
    for (WorldTable& table : truth_tables(domain)) truth.push_back(std::move(table));
  }
  for (WorldTable& table : truth) tables.push_back(std::move(table));
  return std::unique_ptr<World>(new GeneratedWorld(std::move(domains), std::move(tables)));
}

}  // namespace

WorldEntry hackathon_world() {
  return {"the same pair (zvuk, smm) as a contest published it: one row per user and item",
          list_knobs<HackathonConfig>(),
          {"users=309548", "items=106949", "goods_ratio=1.566279", "listeners=0.467570",
           "overlap=0.125990", "events=211000000", "shop_share=0.343"},
          make};
}

}  // namespace crossfade
