// crossfade evaluate RECS...: how good lists are, with intervals; several files are compared
// pairwise with the first, on the same users.
#include <filesystem>
#include <map>
#include <optional>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/truth_of_domain.h"
#include "crossfade/data/protocol.h"
#include "crossfade/data/store.h"
#include "crossfade/evaluation/comparison.h"
#include "crossfade/evaluation/evaluate.h"
#include "crossfade/evaluation/join.h"
#include "crossfade/evaluation/metric_list.h"
#include "crossfade/io/candidates_io.h"

namespace crossfade {
namespace {

struct Judged {
  std::string name;
  EvalReport report;
};

Result<std::vector<std::int64_t>> parse_ks(const std::string& text) {
  std::vector<std::int64_t> ks;
  for (const std::string& part : split(text, ',')) {
    const auto k = parse_int(part);
    if (!k || *k < 1)
      return usage_error("--k is one or more numbers from 1 on, as in 10,20; '" + text +
                         "' is not");
    ks.push_back(*k);
  }
  return ks;
}

// A row per file, a column per metric: what one looks at first.
TableBlock overview(const std::vector<Judged>& judged) {
  std::vector<std::string> headings{"list"};
  for (const MetricResult& metric : judged[0].report.metrics) {
    headings.push_back(metric.name());
    if (!metric.per_user.empty()) headings.push_back("95%");
  }
  TableBlock table(headings);
  for (const Judged& one : judged) {
    std::vector<Cell> row{Cell::text(one.name)};
    for (const MetricResult& metric : one.report.metrics) {
      row.push_back(Cell::number(metric.mean, 4));
      if (!metric.per_user.empty())
        row.push_back(Cell::interval(metric.interval.low, metric.interval.high, 4));
    }
    table.add_row(std::move(row));
  }
  return table;
}

// Each warning once, with the lists that it is about if it is not about all.
void add_warnings(const std::vector<Judged>& judged, Document& document) {
  std::map<std::string, std::vector<std::string>> names_of;
  for (const Judged& one : judged)
    for (const std::string& warning : one.report.warnings) names_of[warning].push_back(one.name);
  std::string text;
  for (const auto& [warning, names] : names_of) {
    const bool all = names.size() == judged.size();
    text += std::string(text.empty() ? "" : "\n") + (all ? "" : join(names, ", ") + ": ") + warning;
  }
  if (!text.empty()) document.add_paragraph(text);
}

class EvaluateCommand final : public Command {
 public:
  std::string name() const override { return "evaluate"; }
  std::string summary() const override { return "judge lists by what users really took to"; }
  void declare(Arguments& arguments) override {
    arguments.positional("RECS", files_, "Parquet or CSV: user_id, item_id and rank or score");
    arguments.required("--truth", truth_, "what was held back: user_id, item_id");
    arguments.option("--train", train_, "the store that was trained on (for coverage, novelty)");
    arguments.option("--domain", domain_, "which domain of truth and train (if several)");
    arguments.option("--k", ks_, "lengths of the lists, as in 10,20; 10, or the protocol's");
    arguments.option("--metrics", metrics_, "names separated by commas; all, or the protocol's");
    arguments.flag("--new-only", new_only_, "leave out of the truth what a user had in train");
    arguments.option("--seed", seed_, "seed of the bootstrap");
  }

  Status run(Session& session) override {
    find_protocol_of_truth();
    if (!ks_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(options_.ks, parse_ks(ks_));
    }
    if (!metrics_.empty()) options_.metrics = split(metrics_, ',');
    CROSSFADE_RETURN_IF_ERROR(find_metrics(options_.metrics).status());
    options_.bootstrap.seed = static_cast<std::uint64_t>(seed_);
    if (new_only_ && train_.empty()) return usage_error("--new-only needs --train");

    CROSSFADE_RETURN_IF_ERROR(prepare_truth(session));
    std::vector<Judged> judged;
    for (const std::string& file : files_) {
      CROSSFADE_ASSIGN_OR_RETURN(EvalReport report, judge(file, session));
      judged.push_back({std::filesystem::path(file).stem().string(), std::move(report)});
    }
    return judged.size() == 1 ? print_one(session, judged[0]) : print_several(session, judged);
  }

 private:
  // If split wrote the truth by a protocol, its lengths and metrics are what is judged by, unless
  // the command line says otherwise. Metrics that need train are left out without it.
  void find_protocol_of_truth() {
    const auto folder = std::filesystem::path(truth_).parent_path();
    const auto text = read_file((folder / "manifest.json").string());
    if (text.ok()) protocol_ = read_split_manifest(*text);
    if (!protocol_) return;
    if (!protocol_->conventions.ks.empty()) options_.ks = protocol_->conventions.ks;
    for (const MetricEntry& metric : all_metrics())
      for (const std::string& name : protocol_->conventions.metrics)
        if (name == metric.name && (!metric.needs_train || !train_.empty()))
          options_.metrics.push_back(name);
  }

  Status prepare_truth(Session& session) {
    if (!train_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(Store store, open_store(train_));
      dataset_ = std::move(store.dataset);
      CROSSFADE_ASSIGN_OR_RETURN(const std::size_t at, dataset_.find_domain(domain_));
      train_domain_ = &dataset_.domains()[at];
      domain_ = train_domain_->name;
      join_ = EvalJoin(dataset_.users(), train_domain_->items);
      counts_ = count_train(*train_domain_, session.context.threads);
    }
    CROSSFADE_ASSIGN_OR_RETURN(Table table, read_truth_of(truth_, domain_, session.context));
    auto joined = join_.truth(std::move(table), {}, session.context.threads);
    if (!joined.ok()) return joined.status().at(truth_);
    joined_truth_ = new_only_ ? without_seen(*joined, *train_domain_) : *std::move(joined);
    return ok_status();
  }

  Result<EvalReport> judge(const std::string& file, Session& session) {
    CROSSFADE_ASSIGN_OR_RETURN(Table table, read_recommendations(file, session.context));
    auto lists = join_.lists(std::move(table), {}, session.context.threads);
    if (!lists.ok()) return lists.status().at(file);
    const EvalInput input{lists->view(),
                          joined_truth_,
                          join_.users().size(),
                          join_.items().size(),
                          train_domain_ ? &counts_ : nullptr,
                          &join_.users(),
                          &join_.items()};
    auto report = evaluate(input, options_, session.context);
    if (!report.ok()) return report.status().at(file);
    return report;
  }

  Status print_one(const Session& session, const Judged& one) const {
    Document document = make_document(one.report, "Evaluation of " + one.name);
    Json json = to_json(one.report);
    add_protocol(document, json);
    session.print(document, json);
    return ok_status();
  }

  Status print_several(Session& session, const std::vector<Judged>& judged) const {
    Document document("Evaluation on " + format_count(judged[0].report.counts.users) + " users");
    document.add_table(overview(judged));
    add_warnings(judged, document);
    Json reports = Json::array(), comparisons = Json::array();
    for (const Judged& one : judged) {
      Json json = Json::object().set("name", one.name);
      const Json report = to_json(one.report);
      for (const auto& [key, value] : *report.as_object()) json.set(key, value);
      reports.push(std::move(json));
    }
    const std::string headline = judged[0].report.metrics[0].name();
    TableBlock table(
        {headline + " against " + judged[0].name, "difference", "95%", "p", "detectable"});
    for (std::size_t i = 1; i < judged.size(); ++i) {
      CROSSFADE_ASSIGN_OR_RETURN(
          const Comparison comparison,
          compare(judged[0].report, judged[i].report, options_.bootstrap, session.context.threads));
      const PairedComparison& paired = comparison.metrics[0].paired;
      table.add_row({Cell::text(judged[i].name), Cell::number(paired.difference, 4),
                     Cell::interval(paired.interval.low, paired.interval.high, 4),
                     Cell::number(paired.p_value, 4),
                     Cell::number(paired.minimum_detectable_effect, 4)});
      comparisons.push(Json::object()
                           .set("a", judged[0].name)
                           .set("b", judged[i].name)
                           .set("comparison", to_json(comparison)));
    }
    document.add_table(std::move(table));
    document.add_paragraph(
        "Paired over users; p is of the paired t test; detectable is the smallest true difference\n"
        "that this many users show with probability 0.8 at level 0.05. --json has all metrics.");
    Json json = Json::object()
                    .set("reports", std::move(reports))
                    .set("comparisons", std::move(comparisons));
    add_protocol(document, json);
    session.print(document, json);
    return ok_status();
  }

  void add_protocol(Document& document, Json& json) const {
    if (!protocol_) return;
    document.add_paragraph(conventions_text(protocol_->protocol, protocol_->conventions));
    json.set("protocol", protocol_->protocol);
  }

  std::vector<std::string> files_;
  std::string truth_, train_, domain_, ks_, metrics_;
  bool new_only_ = false;
  std::int64_t seed_ = 0;

  EvalOptions options_;
  std::optional<SplitRecord> protocol_;
  Dataset dataset_;
  const Domain* train_domain_ = nullptr;
  EvalJoin join_;
  TrainCounts counts_;
  Truth joined_truth_;
};

}  // namespace

std::unique_ptr<Command> make_evaluate_command() {
  return std::make_unique<EvaluateCommand>();
}

}  // namespace crossfade
