// The knobs of a sequence model's training: what is learned from, by which loss, how fast and how
// long. What the network is stands in sequence_config.h; the trainer itself is crossfade-neural.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"
#include "crossfade/models/sequence/sequence_config.h"

namespace crossfade {

struct SequenceTrainingConfig {
  std::int64_t epochs = 200;
  std::int64_t patience = 10;
  std::int64_t batch = 128;
  double learning_rate = 1e-3;
  std::string optimizer = "adam";
  double weight_decay = 0;
  double dropout = 0.1;
  std::int64_t warmup = 0;
  std::string schedule = "constant";
  std::string loss = "softmax";
  std::int64_t negatives = 256;
  double popular_negatives = 0;
  bool log_q = true;
  double calibration = 0.75;
  double mask = 0.2;
  std::string windows = "last";
  std::int64_t min_length = 2;
  bool labels = false, vectors = false, output_bias = false;
  std::string validation = "last";
  double validation_share = 0.1;
  std::int64_t validation_users = 10000;
  bool repeats = false;
  bool refit = false;
  std::string device = "auto";
  bool mixed_precision = true;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("epochs", epochs, between(1, 100000).effort(10), "times that all sequences are learned");
    knob("patience", patience, between(0, 100000),
         "epochs without a better validation after which it stops; 0: never");
    knob("batch", batch, between(1, 65536), "sequences per step");
    knob("learning_rate", learning_rate, between(1e-7, 1).tuned_log(2e-4, 5e-3), "size of a step");
    knob("optimizer", optimizer, one_of({"adam", "adamw"}),
         "adamw takes the weight decay from the weights, adam adds it to the gradient");
    knob("weight_decay", weight_decay, between(0, 1), "how strongly weights are drawn to zero");
    knob("dropout", dropout, between(0, 0.95).tuned(0.1, 0.5), "share of numbers left out");
    knob("warmup", warmup, between(0, 1e9), "steps over which the learning rate rises from zero");
    knob("schedule", schedule, one_of({"constant", "cosine"}),
         "of the learning rate. cosine: it falls to zero by the last of the epochs");
    knob("loss", loss, one_of({"softmax", "sampled", "gbce", "bce"}),
         "softmax: cross-entropy over all items; sampled: over sampled ones; gbce: gSASRec's; bce: "
         "SASRec's own");
    knob("negatives", negatives, between(1, 1 << 20), "items that a sampled loss compares with");
    knob("popular_negatives", popular_negatives, between(0, 1),
         "share of them that is drawn by popularity instead of evenly");
    knob("log_q", log_q, yes_or_no(),
         "correct the loss sampled for how often an item is drawn (Yi et al. 2019)");
    knob("calibration", calibration, between(0, 1), "gbce's t; 0: bce");
    knob("mask", mask, between(0.01, 0.99).tuned(0.1, 0.5), "bert4rec: share of items to guess");
    knob("windows", windows, one_of({"last", "all"}),
         "last: the newest `length` items of a history, or session; all: longer ones are cut up");
    knob("min_length", min_length, between(2, 100000), "shorter histories are not learned from");
    knob("labels", labels, yes_or_no(),
         "add to each item's numbers those of its labels: artists, genres, a category");
    knob("vectors", vectors, yes_or_no(), "add a linear map of each item's given vector");
    knob("output_bias", output_bias, yes_or_no(),
         "give each item a number that is added to its "
         "score");
    knob("validation", validation, one_of({"last", "time", "none"}),
         "what is held back to stop by. last: each user's last item; time: what comes after a "
         "date; none: nothing, all epochs are run");
    knob("validation_share", validation_share, between(0.001, 0.9),
         "validation = time: share of the log that comes after the date");
    knob(
        "validation_users", validation_users, between(0, 1e12),
        "judge by so many users, chosen by the seed; the last items of others are learned from; 0: "
        "all");
    knob("repeats", repeats, yes_or_no(),
         "whether validation counts items of the history, as in music");
    knob("refit", refit, yes_or_no(),
         "train again from the start, on what was held back too, for as many epochs as were best");
    knob("device", device, one_of({"auto", "cpu", "cuda"}),
         "where it is computed. auto: on CUDA where there is one");
    knob("mixed_precision", mixed_precision, yes_or_no(),
         "on CUDA: products in bfloat16, everything else in float32");
  }
};

// What `train sasrec` and `train bert4rec` take.
struct SequenceTraining {
  SequenceConfig network;
  SequenceTrainingConfig training;

  template <class Visitor>
  void knobs(Visitor& knob) {
    network.knobs(knob);
    training.knobs(knob);
  }

  // Errors (usage): SequenceConfig::check(); a refit without a validation.
  Status check(const std::string& owner) const {
    CROSSFADE_RETURN_IF_ERROR(network.check(owner));
    if (!training.refit || training.validation != "none") return ok_status();
    return usage_error(owner +
                       ": refit=yes trains for as many epochs as validation found best, and "
                       "validation=none finds none; set validation=last or time, or refit=no");
  }
};

}  // namespace crossfade
