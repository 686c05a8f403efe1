// From JSON bodies and query strings to what serving is asked: Request, Event, similar items.
//
// Every error is the user's mistake (usage) and a sentence that names the member and its limits.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/service/routes_v1.h"
#include "crossfade/serving/request.h"

namespace crossfade {

// {"user": .., "k": .., "domain": .., "keep_seen": .., "exclude": [..]}; only user is required.
Result<Request> read_recommend_body(const Json& body, const V1Limits& limits);

// One event or {"events": [..]}; an event without time happened at `now_ns`, and none happens later
// than a day after it.
Result<std::vector<Event>> read_events_body(const Json& body, const V1Limits& limits,
                                            std::int64_t now_ns);

struct SimilarQuery {
  ExternalId item;
  std::string domain;
  std::int64_t k = 10;
};
// "item=7&k=5&domain=zvuk", form-encoded.
Result<SimilarQuery> read_similar_query(std::string_view query, const V1Limits& limits);

Json to_json(const ExternalId& id);
Json to_json(const Slate& slate);

}  // namespace crossfade
