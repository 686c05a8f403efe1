// What a generator gets for nothing: a batch is one user after another, and no notion of likeness.
#include "crossfade/models/model.h"

#include <utility>

#include "crossfade/base/text.h"

namespace crossfade {

Result<Candidates> answer_each(std::span<const UserView> views, std::string_view source,
                               Context& context, const AnswerUser& answer) {
  constexpr std::int64_t kUsers = 64;
  std::vector<std::vector<ScoredItem>> lists(views.size());
  context.threads.parallel_for(static_cast<std::int64_t>(views.size()), kUsers,
                               [&](std::int64_t begin, std::int64_t end, int worker) {
                                 if (context.stop.load()) return;
                                 for (auto l = static_cast<std::size_t>(begin);
                                      l < static_cast<std::size_t>(end); ++l)
                                   lists[l] = answer(views[l], worker);
                                 context.progress.advance(end - begin);
                               });
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  Candidates result;
  result.source_names = {std::string(source)};
  for (std::size_t l = 0; l < views.size(); ++l) {
    result.users.push_back(views[l].user);
    for (const ScoredItem& scored : lists[l]) {
      result.items.push_back(scored.item);
      result.scores.push_back(scored.score);
    }
    result.offsets.push_back(static_cast<std::int64_t>(result.items.size()));
  }
  result.sources.assign(result.items.size(), 0);
  return result;
}

Result<Candidates> Model::recommend_batch(std::span<const UserView> views, std::size_t domain_index,
                                          const RecommendOptions& options, Context& context) const {
  return answer_each(views, name(), context, [&](const UserView& view, int) {
    return recommend(view, domain_index, options);
  });
}

std::vector<ScoredItem> answer_to_item_alone(const Model& model, ItemIndex item, std::int64_t k) {
  if (item < 0 || item >= model.num_items()) return {};
  const float weight = 1;
  const History history{{&item, 1}, {&weight, 1}, {}, {}, {}};
  return model.recommend({kUnknown, {&history, 1}}, 0, {k});
}

Status check_trained_over(const Model& model, const Dataset& dataset) {
  const std::string title = "the model " + std::string(model.name());
  std::vector<std::string> names;
  for (std::size_t d = 0; d < dataset.domains().size(); ++d) {
    names.push_back(dataset.domains()[d].name);
    if (names.back() != model.domain()) continue;
    const std::string misfit = model.trained_over().misfit(dataset, d);
    if (misfit.empty()) return model.check_helping(dataset);
    return data_invalid(title + " does not fit the data, which " + misfit + " (domain '" +
                        names.back() +
                        "'); give the store that it was trained on, or one that has grown from "
                        "it, or train it again");
  }
  return data_invalid(title + " recommends items of the domain '" + model.domain() +
                      "', which the data does not have (it has " + join(names, ", ") + ")");
}

Status Model::check_helping(const Dataset&) const {
  return ok_status();
}

std::vector<ScoredItem> Model::similar(ItemIndex, std::int64_t) const {
  return {};
}

Result<std::vector<std::vector<ScoredItem>>> Model::similar_batch(std::span<const ItemIndex> items,
                                                                  std::int64_t k,
                                                                  Context& context) const {
  std::vector<std::vector<ScoredItem>> lists(items.size());
  context.threads.parallel_for(
      std::ssize(items), 64, [&](std::int64_t begin, std::int64_t end, int) {
        for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
          if (context.stop.load()) return;
          const std::vector<ScoredItem> list = similar(items[i], k);
          lists[i].assign(list.begin(), list.end());  // without the room it was found in
        }
        context.progress.advance(end - begin);
      });
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return lists;
}

std::vector<ScoredItem> Model::explain(const UserView&, std::size_t, ItemIndex,
                                       std::int64_t) const {
  return {};
}

}  // namespace crossfade
