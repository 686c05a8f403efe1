// The published logs whose columns are known by name: one entry each, in the order of --help.
#include <utility>

#include "crossfade/io/schema.h"

namespace crossfade {
namespace {

LogSchema log_of(const char* name, const char* user, const char* item, const char* time,
                 const char* summary) {
  LogSchema schema;
  schema.name = name;
  schema.user = user;
  schema.item = item;
  schema.time = time;
  schema.summary = summary;
  return schema;
}

// Equal times are told apart by a column, where a file has it.
LogSchema ordered(LogSchema schema, const char* order) {
  schema.order = order;
  schema.order_is_optional = true;
  return schema;
}

LogSchema rated(LogSchema schema, const char* weight, TimeUnit unit) {
  schema.weight = weight;
  schema.time_unit = unit;
  return schema;
}

// Clicks weigh 1, what is put into the cart 3, what is bought 5.
LogSchema shop(LogSchema schema, const char* kind, std::vector<std::string> names) {
  constexpr float kWeights[] = {1, 3, 5};
  schema.kind = kind;
  for (std::size_t i = 0; i < names.size(); ++i)
    schema.kind_weights.emplace_back(names[i], kWeights[i]);
  schema.kind_names = std::move(names);
  return schema;
}

// Lines of a service; sessions end where it says so.
LogSchema play_log(LogSchema schema, const char* share, const char* message) {
  schema.is_play_log = true;
  schema.weight = share;
  schema.kind = message;
  schema.kind_names = {"next", "last"};
  schema.session_end = "last";
  return schema;
}

LogSchema plays(LogSchema schema, const char* length, const char* session) {
  schema.length = length;
  schema.session = session;
  return schema;
}

}  // namespace

const std::vector<LogSchema>& schema_presets() {
  static const std::vector<LogSchema> presets = {
      shop(log_of("megamarket", "user_id", "item_id", "datetime",
                  "a shop: user_id, item_id, datetime, event (0 click, 1 cart, 2 purchase)"),
           "event", {"click", "cart", "purchase"}),
      plays(log_of("zvuk", "user_id", "track_id", "datetime",
                   "plays: user_id, track_id, datetime, session_id, play_duration in s"),
            "play_duration", "session_id"),
      rated(log_of("hackathon", "user_id", "item_id", "timestamp",
                   "two-domain logs of plays and purchases: user_id, item_id, timestamp in ns, "
                   "rating"),
            "rating", TimeUnit::kNanoseconds),
      ordered(log_of("practicum", "user_id", "track_id", "started_at",
                     "plays of a music service: user_id, track_id, started_at (a day), and "
                     "track_seq, which orders the plays of a day"),
              "track_seq"),
      rated(log_of("practicum-events", "user_id", "item_id", "started_at",
                   "the same service's events.parquet: user_id, item_id, started_at, listened"),
            "listened", TimeUnit::kAuto),
      rated(log_of("movielens", "user_id", "item_id", "timestamp",
                   "ratings of movies: user_id, item_id, timestamp in s, rating"),
            "rating", TimeUnit::kSeconds),
      rated(log_of("movielens-csv", "userId", "movieId", "timestamp",
                   "ratings.csv of MovieLens: userId, movieId, timestamp in s, rating"),
            "rating", TimeUnit::kSeconds),
      rated(log_of("challenge", "user_id", "item_id", "timestamp",
                   "events.csv of a ranking challenge: user_id, item_id, rating, and a timestamp "
                   "that is only an order"),
            "rating", TimeUnit::kSeconds),
      shop(rated(log_of("retailrocket", "visitorid", "itemid", "timestamp",
                        "a shop's events.csv: visitorid, itemid, timestamp in ms, event (view, "
                        "addtocart, transaction)"),
                 "", TimeUnit::kMilliseconds),
           "event", {"view", "addtocart", "transaction"}),
      plays(log_of("30music", "user_id", "track_id", "datetime",
                   "30Music's sessions in the columns of zvuk"),
            "play_duration", "session_id"),
      play_log(log_of("botify", "user", "track", "timestamp",
                      "a service's data.json: user, track, timestamp in ms, time (the share "
                      "played), message; or our own event log"),
               "time", "message"),
  };
  return presets;
}

}  // namespace crossfade
