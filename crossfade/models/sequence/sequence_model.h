// SequenceModel: SASRec or BERT4Rec, trained elsewhere, as a generator: the network reads the
// newest items of a history, oldest first, and scores all items by one vector.
//
// It keeps what it has read for the users asked about last (SequenceStates), within 64 MiB, so that
// an event costs one step in the next answer. That changes no byte of any answer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/models/model.h"
#include "crossfade/models/sequence/sequence_engine.h"
#include "crossfade/models/sequence/sequence_states.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

// Answers whoever has met an item of positive weight that training knew, known or not; the item
// last met speaks loudest. Items whose numbers are all zero training did not know: they are neither
// looked at nor recommended. stored_users changes nothing: all is in the history.
class SequenceModel final : public Model {
 public:
  // `generator` is "sasrec" or "bert4rec". Errors (data invalid): check_weights(); an item
  // embedding that retrieval refuses. Errors (usage): SequenceConfig::check().
  static Result<std::unique_ptr<Model>> make(const std::string& generator, std::string domain,
                                             const SequenceConfig& config, SequenceWeights weights);

  std::string_view name() const override { return generator_; }
  const std::string& domain() const override { return domain_; }
  std::int64_t num_items() const override { return engine_.num_items(); }
  const SequenceEngine& engine() const { return engine_; }

  std::vector<ScoredItem> recommend(const UserView& view, std::size_t domain_index,
                                    const RecommendOptions& options) const override;
  Result<Candidates> recommend_batch(std::span<const UserView> views, std::size_t domain_index,
                                     const RecommendOptions& options,
                                     Context& context) const override;
  // By cosine of the item embeddings. O(items * dimensions).
  std::vector<ScoredItem> similar(ItemIndex item, std::int64_t k) const override;
  // What the score loses if the window had never held an item of it: one reading for each. What is
  // familiar loses that, too.
  std::vector<ScoredItem> explain(const UserView& view, std::size_t domain_index, ItemIndex item,
                                  std::int64_t k) const override;
  Status save(ArtifactWriter& writer) const override;

  // The items of the window, oldest first: the newest of positive weight that the model knows;
  // where it reads sessions, of the session of the newest such item.
  std::vector<ItemIndex> window_of(const History& history) const;

 private:
  SequenceModel(std::string generator, std::string domain, const SequenceConfig& config,
                SequenceWeights weights);
  // The same without a copy, or in memory that is used again.
  std::span<const ItemIndex> window_of(const History& history, std::vector<ItemIndex>& room) const;
  // What was met before the running session, by index; empty where that raises nothing.
  std::vector<ItemIndex> familiar(const History& history) const;
  // A list of the best with such items raised, which may bring some that were not in it.
  void raise_familiar(const History& history, std::span<const float> query,
                      const RecommendOptions& options, std::vector<ScoredItem>& list) const;
  // The first row of `history` that is read: those before it are of earlier sessions.
  std::size_t first_read(const History& history) const;
  // Whether a row is of positive weight and of an item that training knew.
  bool counts(const History& history, std::size_t row) const;
  // What the index is asked: the vector after the window, as the knobs say. In `room` where it is
  // not the engine's answer itself.
  std::span<const float> query(const SequenceState& state, std::vector<float>& room) const;
  // The same for a window that is read anew; empty for an empty one.
  std::vector<float> query(std::span<const ItemIndex> window) const;
  // Whether training knew it; of an item of the domain.
  bool knows(ItemIndex item) const {
    return unknown_.empty() || unknown_[static_cast<std::size_t>(item)] == 0;
  }
  // `options` with the items hidden that training did not know; `room` holds the list if need be.
  RecommendOptions of_known(const RecommendOptions& options, std::vector<std::uint8_t>& room) const;

  std::string generator_, domain_;
  SequenceEngine engine_;
  std::unique_ptr<TopKIndex> index_;
  std::unique_ptr<SequenceStates> states_;
  std::vector<std::uint8_t> unknown_;  // 1: training did not know the item; empty: it knew all
};

// What a generator is before a knob is set. `generator` is "sasrec" or "bert4rec".
SequenceConfig sequence_config(const std::string& generator);

}  // namespace crossfade
