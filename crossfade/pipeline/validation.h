// Validation: a model's settings judged by the validation part of a split.
//
// Only `train`, `validation` and, where there is one, `validation_fold_in` of the split's folder
// are opened: the last is what lists are made from. The test part stays closed: it is there to
// judge what was chosen here.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/store/store.h"
#include "crossfade/evaluation/evaluate.h"
#include "crossfade/models/item_ids.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

struct ValidationRequest {
  std::string folder;  // that `crossfade split` wrote
  std::string domain;  // whose items are recommended; empty: the only one
  std::string model;
  std::vector<std::string> with;  // other domains to learn from: NAME or NAME:SHARE
  std::string metric = "ndcg@10";
  std::uint64_t seed = 1;
  bool new_only = false;   // what a user had in train is no truth
  bool keep_seen = false;  // items of a user's history may be recommended again
};

class Validation {
 public:
  // Errors: an unknown model, metric or domain (usage); no validation part (usage, says how to get
  // one); parts that do not belong together (data invalid); those of open_store().
  static Result<Validation> open(const ValidationRequest& request, Context& context);

  // The model of these settings, trained on the train part.
  Result<std::unique_ptr<Model>> train(const std::vector<std::string>& settings,
                                       Context& context) const;
  // Judges the model's lists for a share (0 to 1) of the users of the validation part; a larger
  // share holds all users of a smaller one.
  Result<EvalReport> judge(const Model& model, double share, Context& context) const;
  // The model of these settings, trained on both parts: what one serves after the choice is made.
  Result<std::unique_ptr<Model>> refit(const std::vector<std::string>& settings,
                                       Context& context) const;

  const TrainerEntry& trainer() const { return trainer_; }
  const std::string& metric() const { return request_.metric; }
  // Which data it is, for journals and provenance.
  std::string fingerprint() const;
  std::int64_t num_users() const { return truth_.num_users(); }
  // Of the items of all that a model learns from here.
  ItemIds item_ids() const;

 private:
  explicit Validation(ValidationRequest request) : request_(std::move(request)) {}
  Status open_parts(Context& context);
  Result<RankedLists> recommend(const Model& model, const Truth& truth, Context& context) const;
  // Where the histories lie that lists are made from.
  const Store& histories() const { return fold_in_ ? *fold_in_ : train_; }

  ValidationRequest request_;
  TrainerEntry trainer_;
  Store train_, held_out_;
  std::optional<Store> fold_in_;
  std::size_t domain_ = 0;  // the same in all of them
  std::vector<LearnWith> with_;
  Truth truth_;
  TrainCounts counts_;
  EvalOptions options_;
};

}  // namespace crossfade
