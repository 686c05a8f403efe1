// The knobs of a sequence model: its shape, which the trainer and the engine must read alike, and
// which part of a history it looks at.
//
// The network (Kang and McAuley, SASRec, 2018; Sun et al., BERT4Rec, 2019). A window of n items
// becomes rows x_p = s item_embedding[item_p] + position_embedding[p], p = 0 for the oldest, with s
// = sqrt(dimensions) if scaled (as SASRec's authors compute it), else 1. Then, for every block,
//
//   norm = pre:   x += attention(attention_norm(x));  x += feed_forward(feed_forward_norm(x))
//   norm = post:  x = attention_norm(x + attention(x));  x = feed_forward_norm(x + feed_forward(x))
//
// with attention = out(softmax(q k^T / sqrt(dimensions / heads)) v) per head, head h being columns
// [h, h + 1) * dimensions / heads of query, key and value; a causal row sees itself and what is
// before it. feed_forward = out(activation(in(x))), gelu being the exact one, x Phi(x). Pre-norm
// ends in one more norm. Layer norms divide by sqrt(variance + kLayerNormEpsilon), the variance
// being that of all (not n - 1). The last row h answers:
//
//   score(i) = h . item_embedding[i] + output_bias[i]
//   normalise: h and item_embedding[i] have length 1 there, and the product is divided by
//              temperature
//   familiar:  added where i was met before the session that the window is of
//
// A model that is not causal reads the window's items and then a mask token, row `num_items` of the
// item embedding, whose row answers.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"

namespace crossfade {

constexpr double kLayerNormEpsilon = 1e-5;

struct SequenceConfig {
  bool causal = true;  // no knob: the generator's name says it
  std::int64_t dimensions = 64;
  std::int64_t blocks = 2;
  std::int64_t heads = 1;
  std::int64_t length = 200;
  std::int64_t hidden = 0;
  bool scaled = true;
  std::string norm = "pre";
  std::string activation = "relu";
  bool normalise = false;
  double temperature = 0.05;
  double slide = 0.25;
  std::string reads = "history";
  double gap_minutes = 30;
  double familiar = 0;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("dimensions", dimensions, between(1, 2048).tuned_log(32, 256), "numbers per item");
    knob("blocks", blocks, between(1, 64).tuned(1, 3), "layers of attention and feed-forward");
    knob("heads", heads, between(1, 64),
         "parts that each attention is cut into; they divide the dimensions");
    knob("length", length, between(2, 4096), "the newest items of a history that are looked at");
    knob("hidden", hidden, between(0, 16384),
         "width of the feed-forward layers; 0: as many as dimensions");
    knob("scaled", scaled, yes_or_no(),
         "multiply items' numbers by the root of dimensions where a history is read");
    knob("norm", norm, one_of({"pre", "post"}),
         "pre: layer norms before attention and feed-forward; post: after, as first published");
    knob("activation", activation, one_of({"relu", "gelu"}), "inside the feed-forward layers");
    knob("normalise", normalise, yes_or_no(), "compare by cosine instead of inner product");
    knob("temperature", temperature, between(1e-3, 1e3).tuned_log(0.02, 0.5),
         "divides the cosines, where normalise says so");
    knob("reads", reads, one_of({"history", "session"}),
         "history: all that a user met; session: only what the running session holds");
    knob("gap_minutes", gap_minutes, between(0, 1e7),
         "reads = session: a pause of so long begins one where the log has times and no sessions; "
         "0: never");
    knob("familiar", familiar, between(0, 100),
         "reads = session: added to the score of what the user met in earlier sessions, where seen "
         "items are shown");
    knob("slide", slide, between(0, 0.9),
         "share of a full window that is dropped when one more item comes, so that most answers "
         "cost one step; 0: one item, and the newest `length` are always all there");
  }

  bool by_session() const { return reads == "session"; }
  float item_scale() const { return scaled ? std::sqrt(static_cast<float>(dimensions)) : 1.0F; }
  std::int64_t hidden_width() const { return hidden > 0 ? hidden : dimensions; }
  // Items of the history that fit beside what else is read.
  std::int64_t window() const { return causal ? length : length - 1; }
  // How many of the newest of `count` items the window holds: all up to window(), and from then on
  // fewer by `slide` whenever it is full. Of the number alone, so that every path answers alike.
  std::int64_t window_of(std::int64_t count) const {
    if (count <= window()) return count;
    const auto step =
        std::max<std::int64_t>(1, static_cast<std::int64_t>(slide * static_cast<double>(window())));
    return count - (count - window() + step - 1) / step * step;
  }
  // Errors (usage): heads that do not divide the dimensions; familiar items where all are read.
  Status check(const std::string& owner) const {
    if (familiar > 0 && !by_session())
      return usage_error(owner +
                         ": familiar raises what was met before the running session, and "
                         "reads=history reads that too; set reads=session, or familiar=0");
    if (dimensions % heads == 0) return ok_status();
    return usage_error(owner + ": dimensions = " + std::to_string(dimensions) +
                       " cannot be cut into " + std::to_string(heads) +
                       " heads; choose heads that divide the dimensions");
  }
};

// What the generators are before a knob is set.
inline SequenceConfig sasrec_config() {
  return {};
}
inline SequenceConfig bert4rec_config() {
  SequenceConfig config;
  config.causal = false;
  config.hidden = 256;
  config.heads = 2;
  config.scaled = false;
  config.norm = "post";
  config.activation = "gelu";
  config.slide = 0;
  return config;
}

}  // namespace crossfade
