// One pass over the histories counts the users of every genre; see item_scores.h.
#include "crossfade/features/item_scores.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "crossfade/data/item_counts.h"

namespace crossfade {
namespace {

constexpr std::int64_t kUserGrain = 4096;
constexpr float kNotKnown = std::numeric_limits<float>::quiet_NaN();

// The attribute's labels by item, each once per item; nullptr if it is not attached.
const LabelAttribute* labels_of(const Domain& domain, const std::string& name) {
  const ItemAttribute* attribute = domain.about.find(name);
  return attribute ? std::get_if<LabelAttribute>(&attribute->values) : nullptr;
}

std::vector<std::int64_t> distinct_labels(const LabelAttribute& labels, std::size_t item) {
  const auto begin = labels.codes.begin() + labels.offsets[item];
  std::vector<std::int64_t> codes(begin, labels.codes.begin() + labels.offsets[item + 1]);
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

struct GenreUsers {
  std::vector<std::int64_t> users_of_genre;
  std::int64_t users = 0;  // with at least one event
};

GenreUsers count_genres(const Domain& domain, const LabelAttribute& genres, Context& context) {
  const auto num_genres = static_cast<std::size_t>(genres.labels.size());
  const std::int64_t num_users = std::ssize(domain.offsets) - 1;
  return context.threads.map_reduce(
      num_users, kUserGrain, GenreUsers{std::vector<std::int64_t>(num_genres), 0},
      [&](std::int64_t begin, std::int64_t end) {
        GenreUsers some{std::vector<std::int64_t>(num_genres), 0};
        std::vector<std::int64_t> stamp(num_genres, -1);  // who was counted last
        for (std::int64_t user = begin; user < end; ++user) {
          const History history = domain.history(static_cast<UserIndex>(user));
          some.users += !history.empty();
          for (const ItemIndex item : history.items) {
            const auto i = static_cast<std::size_t>(item);
            for (std::int64_t at = genres.offsets[i]; at < genres.offsets[i + 1]; ++at) {
              const auto genre =
                  static_cast<std::size_t>(genres.codes[static_cast<std::size_t>(at)]);
              some.users_of_genre[genre] += std::exchange(stamp[genre], user) != user;
            }
          }
        }
        return some;
      },
      [](GenreUsers& all, const GenreUsers& some) {
        all.users += some.users;
        for (std::size_t g = 0; g < some.users_of_genre.size(); ++g)
          all.users_of_genre[g] += some.users_of_genre[g];
      });
}

}  // namespace

std::vector<double> between_least_and_most(const std::vector<std::int64_t>& counts) {
  std::vector<double> result(counts.size(), 0);
  if (counts.empty()) return result;
  const auto [low, high] = std::minmax_element(counts.begin(), counts.end());
  if (*low == *high) return result;
  for (std::size_t i = 0; i < counts.size(); ++i)
    result[i] = static_cast<double>(counts[i] - *low) / static_cast<double>(*high - *low);
  return result;
}

double mean_label_score(std::span<const std::int64_t> labels,
                        const std::vector<std::int64_t>& users_of_label, std::int64_t users) {
  if (labels.empty() || users == 0) return 0;
  double sum = 0;
  for (const std::int64_t label : labels)
    sum += static_cast<double>(users_of_label[static_cast<std::size_t>(label)]);
  return sum / static_cast<double>(users) / static_cast<double>(labels.size());
}

Result<ItemScores> ItemScores::of(const Domain& domain, Context& context) {
  ItemScores scores;
  const auto num_items = static_cast<std::size_t>(domain.items.size());
  const std::vector<double> norms =
      between_least_and_most(count_plays(domain, context.threads).users);
  scores.scores_[0].assign(norms.begin(), norms.end());
  scores.scores_[1].assign(num_items, kNotKnown);
  scores.scores_[2].assign(num_items, kNotKnown);
  if (const LabelAttribute* albums = labels_of(domain, "albums"))
    for (std::size_t i = 0; i < num_items; ++i)
      scores.scores_[1][i] = static_cast<float>(distinct_labels(*albums, i).size());
  if (const LabelAttribute* genres = labels_of(domain, "genres")) {
    const GenreUsers counted = count_genres(domain, *genres, context);
    for (std::size_t i = 0; i < num_items; ++i)
      scores.scores_[2][i] = static_cast<float>(
          mean_label_score(distinct_labels(*genres, i), counted.users_of_genre, counted.users));
  }
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return scores;
}

void ItemScores::fill(const FeatureQuestion& question,
                      std::span<const std::span<float>> columns) const {
  for (std::size_t c = 0; c < columns.size(); ++c)
    for (std::size_t row = 0; row < question.items.size(); ++row) {
      const auto item = static_cast<std::size_t>(question.items[row]);
      columns[c][row] =
          question.items[row] >= 0 && item < scores_[c].size() ? scores_[c][item] : kNotKnown;
    }
}

}  // namespace crossfade
