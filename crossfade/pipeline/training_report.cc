// Lists by epoch become curves; see training_report.h.
#include "crossfade/pipeline/training_report.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <utility>

#include "crossfade/base/artifact.h"
#include "crossfade/base/file.h"
#include "crossfade/base/statistics.h"
#include "crossfade/base/text.h"
#include "crossfade/models/storage.h"

namespace crossfade {
namespace {

constexpr const char* kSeconds = "seconds";
constexpr const char* kRefit = "refit";  // a second training, on what was held back too
constexpr double kMinute = 60, kHour = 3600;

// The list of that many numbers under `name`; empty if there is none.
std::vector<double> numbers_at(const Json& told, const std::string& name, std::size_t count) {
  const Json::Array* list = told[name].as_array();
  if (!list || list->size() != count) return {};
  std::vector<double> numbers;
  for (const Json& number : *list)
    numbers.push_back(number.is_number() ? number.number() : kNotANumber);
  return numbers;
}

std::size_t count_at(const Json& told, const std::string& name) {
  const std::int64_t* count = told[name].as_int();
  return count && *count > 0 ? static_cast<std::size_t>(*count) : 0;
}

struct Curve {
  std::string metric;
  std::vector<double> values;  // by epoch
};

struct Curves {
  std::string name, generator;
  std::size_t epochs = 0;
  std::size_t kept = 0;  // from 1; 0: not told
  bool refit = false;    // another training followed, whose weights are the model's
  std::vector<Curve> all;
  std::vector<double> seconds;  // by epoch; empty: not told

  const std::vector<double>* find(const std::string& metric) const {
    for (const Curve& curve : all)
      if (curve.metric == metric) return &curve.values;
    return nullptr;
  }
  // Of the epoch that was kept; NaN if there is no such number.
  double at_kept(const std::string& metric) const {
    const std::vector<double>* values = find(metric);
    return values && kept > 0 ? (*values)[kept - 1] : kNotANumber;
  }
  // Until the end of that many epochs; NaN if not told.
  double seconds_until(std::size_t epoch) const {
    double sum = 0;
    for (std::size_t i = 0; i < epoch && !seconds.empty(); ++i) sum += seconds[i];
    return seconds.empty() ? kNotANumber : sum;
  }
};

// What is told of one course of epochs.
Curves curves_of(const Json& told) {
  Curves curves;
  curves.epochs = count_at(told, "epochs");
  if (curves.epochs == 0) return curves;
  curves.kept = std::min(count_at(told, "best_epoch"), curves.epochs);
  curves.refit = told[kRefit].is_object();
  curves.seconds = numbers_at(told, kSeconds, curves.epochs);
  for (const auto& [name, values] : *told.as_object())
    if (auto numbers = numbers_at(told, name, curves.epochs); !numbers.empty() && name != kSeconds)
      curves.all.push_back({name, std::move(numbers)});
  return curves;
}

bool is_validation(const std::string& metric) {
  return metric.starts_with("validation");
}

bool is_better(const std::string& metric, double one, double other) {
  const bool falls = metric.ends_with("mse") || metric.ends_with("loss");
  return std::isnan(other) || (falls ? one < other : one > other);
}

// Each once: those that training stopped by first.
std::vector<std::string> metrics_of(const std::vector<Curves>& trainings) {
  std::vector<std::string> metrics;
  for (const Curves& training : trainings)
    for (const Curve& curve : training.all)
      if (std::find(metrics.begin(), metrics.end(), curve.metric) == metrics.end())
        metrics.push_back(curve.metric);
  std::stable_partition(metrics.begin(), metrics.end(), is_validation);
  return metrics;
}

std::string sentence_of(const Curves& training) {
  std::string kept;
  for (const Curve& curve : training.all)
    if (is_validation(curve.metric))
      kept += (kept.empty() ? "" : ", ") + curve.metric + " " +
              format_number(training.at_kept(curve.metric), 4);
  const std::string best = std::to_string(training.kept);
  const std::string of_all = " of " + std::to_string(training.epochs);
  const std::string numbers = kept.empty() ? "" : " (" + kept + ")";
  if (!training.refit)
    return "The weights of epoch " + best + of_all + " were kept" + numbers + ".";
  return "Epoch " + best + of_all + " was best" + numbers +
         "; the weights are of as many epochs on everything, what was held back included.";
}

// Which of several is best by a metric; "" if fewer than two have it.
std::string leader(const std::vector<Curves>& trainings, const std::string& metric) {
  const Curves* best = nullptr;
  int compared = 0;
  for (const Curves& training : trainings) {
    const double value = training.at_kept(metric);
    if (std::isnan(value)) continue;
    ++compared;
    if (!best || is_better(metric, value, best->at_kept(metric))) best = &training;
  }
  if (compared < 2) return "";
  const double seconds = best->seconds_until(best->kept);
  return best->name + " is best by " + metric + ": " + format_number(best->at_kept(metric), 4) +
         " after epoch " + std::to_string(best->kept) +
         (std::isnan(seconds) ? "" : " and " + format_duration(seconds) + " of learning") + ".";
}

Cell duration_cell(double seconds) {
  return std::isnan(seconds) ? Cell() : Cell::text(format_duration(seconds));
}

TableBlock table_of(const std::vector<Curves>& trainings, const std::vector<std::string>& metrics) {
  std::vector<std::string> headings{"model", "generator", "epochs", "best"};
  headings.insert(headings.end(), metrics.begin(), metrics.end());
  for (const char* heading : {"seconds per epoch", "until best", "in all"})
    headings.emplace_back(heading);
  TableBlock table(std::move(headings), "Numbers are those of the best epoch");
  for (const Curves& training : trainings) {
    std::vector<Cell> row{
        Cell::text(training.name), Cell::text(training.generator),
        Cell::count(static_cast<std::int64_t>(training.epochs)),
        training.kept > 0 ? Cell::count(static_cast<std::int64_t>(training.kept)) : Cell()};
    for (const std::string& metric : metrics)
      row.push_back(Cell::number(training.at_kept(metric), 4));
    const double all = training.seconds_until(training.epochs);
    row.push_back(Cell::number(all / static_cast<double>(training.epochs), 2));
    row.push_back(duration_cell(training.seconds_until(training.kept)));
    row.push_back(duration_cell(all));
    table.add_row(std::move(row));
  }
  return table;
}

// Seconds, minutes or hours, whatever the longest needs.
struct TimeUnit {
  const char* name = "seconds";
  double seconds = 1;
};

TimeUnit unit_for(const std::vector<Curves>& trainings) {
  double longest = 0;
  for (const Curves& training : trainings)
    if (!training.seconds.empty())
      longest = std::max(longest, training.seconds_until(training.epochs));
  if (longest > 3 * kHour) return {"hours", kHour};
  if (longest > 3 * kMinute) return {"minutes", kMinute};
  return {};
}

// One metric of all that have it; over time (`unit`) only those whose seconds are known.
PlotBlock plot_of(const std::vector<Curves>& trainings, const std::string& metric,
                  const std::optional<TimeUnit>& unit) {
  PlotBlock plot{
      .caption = metric + (unit ? " over time of learning" : " by epoch"),
      .x_label = unit ? std::string(unit->name) + " of learning, without validation" : "epoch",
      .y_label = metric};
  for (const Curves& training : trainings) {
    const std::vector<double>* values = training.find(metric);
    if (!values || (unit && training.seconds.empty())) continue;
    PlotBlock::Series series{.name = training.name, .y = *values};
    double seconds = 0;
    for (std::size_t epoch = 1; epoch <= training.epochs; ++epoch) {
      if (unit) seconds += training.seconds[epoch - 1];
      series.x.push_back(unit ? seconds / unit->seconds : static_cast<double>(epoch));
      series.labels.push_back(epoch == training.kept ? "epoch " + std::to_string(epoch) : "");
    }
    plot.series.push_back(std::move(series));
  }
  return plot;
}

std::vector<Curves> all_curves(const std::vector<ToldTraining>& trainings) {
  std::vector<Curves> curves;
  for (const ToldTraining& training : trainings) {
    if (!training.has_epochs()) continue;
    for (const Json* told : {&training.told, training.told.find(kRefit)}) {
      if (!told || !told->is_object()) continue;
      curves.push_back(curves_of(*told));
      curves.back().name = training.name.empty() ? training.generator : training.name;
      if (told != &training.told) curves.back().name += ", refit";
      curves.back().generator = training.generator;
    }
  }
  return curves;
}

}  // namespace

bool ToldTraining::has_epochs() const {
  return !curves_of(told).all.empty();
}

Result<ToldTraining> read_training(const std::string& folder, const std::string& name) {
  CROSSFADE_ASSIGN_OR_RETURN(const Artifact artifact,
                             Artifact::open(folder, "model", kModelSchema, Verify::kSizes));
  auto generator = artifact.metadata().string_at("model");
  if (!generator.ok()) return generator.status().at(folder);
  return ToldTraining{name, std::move(*generator), artifact.metadata()["training"]};
}

std::optional<ToldTraining> find_training(const std::string& folder, const std::string& name) {
  if (!path_exists(folder + "/manifest.json")) return {};
  auto training = read_training(folder, name);
  if (!training.ok() || !training->has_epochs()) return {};
  return *std::move(training);
}

std::vector<std::string> names_of_folders(const std::vector<std::string>& folders) {
  std::vector<std::vector<std::string>> parts;
  for (const std::string& folder : folders) {
    parts.emplace_back();
    for (const auto& part : std::filesystem::absolute(folder).lexically_normal())
      if (!part.empty()) parts.back().push_back(part.string());
  }
  const auto all_share = [&](const auto& part) {
    return std::all_of(parts.begin(), parts.end(), [&](const auto& one) {
      return one.size() > 1 && part(one) == part(parts.front());
    });
  };
  if (parts.size() < 2) return std::vector<std::string>(parts.size());
  while (all_share([](const auto& one) { return one.front(); }))
    for (auto& one : parts) one.erase(one.begin());
  while (all_share([](const auto& one) { return one.back(); }))
    for (auto& one : parts) one.pop_back();
  std::vector<std::string> names;
  for (const auto& one : parts) names.push_back(join(one, "/"));
  return names;
}

Document training_document(const std::vector<ToldTraining>& trainings) {
  Document document("Training");
  const std::vector<Curves> curves = all_curves(trainings);
  const std::vector<std::string> metrics = metrics_of(curves);
  std::string first;
  if (curves.size() == 1 && curves[0].kept > 0) first = sentence_of(curves[0]);
  for (const std::string& metric : metrics)
    if (is_validation(metric))
      if (const std::string sentence = leader(curves, metric); !sentence.empty())
        first += (first.empty() ? "" : "\n") + sentence;
  if (!first.empty()) document.add_paragraph(first);
  document.add_paragraph(
      "The large mark of a line is its best epoch, whose weights were kept or whose number said "
      "how "
      "long a refit learned." +
      std::string(curves.size() < 2 ? ""
                                    : " Lines can be compared where the models learned from the "
                                      "same data and the same was held back, and losses only "
                                      "where they are the same loss."));
  document.add_table(table_of(curves, metrics));
  const TimeUnit unit = unit_for(curves);
  for (const std::string& metric : metrics) {
    document.add_plot(plot_of(curves, metric, {}));
    PlotBlock over_time = plot_of(curves, metric, unit);
    if (!over_time.series.empty()) document.add_plot(std::move(over_time));
  }
  return document;
}

std::string training_sentence(const Json& told) {
  const Curves curves = curves_of(told);
  return curves.all.empty() || curves.kept == 0 ? "" : sentence_of(curves);
}

}  // namespace crossfade
