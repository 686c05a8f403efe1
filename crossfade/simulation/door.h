// Door: how listeners reach a recommender, whichever it is.
//
// A listener asks once and then waits for the answer. Several listeners ask before the first answer
// is waited for, so that a door may have many requests on their way at once. What goes wrong with
// one question is said in its answer: it ends one session, not the run.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "crossfade/base/status.h"
#include "crossfade/events/answer.h"

namespace crossfade {

// What was heard last: the share of it, and when, on the simulation's clock.
struct Heard {
  std::int64_t user = 0;
  std::int64_t track = 0;
  double time = 1;
  std::int64_t at_ms = 0;
};

// Why a session ended before its listener had enough.
enum class Loss : std::uint8_t {
  kNone,
  kNoConnection,    // nobody listens there
  kConnectionLost,  // closed before the answer was whole
  kLate,            // not whole within the deadline
  kStatus,          // answered with another status than 200
  kGarbage,         // answered with something that names no track
  kUnknownTrack,    // named a track that the world does not have
  kTooLong          // went on for more steps than allowed
};
constexpr std::size_t kNumLosses = 8;
// For people: "late answer".
std::string_view name_of(Loss loss);

struct Inquiry {
  std::int32_t listener = 0;  // 0 to the number of listeners at once - 1
  bool last = false;          // the session is over; the answer only says that this has arrived
  Heard heard;
};

struct Reply {
  std::int32_t listener = 0;
  Loss loss = Loss::kNone;
  std::int64_t track = -1;                 // to be heard next; not checked against the world
  double latency_s = 0;                    // from the question to the answer
  std::vector<Treatment> treatments = {};  // of the user, where the door is told of them
};

class Door {
 public:
  virtual ~Door() = default;
  // One question per listener at a time.
  virtual void ask(const Inquiry& inquiry) = 0;
  // Appends the answers that are there, and waits a little where there is none, so that the caller
  // can look at other things now and then. Errors end the run (the person at the console has gone,
  // an event log cannot be written).
  virtual Status wait(std::vector<Reply>& replies) = 0;
};

// A door whose answers are made when they are asked for, in the caller's thread.
class ImmediateDoor : public Door {
 public:
  void ask(const Inquiry& inquiry) final;
  // Errors: the first that an answer was.
  Status wait(std::vector<Reply>& replies) final;

 private:
  // The reply's listener is filled in by ask().
  virtual Result<Reply> answer(const Inquiry& inquiry) = 0;

  std::vector<Reply> replies_;
  Status error_;
};

}  // namespace crossfade
