// Opens the parts once, then trains and judges as often as asked.
#include "crossfade/pipeline/validation.h"

#include <algorithm>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/data/join_rows.h"
#include "crossfade/evaluation/metric_list.h"
#include "crossfade/models/neural_program/train_with_neural_program.h"

namespace crossfade {
namespace {

constexpr std::size_t kUsersAtOnce = 65536;

// "ndcg@10" -> ndcg at 10.
Status parse_metric(const std::string& text, EvalOptions& options) {
  const std::size_t at = text.find('@');
  const auto k = at == std::string::npos ? std::nullopt : parse_int(text.substr(at + 1));
  if (!k || *k < 1)
    return usage_error("a metric is written with its length of list, as in ndcg@10; '" + text +
                       "' is not");
  options.ks = {*k};
  options.metrics = {text.substr(0, at)};
  return find_metrics(options.metrics).status();
}

}  // namespace

Result<Validation> Validation::open(const ValidationRequest& request, Context& context) {
  Validation validation(request);
  CROSSFADE_ASSIGN_OR_RETURN(validation.trainer_, find_trainer(request.model));
  CROSSFADE_RETURN_IF_ERROR(parse_metric(request.metric, validation.options_));
  validation.options_.bootstrap.seed = request.seed;
  CROSSFADE_RETURN_IF_ERROR(validation.open_parts(context));
  return validation;
}

Status Validation::open_parts(Context& context) {
  const std::string train = request_.folder + "/train", held_out = request_.folder + "/validation";
  for (const std::string& part : {train, held_out})
    if (!path_exists(part))
      return usage_error(
          "there is no " + part +
          ": tune learns from the train part of a split and chooses by its validation part "
          "(the test is for judging the choice); make one with `crossfade split STORE --by "
          "time:0.9 --out " +
          request_.folder + "`, without --no-validation");
  CROSSFADE_ASSIGN_OR_RETURN(train_, open_store(train));
  CROSSFADE_ASSIGN_OR_RETURN(held_out_, open_store(held_out));
  const std::string fold_in = request_.folder + "/validation_fold_in";
  if (path_exists(fold_in)) {
    CROSSFADE_ASSIGN_OR_RETURN(fold_in_, open_store(fold_in));
  }
  CROSSFADE_ASSIGN_OR_RETURN(domain_, train_.dataset.find_domain(request_.domain));
  CROSSFADE_ASSIGN_OR_RETURN(with_, find_helping(request_.with, train_.dataset));
  const Domain& domain = train_.dataset.domains()[domain_];
  const auto fits = [&](const Dataset& part) {
    return part.domains().size() > domain_ && part.domains()[domain_].name == domain.name &&
           part.domains()[domain_].items.size() == domain.items.size();
  };
  const Dataset& asked = histories().dataset;
  if (!fits(held_out_.dataset) || !fits(asked) ||
      asked.num_users() != held_out_.dataset.num_users())
    return data_invalid(histories().path + " and " + held_out +
                        " have other users or items; they are not of one split");
  counts_ = count_train(domain, context.threads);
  truth_ = make_truth(held_out_.dataset.domains()[domain_], context.threads);
  if (request_.new_only) truth_ = without_seen(truth_, asked.domains()[domain_]);
  if (truth_.num_users() == 0)
    return data_invalid(held_out + " has nothing to judge by in the domain " + domain.name);
  return ok_status();
}

std::string Validation::fingerprint() const {
  return train_.fingerprint + "+" + held_out_.fingerprint +
         (fold_in_ ? "+" + fold_in_->fingerprint : std::string());
}

ItemIds Validation::item_ids() const {
  std::vector<std::size_t> helping;
  for (const LearnWith& other : with_) helping.push_back(other.domain_index);
  return item_ids_of(train_.dataset, domain_, helping);
}

Result<RankedLists> Validation::recommend(const Model& model, const Truth& truth,
                                          Context& context) const {
  RecommendOptions options;
  options.k = options_.ks[0];
  options.keep_seen = request_.keep_seen;
  options.stored_users = !fold_in_;
  RankedLists lists;
  const std::span<const UserIndex> users(truth.users);
  for (std::size_t begin = 0; begin < users.size(); begin += kUsersAtOnce) {
    const auto some = users.subspan(begin, std::min(kUsersAtOnce, users.size() - begin));
    const DatasetUsers views(histories().dataset, some);
    CROSSFADE_ASSIGN_OR_RETURN(const Candidates part,
                               model.recommend_batch(views.views(), domain_, options, context));
    for (std::int64_t l = 0; l < part.num_lists(); ++l) {
      const auto items = part.list(l);
      lists.users.push_back(part.users[static_cast<std::size_t>(l)]);
      lists.items.insert(lists.items.end(), items.begin(), items.end());
      lists.offsets.push_back(static_cast<std::int64_t>(lists.items.size()));
    }
  }
  return lists;
}

Result<std::unique_ptr<Model>> Validation::train(const std::vector<std::string>& settings,
                                                 Context& context) const {
  TrainInput input{train_.dataset, domain_, settings, request_.seed, with_};
  input.store = train_.path;
  input.elsewhere = &train_with_neural_program;
  return trainer_.train(input, context);
}

Result<EvalReport> Validation::judge(const Model& model, double share, Context& context) const {
  const Truth sample = share < 1 ? sample_users(truth_, share, request_.seed) : Truth();
  const Truth& truth = share < 1 ? sample : truth_;
  CROSSFADE_ASSIGN_OR_RETURN(const RankedLists lists, recommend(model, truth, context));
  const Dataset& asked = histories().dataset;
  const Vocabulary& items = asked.domains()[domain_].items;
  const EvalInput judged{lists.view(),   truth, asked.num_users(), items.size(), &counts_,
                         &asked.users(), &items};
  return evaluate(judged, options_, context);
}

Result<std::unique_ptr<Model>> Validation::refit(const std::vector<std::string>& settings,
                                                 Context& context) const {
  CROSSFADE_ASSIGN_OR_RETURN(const Dataset both,
                             join_rows(train_.dataset, held_out_.dataset, context));
  TrainInput input{both, domain_, settings, request_.seed, with_};
  input.elsewhere = &train_with_neural_program;
  return trainer_.train(input, context);
}

}  // namespace crossfade
