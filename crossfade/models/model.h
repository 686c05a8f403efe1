// Model: what every candidate generator is to the rest of the house.
//
// Three things, never one class: a Trainer is slow and clever and stays offline (models/trainer.h);
// a Model is data with a meaning that saves and loads itself; scoring that is more than a dot
// product is an engine of its own. Each generator has a folder (models/als/) and one line in
// models/list.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crossfade/base/artifact.h"
#include "crossfade/base/context.h"
#include "crossfade/data/candidates.h"
#include "crossfade/data/history.h"
#include "crossfade/models/trained_over.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

// How to answer: at most k items per user, best first (score descending, then index ascending).
struct RecommendOptions {
  std::int64_t k = 10;
  bool keep_seen = false;  // true: items of the user's history may be recommended again
  // One entry per item of the domain, 1 = never show; empty: all may be shown.
  std::span<const std::uint8_t> hidden = {};
  // Answer users of the training data from what training left of them, where the model keeps that,
  // and not from the history in the view.
  bool stored_users = false;
};

class Model {
 public:
  virtual ~Model() = default;

  // The generator's name ("als") and the domain whose items it recommends.
  virtual std::string_view name() const = 0;
  virtual const std::string& domain() const = 0;
  // Items of the domain when it was trained; histories may hold indices beyond, which are ignored.
  virtual std::int64_t num_items() const = 0;
  // The ids that its indices stand for. Training and loading set it, saving keeps it; a model that
  // was put together by hand has none and is refused by check_trained_over().
  const TrainedOver& trained_over() const { return trained_over_; }
  void set_trained_over(TrainedOver trained_over) { trained_over_ = std::move(trained_over); }

  // What came of its training, as the trainer tells it: losses and validations by epoch; null if it
  // tells nothing. Saving keeps it.
  const Json& training() const { return training_; }
  void set_training(Json training) { training_ = std::move(training); }

  // One user, for serving: safe from several threads at once, no pool. A user the model cannot
  // answer for (no history, not known) gets an empty list, never an error. `domain_index` is the
  // place of domain() in view.by_domain.
  virtual std::vector<ScoredItem> recommend(const UserView& view, std::size_t domain_index,
                                            const RecommendOptions& options) const = 0;
  // Many users, for offline work: the same answers, in the order of `views`, on all threads.
  // sources holds name().
  virtual Result<Candidates> recommend_batch(std::span<const UserView> views,
                                             std::size_t domain_index,
                                             const RecommendOptions& options,
                                             Context& context) const;

  // Items most like `item`, without itself; empty where the model has no such notion.
  virtual std::vector<ScoredItem> similar(ItemIndex item, std::int64_t k) const;
  // The same of many items, in their order, for offline work: on all threads. Errors: stopped.
  virtual Result<std::vector<std::vector<ScoredItem>>> similar_batch(
      std::span<const ItemIndex> items, std::int64_t k, Context& context) const;
  // How much each item of the history adds to the score of `item`, largest first; empty where the
  // model cannot say.
  virtual std::vector<ScoredItem> explain(const UserView& view, std::size_t domain_index,
                                          ItemIndex item, std::int64_t k) const;

  // Whether the domains besides domain() that it learned from are as they were; see
  // check_trained_over(). Most models have none.
  virtual Status check_helping(const Dataset& dataset) const;

  // Adds columns and metadata to an artifact of kind "model"; save_model() (models/storage.h) adds
  // name and domain and commits.
  virtual Status save(ArtifactWriter& writer) const = 0;

 private:
  TrainedOver trained_over_;
  Json training_;
};

// A batch answered one user after another on all threads; `worker` tells threads apart, for scratch
// space. Errors: stopped.
using AnswerUser = std::function<std::vector<ScoredItem>(const UserView& view, int worker)>;
Result<Candidates> answer_each(std::span<const UserView> views, std::string_view source,
                               Context& context, const AnswerUser& answer);

// The answer to a history of this item alone; empty for an item that the model does not have. What
// models without a notion of likeness call similar.
std::vector<ScoredItem> answer_to_item_alone(const Model& model, ItemIndex item, std::int64_t k);

// Whether the model's indices mean the same users and items in `dataset`. Every door where a model
// meets data asks this. Errors (data invalid): the dataset lacks the model's domain; it has other
// users or items in the places that the model knows, or fewer.
Status check_trained_over(const Model& model, const Dataset& dataset);

}  // namespace crossfade
