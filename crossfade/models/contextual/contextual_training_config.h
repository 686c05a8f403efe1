// The knobs of the contextual network's training; the trainer itself is crossfade-neural. Defaults
// are those of the user-aware network of 2022.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"
#include "crossfade/models/contextual/contextual_config.h"

namespace crossfade {

struct ContextualTrainingConfig {
  std::string solver = "adam";
  double learning_rate = 0.05;
  std::int64_t batch = 2048;
  std::int64_t epochs = 300;
  std::int64_t patience = 10;
  std::int64_t plateau = 3;
  double weight_decay = 1e-5;
  double spread = 1;
  std::int64_t head = 0;
  double dropout = 0.2;
  double ridge = 8;
  bool centred = false;
  std::int64_t least = 0;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("solver", solver, one_of({"adam", "squares"}),
         "adam takes steps, as published; squares solves each row exactly, in turns, against a "
         "ridge");
    knob("learning_rate", learning_rate, between(1e-7, 1).tuned_log(1e-3, 0.1), "size of a step");
    knob("batch", batch, between(1, 1 << 24), "pairs per step");
    knob("epochs", epochs, between(1, 100000).effort(10), "times that all pairs are learned");
    knob("patience", patience, between(0, 100000),
         "epochs without a better validation after which it stops; 0: never");
    knob("plateau", plateau, between(0, 100000),
         "epochs without a better validation after which steps become a tenth; 0: never");
    knob("weight_decay", weight_decay, between(0, 1), "how strongly numbers are drawn to zero");
    knob("spread", spread, between(1e-6, 10),
         "deviation of the numbers that it begins with; less suits smaller steps");
    knob("head", head, between(0, 16),
         "fully connected layers with ReLU and dropout between start + user and the product");
    knob("dropout", dropout, between(0, 0.95), "share of numbers left out in the head");
    knob("ridge", ridge, between(1e-6, 1e9).tuned_log(1, 100),
         "with solver=squares: as many pairs as speak for a row's being zero");
    knob("centred", centred, yes_or_no(), "learn how far a rate is from the mean of all");
    knob("least", least, between(0, 1'000'000'000),
         "items of fewer pairs are forgotten behind the training: as tracks, and as starts");
  }
};

// What `train contextual` takes.
struct ContextualTraining {
  ContextualConfig network;
  ContextualTrainingConfig training;

  template <class Visitor>
  void knobs(Visitor& knob) {
    network.knobs(knob);
    training.knobs(knob);
  }
};

}  // namespace crossfade
