// Merging by sums, and merging in turn; see blend.h.
#include "crossfade/models/blend/blend.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_set>
#include <utility>

namespace crossfade {
namespace {

// What one list adds to an item.
struct Term {
  ItemIndex item;
  std::uint16_t list;
  double value;
};

double reciprocal(double constant, std::size_t place) {
  return 1 / (constant + static_cast<double>(place) + 1);
}

// A list's scores from 0 to 1.
class UnitScores {
 public:
  explicit UnitScores(const RankedList& list) : list_(list) {
    if (list.scores.empty()) return;
    const auto [least, most] = std::minmax_element(list.scores.begin(), list.scores.end());
    least_ = *least;
    range_ = static_cast<double>(*most) - least_;
  }
  double operator[](std::size_t place) const {
    if (list_.scores.empty()) return reciprocal(0, place);
    return range_ > 0 ? (list_.scores[place] - least_) / range_ : 1;
  }

 private:
  const RankedList& list_;
  double least_ = 0, range_ = 0;
};

// Items in the order of their sums, the best k; terms are added up in the order of the lists.
std::vector<BlendedItem> best_sums(std::vector<Term> terms, std::int64_t k) {
  std::stable_sort(terms.begin(), terms.end(),
                   [](const Term& a, const Term& b) { return a.item < b.item; });
  std::vector<BlendedItem> sums;
  for (std::size_t at = 0; at < terms.size();) {
    const Term* largest = &terms[at];
    const ItemIndex item = largest->item;
    double sum = 0;
    for (; at < terms.size() && terms[at].item == item; ++at) {
      sum += terms[at].value;
      if (terms[at].value > largest->value) largest = &terms[at];
    }
    sums.push_back({item, static_cast<float>(sum), largest->list});
  }
  const auto kept = std::min(sums.size(), static_cast<std::size_t>(k));
  std::partial_sort(sums.begin(), sums.begin() + static_cast<std::ptrdiff_t>(kept), sums.end(),
                    [](const BlendedItem& a, const BlendedItem& b) {
                      return a.score != b.score ? a.score > b.score : a.item < b.item;
                    });
  sums.resize(kept);
  return sums;
}

// Takes items from the heads of lists, each item once, until there are k.
class Taker {
 public:
  Taker(std::span<const RankedList> lists, std::int64_t k)
      : lists_(lists), next_(lists.size()), places_(static_cast<std::size_t>(k)) {}

  bool full() const { return taken_.size() >= places_; }
  // The list's next item that is not there yet; false if it has none.
  bool take(std::size_t list) {
    const auto items = lists_[list].items;
    for (std::size_t& next = next_[list]; next < items.size();) {
      const ItemIndex item = items[next++];
      if (!known_.insert(item).second) continue;
      const float score = 1 / static_cast<float>(taken_.size() + 1);
      taken_.push_back({item, score, static_cast<std::uint16_t>(list)});
      return true;
    }
    return false;
  }
  std::vector<BlendedItem> taken() && { return std::move(taken_); }

 private:
  std::span<const RankedList> lists_;
  std::vector<std::size_t> next_;
  std::size_t places_;
  std::unordered_set<ItemIndex> known_;
  std::vector<BlendedItem> taken_;
};

// k places by weights: whole numbers first, then the largest remainders, the first of equal ones.
std::vector<std::int64_t> places_by_weight(const std::vector<double>& weights, std::int64_t k) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<std::int64_t> places;
  std::vector<std::pair<double, std::size_t>> remainders;  // negative: the largest come first
  std::int64_t left = k;
  for (std::size_t l = 0; l < weights.size(); ++l) {
    const double share = static_cast<double>(k) * weights[l] / sum;
    places.push_back(std::min(left, static_cast<std::int64_t>(std::floor(share))));
    left -= places.back();
    remainders.emplace_back(std::floor(share) - share, l);
  }
  std::sort(remainders.begin(), remainders.end());
  for (const auto& [remainder, list] : remainders)
    if (left > 0) {
      ++places[list];
      --left;
    }
  return places;
}

std::vector<BlendedItem> by_quota(std::span<const RankedList> lists,
                                  const std::vector<double>& weights, std::int64_t k) {
  Taker taker(lists, k);
  const std::vector<std::int64_t> places = places_by_weight(weights, k);
  for (std::size_t l = 0; l < lists.size(); ++l)
    for (std::int64_t place = 0; place < places[l] && taker.take(l); ++place) continue;
  for (std::size_t l = 0; l < lists.size(); ++l)
    while (weights[l] > 0 && !taker.full() && taker.take(l)) continue;
  return std::move(taker).taken();
}

std::vector<BlendedItem> interleave(std::span<const RankedList> lists,
                                    const std::vector<double>& weights, std::int64_t k) {
  Taker taker(lists, k);
  std::vector<double> owed(lists.size()), shares = weights;
  while (!taker.full()) {
    double turn = 0;
    std::size_t chosen = lists.size();
    for (std::size_t l = 0; l < lists.size(); ++l) {
      if (shares[l] == 0) continue;
      turn += shares[l];
      owed[l] += shares[l];
      if (chosen == lists.size() || owed[l] > owed[chosen]) chosen = l;
    }
    if (chosen == lists.size()) break;
    owed[chosen] -= turn;
    if (!taker.take(chosen)) shares[chosen] = 0;
  }
  return std::move(taker).taken();
}

// One list alone: nothing to merge, so its scores stay.
std::vector<BlendedItem> as_it_is(const RankedList& list, std::int64_t k) {
  std::vector<BlendedItem> items;
  for (std::size_t i = 0; i < list.items.size() && std::ssize(items) < k; ++i)
    items.push_back({list.items[i],
                     list.scores.empty() ? static_cast<float>(reciprocal(0, i)) : list.scores[i],
                     0});
  return items;
}

}  // namespace

Result<Blend> Blend::make(const BlendConfig& config, std::vector<double> weights) {
  if (weights.empty() || weights.size() > 65'535)
    return usage_error("a blend is made of 1 to 65,535 lists, not of " +
                       std::to_string(weights.size()));
  for (const double weight : weights)
    if (!(weight >= 0) || !std::isfinite(weight))
      return usage_error("the weight of a list in a blend is a number from 0 on; " +
                         std::to_string(weight) + " is not");
  if (std::all_of(weights.begin(), weights.end(), [](double weight) { return weight == 0; }))
    return usage_error("all lists of the blend weigh 0; give one of them more");
  return Blend(config, std::move(weights));
}

std::vector<BlendedItem> Blend::merge(std::span<const RankedList> lists, std::int64_t k) const {
  if (k < 1) return {};
  if (weights_.size() == 1) return as_it_is(lists[0], k);
  if (config_.by == "quota") return by_quota(lists, weights_, k);
  if (config_.by == "interleave") return interleave(lists, weights_, k);
  std::vector<Term> terms;
  for (std::size_t l = 0; l < lists.size(); ++l) {
    if (weights_[l] == 0) continue;
    const UnitScores scores(lists[l]);
    for (std::size_t place = 0; place < lists[l].items.size(); ++place)
      terms.push_back(
          {lists[l].items[place], static_cast<std::uint16_t>(l),
           weights_[l] * (config_.by == "scores" ? scores[place]
                                                 : reciprocal(config_.rank_constant, place))});
  }
  return best_sums(std::move(terms), k);
}

void Blend::fill(std::vector<BlendedItem>& blended, const RankedList& fallback, std::uint16_t list,
                 std::int64_t k) const {
  const float last = blended.empty() ? 0 : std::min(0.0F, blended.back().score);
  std::unordered_set<ItemIndex> known;
  for (const BlendedItem& there : blended) known.insert(there.item);
  for (const ItemIndex item : fallback.items) {
    if (std::ssize(blended) >= k) break;
    if (!known.insert(item).second) continue;
    blended.push_back({item, by_score() ? last : 1 / static_cast<float>(blended.size() + 1), list});
  }
}

}  // namespace crossfade
