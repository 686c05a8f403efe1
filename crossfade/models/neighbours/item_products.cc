// Every pair of items summed once: an item goes back along its users' rows, over the items more
// popular than itself, and hands each score to both sides.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "crossfade/base/at.h"
#include "crossfade/models/memory_needed.h"
#include "crossfade/models/neighbours/best_of_row.h"
#include "crossfade/models/neighbours/item_products.h"
#include "crossfade/models/neighbours/places.h"

namespace crossfade {
namespace {

constexpr std::int64_t kItemsPerTask = 16;
constexpr std::int32_t kEnd = -1;

// The rows of users one behind the other, each from its most popular item on, with kEnd before it.
struct Rows {
  std::vector<std::int32_t> places;
  std::vector<float> values;          // beside them; empty if all are 1
  std::vector<std::int64_t> offsets;  // by place, places + 1
  std::vector<std::int64_t> met_at;   // where in `places` each place is met
};

Rows lay_out(const SparseMatrix& users, const Places& order, Context& context) {
  SparseMatrix placed{users.rows, users.columns, users.offsets, {}, users.values};
  std::vector<std::int32_t> indices(users.indices.size());
  for (std::size_t n = 0; n < indices.size(); ++n) indices[n] = order.place[at(users.indices[n])];
  placed.indices = std::move(indices);
  placed = transpose(placed, context);
  Rows rows;
  rows.offsets.assign(placed.offsets.begin(), placed.offsets.end());
  placed = transpose(placed, context);  // rows are sorted now
  const bool ones = std::all_of(placed.values.begin(), placed.values.end(),
                                [](float value) { return value == 1; });
  const std::size_t size = placed.indices.size() + at(placed.rows) + 1;
  rows.places.reserve(size);
  if (!ones) rows.values.reserve(size);
  rows.met_at.resize(placed.indices.size());
  std::vector<std::int64_t> next(rows.offsets.begin(), rows.offsets.end() - 1);
  for (std::size_t user = 0; user + 1 < placed.offsets.size(); ++user) {
    rows.places.push_back(kEnd);
    if (!ones) rows.values.push_back(0);
    for (auto n = at(placed.offsets[user]); n < at(placed.offsets[user + 1]); ++n) {
      const std::int32_t place = placed.indices[n];
      rows.met_at[at(next[at(place)]++)] = std::ssize(rows.places);
      rows.places.push_back(place);
      if (!ones) rows.values.push_back(placed.values[n]);
    }
  }
  return rows;
}

// The best of every item, filled by all threads. What an item keeps at the end does not depend on
// the order in which scores came.
class SharedBest {
 public:
  SharedBest(std::int64_t items, std::int64_t k)
      : best_(at(items), BestOfRow(k)), least_(at(items)), locks_(kLocks) {}

  void offer(std::int32_t to, ItemIndex item, float score) {
    // An old, lower bound lets through what offer() refuses.
    if (!(score > 0) || score < least_[at(to)].load(std::memory_order_relaxed)) return;
    const std::lock_guard lock(locks_[at(to) % kLocks]);
    best_[at(to)].offer(item, score);
    least_[at(to)].store(best_[at(to)].least(), std::memory_order_relaxed);
  }
  std::vector<ScoredItem> take(std::int32_t of) { return best_[at(of)].take(); }

 private:
  static constexpr std::size_t kLocks = 4096;
  std::vector<BestOfRow> best_;
  std::vector<std::atomic<float>> least_;
  std::vector<std::mutex> locks_;
};

class Summer {
 public:
  Summer(const Rows& rows, std::int64_t items)
      : rows_(rows), sums_(at(items)), met_(at(items) + 1) {}

  // body(place, sum) for every more popular place that users of `place` met too.
  template <bool kOnes, class Body>
  void run(std::int64_t place, const Body& body) {
    float* const sums = sums_.data();
    std::int32_t* const met = met_.data();
    std::size_t count = 0;
    for (auto n = at(rows_.offsets[at(place)]); n < at(rows_.offsets[at(place) + 1]); ++n) {
      const std::int64_t here = rows_.met_at[n];
      const std::int32_t* other = rows_.places.data() + here - 1;
      const float* value = kOnes ? nullptr : rows_.values.data() + here - 1;
      const float own = kOnes ? 1 : rows_.values[at(here)];
      for (; *other != kEnd; --other) {
        float& sum = sums[*other];
        met[count] = *other;  // counted only if it is new: no branch to foretell
        count += sum == 0 ? 1U : 0U;
        if constexpr (kOnes) {
          sum += 1;
        } else {
          sum += own * *value--;
        }
      }
    }
    for (std::size_t n = 0; n < count; ++n) body(met[n], std::exchange(sums[met[n]], 0.0F));
  }

 private:
  const Rows& rows_;
  std::vector<float> sums_;        // by place
  std::vector<std::int32_t> met_;  // places whose sum is not 0
};

// One thread's work on one item at a time.
class Worker {
 public:
  Worker(const Rows& rows, const Places& order, const ItemProducts& products, SharedBest& best)
      : summer_(rows, std::ssize(order.item_at)),
        ones_(rows.values.empty()),
        order_(order),
        targets_(products.targets),
        of_columns_(products.of_columns),
        from_item_(swapped(products) ? products.to_item : products.from_item),
        to_item_(swapped(products) ? products.from_item : products.to_item),
        best_(best),
        own_(products.neighbours) {}

  void run(std::int64_t place) {
    places_.clear();
    others_.clear();
    scores_.clear();
    const auto note = [&](std::int32_t other, float sum) {
      places_.push_back(other);
      others_.push_back(order_.item_at[at(other)]);
      scores_.push_back(sum);
    };
    if (ones_)
      summer_.run<true>(place, note);
    else
      summer_.run<false>(place, note);
    const ItemIndex item = order_.item_at[at(place)];
    if (to_item_) back_ = scores_;
    from_item_(item, others_, scores_);
    if (to_item_) to_item_(item, others_, back_);
    const std::vector<float>& back = to_item_ ? back_ : scores_;
    for (std::size_t n = 0; n < others_.size(); ++n) {
      if (kept(item, others_[n])) own_.offer(others_[n], scores_[n]);
      if (kept(others_[n], item)) best_.offer(places_[n], item, back[n]);
    }
    for (const ScoredItem& scored : own_.take())
      best_.offer(static_cast<std::int32_t>(place), scored.item, scored.score);
  }

 private:
  // The best of a column go by what the others are worth to it.
  static bool swapped(const ItemProducts& products) {
    return products.of_columns && products.to_item != nullptr;
  }

  // Whether the list of `of` may hold `item`: in a row it is what is said about, in a column `of`.
  bool kept(ItemIndex of, ItemIndex item) const { return targets_.has(of_columns_ ? of : item); }

  Summer summer_;
  const bool ones_;
  const Places& order_;
  const Targets targets_;
  const bool of_columns_;
  const ScoreSums &from_item_, &to_item_;
  SharedBest& best_;
  BestOfRow own_;
  std::vector<std::int32_t> places_;
  std::vector<ItemIndex> others_;
  std::vector<float> scores_, back_;
};

}  // namespace

std::int64_t most_neighbours(const SparseMatrix& users, std::int64_t neighbours) {
  std::vector<std::int64_t> others(at(users.columns));
  for (std::size_t user = 0; user + 1 < users.offsets.size(); ++user)
    for (auto n = at(users.offsets[user]); n < at(users.offsets[user + 1]); ++n)
      others[at(users.indices[n])] += users.offsets[user + 1] - users.offsets[user] - 1;
  std::int64_t total = 0;
  for (const std::int64_t one : others)
    total += std::min({one, neighbours, std::max<std::int64_t>(users.columns - 1, 0)});
  return total;
}

double products_bytes(const SparseMatrix& users, std::int64_t neighbours,
                      std::int64_t num_threads) {
  const auto pairs = static_cast<double>(users.nonzeros());
  const auto kept = static_cast<double>(most_neighbours(users, neighbours));
  const auto items = static_cast<double>(users.columns);
  return 24 * pairs + 4 * kept * sizeof(ScoredItem) +
         items * (64 + 24 * static_cast<double>(num_threads));
}

Status check_products(const std::string& generator, const SparseMatrix& users,
                      std::int64_t neighbours, Context& context) {
  return check_memory_needed(over_items(generator, users.columns),
                             products_bytes(users, neighbours, context.threads.num_threads()),
                             "keep fewer neighbours, or leave out items that few users met",
                             context);
}

Result<ItemNeighbours> multiply_items(const ItemProducts& products, Context& context) {
  const std::int64_t num_items = products.users.columns;
  context.progress.begin(products.what, num_items, "items");
  const Places order = by_popularity(products.users);
  const Rows rows = lay_out(products.users, order, context);
  SharedBest best(num_items, products.neighbours);
  std::vector<Worker> workers(at(context.threads.num_threads()),
                              Worker(rows, order, products, best));
  context.threads.parallel_for(num_items, kItemsPerTask,
                               [&](std::int64_t begin, std::int64_t end, int worker) {
                                 if (context.stop.load()) return;
                                 for (std::int64_t place = begin; place < end; ++place)
                                   workers[at(worker)].run(place);
                                 context.progress.advance(end - begin);
                               });
  context.progress.end();
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  std::vector<std::vector<ScoredItem>> lists(at(num_items));
  for (std::int64_t item = 0; item < num_items; ++item)
    lists[at(item)] = best.take(order.place[at(item)]);
  return products.of_columns ? ItemNeighbours::of_columns(lists) : ItemNeighbours::of(lists);
}

}  // namespace crossfade
