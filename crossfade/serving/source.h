// Source: one way to find items for a user. Sources are chained: each in turn offers what it has,
// best first, until the slate is full; the filters stand between them and the slate.
//
// A source may draw. It then draws among what the slate allows at that moment, and says with which
// probability it came to what it offers (Offer::propensity, 1 where nothing is drawn), exactly: a
// fallback is reached when a source has nothing at all, which no draw decides, so the number holds
// for the whole chain.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "crossfade/base/rng.h"
#include "crossfade/models/model.h"
#include "crossfade/serving/slate_builder.h"

namespace crossfade {

// What is asked of a source of one domain.
struct Ask {
  UserView user;                         // stored history followed by live events
  const ExternalId& user_id;             // also where the data does not know the user
  bool has_live = false;                 // there are live events in the source's domain
  bool keep_seen = false;                // items of the history may be offered
  std::span<const std::uint8_t> hidden;  // 1 = never show; by item of the vocabulary, or empty
  std::int64_t wanted = 0;               // places that are left in the slate
  std::int64_t may_refuse = 0;  // at most so many offers beside seen and hidden are refused

  const SlateBuilder& slate;                 // what it allows is what draws are made among
  Rng& rng;                                  // of this one request
  ItemIndex played = kUnknown;               // just played; kUnknown: nothing, or nothing we know
  double share = 1;                          // of it that was played
  std::span<const ItemIndex> plays;          // the user's live events, oldest first
  std::span<const float> play_shares;        // of each, as it was sent
  std::span<const std::uint8_t> play_kinds;  // of each: kPlayed or kPlayedLast
};

class Source {
 public:
  virtual ~Source() = default;
  // What SlateItem::source says.
  virtual std::string_view name() const = 0;
  // take(item) for candidates, best first, until it answers false (the slate is full) or there are
  // none left. A source need not filter, but one that looks only so far ahead has to offer
  // wanted + may_refuse items that are neither hidden nor (unless kept) seen, if it can.
  // Thread-safe.
  using Take = std::function<bool(const Offer&)>;
  virtual void offer(const Ask& ask, const Take& take) const = 0;
};

}  // namespace crossfade
