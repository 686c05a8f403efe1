// Joins lists and truth user by user for what evaluate() does not know; see practicum_quality.h.
#include "crossfade/pipeline/practicum_quality.h"

#include <algorithm>
#include <cmath>

#include "crossfade/evaluation/evaluate.h"

namespace crossfade {
namespace {

constexpr std::int64_t kPlaces = 5;

double mean_or_nothing(double sum, std::int64_t count) {
  return count == 0 ? kNotANumber : sum / static_cast<double>(count);
}

// Sums over users, each of whom is added once.
class Sums {
 public:
  Sums(const Candidates& lists, const Domain& train) : lists_(lists), train_(train) {}

  void add(UserIndex user, std::int64_t list, std::span<const ItemIndex> relevant, double ndcg) {
    pairs_ += std::ssize(relevant);
    std::int64_t met = 0;
    const auto items = list < 0 ? std::span<const ItemIndex>() : lists_.list(list);
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!std::binary_search(relevant.begin(), relevant.end(), items[i])) continue;
      const double error = 1 - static_cast<double>(lists_.list_scores(list)[i]);
      squares_ += error * error;
      absolute_ += std::abs(error);
      ++met;
    }
    add_novelty(user, items.first(std::min(items.size(), static_cast<std::size_t>(kPlaces))));
    met_ += met;
    ++users_;
    if (met == 0) return;
    ++users_met_;
    ndcg_of_met_ += ndcg;
    user_coverage_ += static_cast<double>(met) / static_cast<double>(relevant.size());
  }

  void finish(PracticumQuality& quality) const {
    quality.users = users_;
    quality.pairs = pairs_;
    quality.met = met_;
    quality.rmse = std::sqrt(mean_or_nothing(squares_, met_));
    quality.mae = mean_or_nothing(absolute_, met_);
    quality.ndcg_of_met = mean_or_nothing(ndcg_of_met_, users_met_);
    quality.user_coverage = mean_or_nothing(user_coverage_, users_met_);
    quality.without_hit = mean_or_nothing(static_cast<double>(users_ - users_met_), users_);
    quality.novelty = mean_or_nothing(novelty_, users_listed_);
  }

 private:
  void add_novelty(UserIndex user, std::span<const ItemIndex> shown) {
    if (shown.empty()) return;
    const auto heard = train_.history(user).items;
    std::int64_t unheard = 0;
    for (const ItemIndex item : shown)
      unheard += std::find(heard.begin(), heard.end(), item) == heard.end();
    novelty_ += static_cast<double>(unheard) / static_cast<double>(shown.size());
    ++users_listed_;
  }

  const Candidates& lists_;
  const Domain& train_;
  std::int64_t users_ = 0, users_met_ = 0, users_listed_ = 0, pairs_ = 0, met_ = 0;
  double squares_ = 0, absolute_ = 0, ndcg_of_met_ = 0, user_coverage_ = 0, novelty_ = 0;
};

std::string at_five(const char* metric) {
  return std::string(metric) + "@" + std::to_string(kPlaces);
}

}  // namespace

Result<PracticumQuality> judge_practicum(const Candidates& lists, const Truth& truth,
                                         const Domain& train, Context& context) {
  PracticumQuality quality;
  if (truth.num_users() == 0) return quality;
  ItemIndex num_items = train.items.size();
  for (const ItemIndex item : truth.items) num_items = std::max(num_items, item + 1);
  UserIndex num_users = truth.users.back() + 1;
  std::int64_t longest = 1;
  for (std::int64_t l = 0; l < lists.num_lists(); ++l) {
    num_users = std::max(num_users, lists.users[static_cast<std::size_t>(l)] + 1);
    longest = std::max<std::int64_t>(longest, std::ssize(lists.list(l)));
  }
  const TrainCounts counts = count_train(train, context.threads);
  EvalOptions options;
  options.ks = {kPlaces};
  if (longest != kPlaces) options.ks.push_back(longest);
  options.metrics = {"ndcg", "precision", "recall", "coverage"};
  CROSSFADE_ASSIGN_OR_RETURN(
      const EvalReport report,
      evaluate({view_of(lists), truth, num_users, num_items, &counts}, options, context));
  const MetricResult& ndcg = *report.find(at_five("ndcg"));
  quality.ndcg = ndcg.mean;
  quality.ndcg_interval = ndcg.interval;
  quality.precision = report.find(at_five("precision"))->mean;
  quality.recall = report.find(at_five("recall"))->mean;
  quality.coverage = report.find("coverage@" + std::to_string(longest))->mean;

  std::vector<std::int64_t> list_of_user(static_cast<std::size_t>(num_users), -1);
  for (std::int64_t l = 0; l < lists.num_lists(); ++l)
    list_of_user[static_cast<std::size_t>(lists.users[static_cast<std::size_t>(l)])] = l;
  Sums sums(lists, train);
  for (std::int64_t i = 0; i < truth.num_users(); ++i) {
    const UserIndex user = truth.users[static_cast<std::size_t>(i)];
    sums.add(user, list_of_user[static_cast<std::size_t>(user)], truth.relevant(i),
             ndcg.per_user[static_cast<std::size_t>(i)]);
  }
  sums.finish(quality);
  return quality;
}

TableBlock quality_table(const std::vector<PracticumQuality>& all) {
  TableBlock table({"list", "users", "number", "rmse", "mae", "ndcg@5, all users",
                    "ndcg@5, users with a hit", "precision@5", "recall@5", "coverage", "novelty@5",
                    "users without a hit", "mean user coverage"},
                   "Quality");
  const auto cell = [](double number, int decimals) {
    return std::isnan(number) ? Cell() : Cell::number(number, decimals);
  };
  for (const PracticumQuality& of : all)
    table.add_row({Cell::text(of.list), Cell::text(of.users_are), Cell::count(of.users),
                   cell(of.rmse, 4), cell(of.mae, 4), cell(of.ndcg, 4), cell(of.ndcg_of_met, 4),
                   cell(of.precision, 4), cell(of.recall, 4), cell(of.coverage, 4),
                   cell(of.novelty, 4), cell(of.without_hit, 4), cell(of.user_coverage, 4)});
  return table;
}

Json to_json(const PracticumQuality& quality) {
  const auto number = [](double value) { return std::isnan(value) ? Json() : Json(value); };
  return Json::object()
      .set("list", quality.list)
      .set("users_are", quality.users_are)
      .set("users", quality.users)
      .set("pairs", quality.pairs)
      .set("pairs_met", quality.met)
      .set("rmse", number(quality.rmse))
      .set("mae", number(quality.mae))
      .set("ndcg@5_all_users", number(quality.ndcg))
      .set("ndcg@5_low", number(quality.ndcg_interval.low))
      .set("ndcg@5_high", number(quality.ndcg_interval.high))
      .set("ndcg@5_users_with_a_hit", number(quality.ndcg_of_met))
      .set("precision@5", number(quality.precision))
      .set("recall@5", number(quality.recall))
      .set("coverage", number(quality.coverage))
      .set("novelty@5", number(quality.novelty))
      .set("users_without_a_hit", number(quality.without_hit))
      .set("mean_user_coverage", number(quality.user_coverage));
}

}  // namespace crossfade
