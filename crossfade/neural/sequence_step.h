// One step of training on a batch of windows: forward, loss and backward on all threads.
//
// The batch is cut into parts, small enough that a part's activations stay in the cache, and of a
// small batch as many as there are lanes, if they are worth it. Each part is computed by one thread
// alone. Parts are dealt to a fixed number of lanes, each of which sums its gradients in order;
// lanes are then summed in order. So the result does not depend on how many threads there are. On
// an accelerator the batch is one part.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "crossfade/base/thread_pool.h"
#include "crossfade/models/sequence/sequence_training_config.h"
#include "crossfade/neural/execution.h"
#include "crossfade/neural/item_embedding.h"
#include "crossfade/neural/loss.h"
#include "crossfade/neural/packed.h"
#include "crossfade/neural/parameters.h"

namespace crossfade {

// The two tables that a network meets items by: at its entry, and where rows are compared. They are
// the same unless items are normalised.
struct ItemTables {
  at::Tensor entry, compared, bias;  // compared: without tokens; bias undefined: none
};
ItemTables make_item_tables(const SequenceConfig& network, const ItemEmbedding& embedding,
                            const Parameters& weights, std::int64_t num_items);
// Rows as they are compared with ItemTables::compared.
at::Tensor ready_rows(const SequenceConfig& network, const at::Tensor& rows);

class SequenceStep {
 public:
  static constexpr std::int64_t kLanes = 8;

  // An accelerator takes a batch as one part.
  SequenceStep(const SequenceTraining& config, const ItemEmbedding& embedding, const Loss& loss,
               std::int64_t num_items, Execution execution = {});

  struct Batch {
    std::span<const ItemIndex> items;  // TrainingSequences::items
    std::span<const Window> windows;
    std::uint64_t seed = 0;  // of masks, dropout and sampling
  };
  struct Outcome {
    double loss = 0;  // the sum over rows
    std::int64_t rows = 0;
  };
  // `gradient` holds zeros before and the gradient of the mean loss afterwards.
  Outcome run(const Batch& batch, const Parameters& weights, Parameters& gradient,
              ThreadPool& threads);

 private:
  struct Lane {
    Parameters network;  // sums of gradients
    at::Tensor entry, compared, bias;
    double loss = 0;
  };

  void prepare(const Parameters& weights, const ItemTables& tables);
  // Into how many parts a batch of so many rows is cut.
  std::int64_t num_parts(std::int64_t rows) const;
  std::vector<Packed> pack_parts(const Batch& batch, ThreadPool& threads) const;
  void learn(const Packed& packed, const Parameters& weights, const ItemTables& tables,
             double scale, std::uint64_t seed, Lane& lane) const;
  void sum_lanes(std::int64_t lanes, const Parameters& weights, const ItemTables& tables,
                 Parameters& gradient, ThreadPool& threads);

  const SequenceTraining& config_;
  const ItemEmbedding& embedding_;
  const Loss& loss_;
  std::int64_t num_items_;
  Execution execution_;
  std::vector<Lane> lanes_;
};

}  // namespace crossfade
