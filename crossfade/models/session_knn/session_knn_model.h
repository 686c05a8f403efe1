// SessionKnnModel: what the sessions most like the running one went on with.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/models/model.h"
#include "crossfade/models/session_knn/session_knn_config.h"
#include "crossfade/models/session_knn/sessions.h"

namespace crossfade {

// Answers whoever's running session shares an item with one that is kept, known or not.
class SessionKnnModel final : public Model {
 public:
  // Errors (data invalid): Sessions::check(), a session longer than the knob.
  static Result<std::unique_ptr<Model>> make(const SessionKnnConfig& config, std::string domain,
                                             Sessions sessions);

  std::string_view name() const override { return "session_knn"; }
  const std::string& domain() const override { return domain_; }
  std::int64_t num_items() const override { return sessions_.num_items(); }
  const Sessions& sessions() const { return sessions_; }

  // O(last * recent + neighbours * length), the knobs.
  std::vector<ScoredItem> recommend(const UserView& view, std::size_t domain_index,
                                    const RecommendOptions& options) const override;
  Result<Candidates> recommend_batch(std::span<const UserView> views, std::size_t domain_index,
                                     const RecommendOptions& options,
                                     Context& context) const override;
  // What a session of this item alone is answered.
  std::vector<ScoredItem> similar(ItemIndex item, std::int64_t k) const override;
  // Every vote for the item, shared out among the items by which its session is alike.
  std::vector<ScoredItem> explain(const UserView& view, std::size_t domain_index, ItemIndex item,
                                  std::int64_t k) const override;
  Status save(ArtifactWriter& writer) const override;

 private:
  // What is played now: distinct items, the newest first, with what each counts.
  struct Running {
    std::vector<ScoredItem> items;
    std::int64_t now_ns = 0;

    float weight(ItemIndex item) const;
  };
  // A session that votes: how alike it is, and its place of the newest item that both have.
  struct Neighbour {
    SessionIndex session;
    float likeness;
    std::size_t met_at;
  };
  // Where sums are made: of sessions' likeness and of items' votes.
  template <class Sums>
  struct Scratch {
    Sums likeness, votes;
  };

  SessionKnnModel(const SessionKnnConfig& config, std::string domain, Sessions sessions);
  Running running_session(const History& history) const;
  template <class Sums>
  std::vector<Neighbour> neighbours_of(const Running& running, Sums& likeness) const;
  float closeness(SessionIndex session, float shared, std::int64_t now_ns) const;
  // What the session's place n counts beside the one where it was met.
  float share_of(std::size_t n, std::size_t met_at) const;
  template <class Sums>
  std::vector<ScoredItem> answer(const History& history, const RecommendOptions& options,
                                 Scratch<Sums>& scratch) const;

  SessionKnnConfig config_;
  std::string domain_;
  Sessions sessions_;
  std::vector<float> rarity_;  // by item, what its votes are multiplied by
  std::vector<float> shares_;  // by distance
};

}  // namespace crossfade
