// ListeningSession: one session of one listener, as botify's simulator has had it since 2021.
//
// A listener u is drawn among all, an interest i among u's, and a first track f among the
// neighbours N(i); f is heard whole and costs nothing. Then, for each recommended track r:
//
//   share = 0 if r was played in this session, else
//   share = round(expit((e_r . e_i - bias) * sharpness) * gamma^c, 2)
//
// with c the plays of r's artist so far, f's among them. One uniform number x per step: x > share
// takes one of the budget; the session ends when nothing is left. The share is the step's reward,
// so a step costs 1 - share of the budget on average.
//
// Draws come in the order listener, interest, first track, then one per step. expit is in doubles;
// rounding is numpy's: the scaled value to the nearest integer, ties to the even one.
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/simulation/hidden_world.h"
#include "crossfade/simulation/legacy_rng.h"

namespace crossfade {

// How a session begins.
struct Opening {
  std::int32_t listener = 0;  // place in Listeners::all
  std::int32_t interest = 0;  // a track
  std::int32_t place = 0;     // of the first track among the interest's neighbours, 0 = nearest
  std::int32_t first = 0;     // the first track
};

// Draws an opening. The three steps of it, for worlds that choose one of them in another way.
Opening draw_opening(const HiddenWorld& world, LegacyRng& random);
std::int32_t draw_listener(const HiddenWorld& world, LegacyRng& random);
std::int32_t draw_interest(const HiddenWorld& world, std::int32_t listener, LegacyRng& random);
Opening draw_first(const HiddenWorld& world, std::int32_t listener, std::int32_t interest,
                   LegacyRng& random);

// What a richer world adds to a step: share = round(expit(.. + shift) * gamma^c * factor, 2). The
// defaults change no bit.
struct Circumstances {
  double shift = 0;
  double factor = 1;
};

class ListeningSession {
 public:
  // `world` must outlive the session.
  void begin(const HiddenWorld& world, const Opening& opening);

  const Opening& opening() const { return opening_; }
  const Listener& listener() const { return *listener_; }
  // What was heard last, and how much of it.
  std::int32_t track() const { return played_.back(); }
  double share() const { return share_; }
  bool over() const { return budget_ <= 0; }
  std::int64_t steps() const { return static_cast<std::int64_t>(played_.size()) - 1; }
  double reward() const { return reward_; }  // sum of the shares, without the first track
  const std::vector<std::int32_t>& played() const { return played_; }  // the first track first
  bool has_played(std::int32_t track) const;

  // Hears the track, whose product with the interest is `affinity` (not looked at if it has been
  // played in this session). Not to be called when the session is over.
  void hear(std::int32_t track, double affinity, LegacyRng& random, Circumstances now = {});

 private:
  const HiddenWorld* world_ = nullptr;
  const Listener* listener_ = nullptr;
  Opening opening_;
  std::vector<std::int32_t> played_, artists_;  // in order
  std::int32_t budget_ = 0;
  double share_ = 0, reward_ = 0;
};

}  // namespace crossfade
