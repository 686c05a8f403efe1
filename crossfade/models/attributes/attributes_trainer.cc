// Attributes by name, labels numbered one attribute behind the other; see attributes_trainer.h.
#include "crossfade/models/attributes/attributes_trainer.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "crossfade/base/text.h"
#include "crossfade/data/item_counts.h"
#include "crossfade/models/attributes/attributes_model.h"
#include "crossfade/models/row_labels.h"
#include "crossfade/models/scored.h"

namespace crossfade {
namespace {

struct Counted {
  const ItemAttribute* attribute;
  double weight;
};

// What `by` says, or every attribute with labels.
Result<std::vector<Counted>> attributes_of(const std::string& by, const Domain& domain) {
  std::vector<Counted> counted;
  std::vector<std::string> names;
  for (const ItemAttribute& attribute : domain.about.attributes) {
    if (std::holds_alternative<NumberAttribute>(attribute.values)) continue;
    names.push_back(attribute.name);
    if (by.empty() && std::holds_alternative<LabelAttribute>(attribute.values))
      counted.push_back({&attribute, 1});
  }
  if (by.empty()) return counted;
  for (const std::string& text : split(by, ',')) {
    const std::size_t colon = text.rfind(':');
    const std::string name = text.substr(0, colon);
    const auto weight =
        colon == std::string::npos ? 1.0 : parse_double(text.substr(colon + 1)).value_or(-1);
    if (!(weight > 0 && weight <= 1e9))
      return usage_error("attributes: '" + text + "' in by is no attribute to count: it is NAME, " +
                         "or NAME:WEIGHT with a weight above 0");
    if (std::find(names.begin(), names.end(), name) == names.end())
      return unknown_name("attribute of labels of domain " + domain.name, name, names);
    counted.push_back({domain.about.find(name), weight});
  }
  return counted;
}

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  AttributesConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "attributes", input.settings));
  const Domain& domain = input.dataset.domains()[input.domain_index];
  CROSSFADE_ASSIGN_OR_RETURN(ItemLabels found, weigh_labels(config, domain, context));
  return AttributesModel::make(config, domain.name, std::move(found.items),
                               std::move(found.labels));
}

// Both halves, one attribute after another.
class Weigher {
 public:
  Weigher(const AttributesConfig& config, const Domain& domain, ThreadPool& threads)
      : config_(config), items_(at(domain.items.size())) {
    for (const std::int64_t users : count_plays(domain, threads).users)
      liked_.push_back(std::pow(1 + static_cast<double>(users), config.popularity));
  }

  void add(const std::vector<std::vector<std::int32_t>>& labels_of_items, double weight) {
    const auto first = labels_.size();
    for (std::size_t item = 0; item < items_.size(); ++item) {
      const auto& labels = labels_of_items[item];
      const auto share = static_cast<float>(1 / std::sqrt(static_cast<double>(labels.size())));
      for (const std::int32_t label : labels) {
        const std::size_t number = first + at(label);
        if (number >= labels_.size()) labels_.resize(number + 1);
        items_[item].push_back({static_cast<std::int32_t>(number), share});
        labels_[number].push_back(
            {static_cast<ItemIndex>(item), static_cast<float>(share * liked_[item])});
      }
    }
    for (std::size_t number = first; number < labels_.size(); ++number)
      finish(labels_[number], weight);
  }

  ItemLabels take() const { return {LabelMatrix::of(items_), LabelMatrix::of(labels_)}; }
  std::size_t num_labels() const { return labels_.size(); }

 private:
  void finish(std::vector<ScoredItem>& items, double weight) const {
    const double rarity = std::log1p(static_cast<double>(items_.size()) /
                                     static_cast<double>(std::max<std::size_t>(items.size(), 1)));
    const auto scale = static_cast<float>(weight * std::pow(rarity, config_.idf));
    keep_best(items, config_.label_items);
    for (ScoredItem& one : items) one.score *= scale;
  }

  const AttributesConfig& config_;
  std::vector<double> liked_;
  std::vector<std::vector<ScoredItem>> items_, labels_;
};

}  // namespace

Result<ItemLabels> weigh_labels(const AttributesConfig& config, const Domain& domain,
                                Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::vector<Counted> counted, attributes_of(config.by, domain));
  Weigher weigher(config, domain, context.threads);
  for (const Counted& one : counted)
    weigher.add(row_labels(*one.attribute, domain.items.size()).of_row, one.weight);
  if (weigher.num_labels() == 0)
    return data_invalid("no item of domain " + domain.name + " has a label" +
                        (config.by.empty() ? "" : " of " + config.by) +
                        ", so attributes has nothing to compare; give them with attach --items");
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return weigher.take();
}

TrainerEntry attributes_trainer() {
  return {"items that share artists, genres or other labels with those of the history",
          list_knobs<AttributesConfig>(), &train, true, OtherDomains::kNone};
}

}  // namespace crossfade
