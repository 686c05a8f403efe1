// Validation: a model's settings judged by the validation part of a split.
//
// Only `train` and `validation` of the split's folder are opened. The test part stays closed: it is
// there to judge what was chosen here.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/store/store.h"
#include "crossfade/evaluation/evaluate.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

struct ValidationRequest {
  std::string folder;  // that `crossfade split` wrote
  std::string domain;  // whose items are recommended; empty: the only one
  std::string model;
  std::string metric = "ndcg@10";
  std::uint64_t seed = 1;
  bool new_only = false;   // what a user had in train is no truth
  bool keep_seen = false;  // items of a user's history may be recommended again
};

class Validation {
 public:
  // Errors: an unknown model or metric (usage); no validation part (usage, says how to get one);
  // parts that do not belong together (data invalid); those of open_store().
  static Result<Validation> open(const ValidationRequest& request, Context& context);

  // Trains on train and judges the lists for the users of the validation part.
  Result<EvalReport> judge(const std::vector<std::string>& settings, Context& context) const;
  // The model of these settings, trained on both parts: what one serves after the choice is made.
  Result<std::unique_ptr<Model>> refit(const std::vector<std::string>& settings,
                                       Context& context) const;

  const TrainerEntry& trainer() const { return trainer_; }
  const std::string& metric() const { return request_.metric; }
  // Which data it is, for journals and provenance.
  std::string fingerprint() const { return train_.fingerprint + "+" + held_out_.fingerprint; }
  std::int64_t num_users() const { return truth_.num_users(); }

 private:
  explicit Validation(ValidationRequest request) : request_(std::move(request)) {}
  Status open_parts(Context& context);
  Result<RankedLists> recommend(const Model& model, Context& context) const;

  ValidationRequest request_;
  TrainerEntry trainer_;
  Store train_, held_out_;
  std::size_t domain_ = 0;
  Truth truth_;
  TrainCounts counts_;
  EvalOptions options_;
};

}  // namespace crossfade
