// The world two-domain: a music service and a shop as their raw logs were published.
//
// zvuk-interactions: user_id, session_id, datetime, track_id, play_duration (seconds).
// megamarket: user_id, datetime, event (0 click, 1 add to cart, 2 purchase), item_id, category_id,
// price. zvuk-track_artist_embedding: track_id, artist_id, cluster_id (its taste), vector of 128
// numbers. Skips are plays of less than 30% of the track.
#include <cmath>
#include <memory>
#include <utility>

#include "crossfade/synth/columns.h"
#include "crossfade/synth/item_vectors.h"
#include "crossfade/synth/two_services.h"

namespace crossfade {
namespace {

constexpr FirstIds kZvukIds{1000000, 0}, kMegamarketIds{1000000, 10000000};
constexpr std::int32_t kCategories = 64;                 // of each taste
constexpr double kMedianPrice = 900, kPriceSigma = 1.1;  // roubles; sigma of the logarithm

Table zvuk_rows(const EventBlock& block, const WorldDomain& domain, ThreadPool& threads) {
  const std::size_t rows = block.size();
  Table table;
  table.columns = {
      make_column("user_id", rows, threads,
                  [&](std::size_t row) {
                    return static_cast<std::int32_t>(domain.ids.user) + block.users[row];
                  }),
      // Every session has a number of its own in the log: the place of its first event.
      make_column("session_id", rows, threads,
                  [&](std::size_t row) {
                    return domain.service->first_row(block.users[row]) + block.sessions[row];
                  }),
      make_time_column("datetime", rows, threads,
                       [&](std::size_t row) { return block.time_ms[row]; }),
      make_column("track_id", rows, threads,
                  [&](std::size_t row) {
                    return static_cast<std::int32_t>(domain.ids.item) + block.items[row];
                  }),
      make_column("play_duration", rows, threads,
                  [&](std::size_t row) { return block.played_s[row]; })};
  return table;
}

// Prices in whole roubles; the same good always costs the same.
std::shared_ptr<const std::vector<float>> draw_prices(std::int64_t goods, std::uint64_t seed,
                                                      ThreadPool& threads) {
  auto prices = std::make_shared<std::vector<float>>(static_cast<std::size_t>(goods));
  threads.parallel_for(goods, 1 << 12, [&](std::int64_t begin, std::int64_t end, int) {
    for (std::int64_t i = begin; i < end; ++i) {
      Rng rng(mix64(seed ^ 0x9121CEULL), static_cast<std::uint64_t>(i));
      const double price = kMedianPrice * std::exp(kPriceSigma * rng.normal());
      (*prices)[static_cast<std::size_t>(i)] = static_cast<float>(std::ceil(price));
    }
  });
  return prices;
}

// A category belongs to one taste, as an artist's (here: a brand's) goods mostly do.
std::int32_t category_of(const ItemTruth& good) {
  const auto hash = mix64(static_cast<std::uint64_t>(good.artist));
  return good.taste * kCategories + static_cast<std::int32_t>(hash % kCategories);
}

Table megamarket_rows(const EventBlock& block, const WorldDomain& domain,
                      const std::vector<float>& prices, ThreadPool& threads) {
  const std::size_t rows = block.size();
  const Catalogue& catalogue = domain.service->catalogue();
  Table table;
  table.columns = {
      make_column("user_id", rows, threads,
                  [&](std::size_t row) {
                    return static_cast<std::int32_t>(domain.ids.user) + block.users[row];
                  }),
      make_time_column("datetime", rows, threads,
                       [&](std::size_t row) { return block.time_ms[row]; }),
      make_column("event", rows, threads,
                  [&](std::size_t row) {
                    return block.kinds.empty() ? 0 : static_cast<std::int32_t>(block.kinds[row]);
                  }),
      make_column("item_id", rows, threads,
                  [&](std::size_t row) {
                    return static_cast<std::int32_t>(domain.ids.item) + block.items[row];
                  }),
      make_column("category_id", rows, threads,
                  [&](std::size_t row) { return category_of(catalogue.item(block.items[row])); }),
      make_column("price", rows, threads, [&](std::size_t row) {
        return prices[static_cast<std::size_t>(block.items[row])];
      })};
  return table;
}

WorldTable zvuk_log(const WorldDomain& domain, const EventOrder& order) {
  return log_table(
      {domain.log, TableRole::kLog, "user_id, session_id, datetime, track_id, play_duration"},
      domain, order, [domain](const EventBlock& block, ThreadPool& threads) {
        return zvuk_rows(block, domain, threads);
      });
}

WorldTable megamarket_log(const WorldDomain& domain, const EventOrder& order, std::uint64_t seed,
                          ThreadPool& threads) {
  const auto prices = draw_prices(domain.service->catalogue().num_items(), seed, threads);
  return log_table(
      {domain.log, TableRole::kLog, "user_id, datetime, event, item_id, category_id, price"},
      domain, order, [domain, prices](const EventBlock& block, ThreadPool& workers) {
        return megamarket_rows(block, domain, *prices, workers);
      });
}

WorldTable embedding_table(const WorldDomain& domain, std::uint64_t seed) {
  constexpr std::int64_t kTracks = 1 << 16;  // at once
  return numbered_table(
      {"zvuk-track_artist_embedding", TableRole::kCatalogue,
       "track_id, artist_id, cluster_id, vector"},
      domain.service->catalogue().num_items(), kTracks,
      [domain, seed](std::int64_t begin, std::int64_t end, ThreadPool& threads) {
        const Catalogue& catalogue = domain.service->catalogue();
        const auto rows = static_cast<std::size_t>(end - begin);
        const auto track = [begin](std::size_t row) {
          return static_cast<std::int32_t>(begin + static_cast<std::int64_t>(row));
        };
        Lists<float> vectors;
        vectors.values.resize(rows * kItemVectorSize);
        item_vectors(catalogue, seed, begin, end, vectors.values, threads);
        for (std::size_t row = 1; row <= rows; ++row)
          vectors.offsets.push_back(static_cast<std::int64_t>(row) * kItemVectorSize);
        Table table;
        table.columns = {
            make_column("track_id", rows, threads,
                        [&](std::size_t row) {
                          return static_cast<std::int32_t>(domain.ids.item) + track(row);
                        }),
            make_column("artist_id", rows, threads,
                        [&](std::size_t row) { return catalogue.item(track(row)).artist; }),
            make_column("cluster_id", rows, threads,
                        [&](std::size_t row) { return catalogue.item(track(row)).taste; }),
            {"vector", std::move(vectors)}};
        return table;
      });
}

Result<std::unique_ptr<World>> make(const std::vector<std::string>& settings, std::uint64_t seed,
                                    Context& context) {
  TwoServicesConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "two-domain", settings));
  CROSSFADE_ASSIGN_OR_RETURN(const TwoServices services,
                             make_two_services(config, "two-domain", seed, context));
  EventOrder order;
  order.by_time = config.order == "time";
  const WorldDomain zvuk{"zvuk-interactions", services.music, kZvukIds};
  const WorldDomain megamarket{"megamarket", services.shop, kMegamarketIds};
  std::vector<WorldTable> tables{
      zvuk_log(zvuk, order), megamarket_log(megamarket, order, seed, context.threads),
      embedding_table(zvuk, seed), tracks_table(zvuk, seed), goods_table(megamarket, seed)};
  for (const WorldDomain& domain : {zvuk, megamarket})
    for (WorldTable& table : truth_tables(domain)) tables.push_back(std::move(table));
  return std::unique_ptr<World>(new GeneratedWorld({zvuk, megamarket}, std::move(tables)));
}

}  // namespace

WorldEntry two_domain_world() {
  return {"a music service (Zvuk) and a shop (MegaMarket) whose users share a taste",
          list_knobs<TwoServicesConfig>(),
          // 382,790 listeners and 2,730,776 buyers; how many are both is not published, and the
          // samples suggest 24% of the listeners. Popularity and repeats as in the world hackathon.
          {"popularity=1.3", "item_popularity=1", "floor=0", "goods_popularity=0.9",
           "music_repeats=0.55", "users=3021696", "items=1506950", "events=441317571",
           "goods_ratio=2.363927801187830", "shop_share=0.445583935292710",
           "listeners=0.099295999148072", "overlap=0.030403455542847"},
          make};
}

}  // namespace crossfade
