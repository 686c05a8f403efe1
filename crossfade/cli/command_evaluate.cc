// crossfade evaluate RECS...: how good lists are, with intervals; several files are compared
// pairwise with the first, on the same users.
#include <filesystem>
#include <optional>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/split_beside.h"
#include "crossfade/cli/truth_of_domain.h"
#include "crossfade/data/splits/protocol.h"
#include "crossfade/data/store/store.h"
#include "crossfade/evaluation/evaluate.h"
#include "crossfade/evaluation/evaluation_document.h"
#include "crossfade/evaluation/join.h"
#include "crossfade/evaluation/metric_list.h"
#include "crossfade/evaluation/segments.h"
#include "crossfade/io/candidates_io.h"
#include "crossfade/report/write_document.h"

namespace crossfade {
namespace {

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

std::string all_formulas() {
  std::string text = "Metrics (--metrics), of the first k items of each list:\n";
  for (const MetricEntry& metric : all_metrics())
    text += "  " + std::string(metric.name) + ": " + metric.formula +
            (metric.needs_train ? "; needs --train" : "") + "\n";
  return text;
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
    arguments.flag("--segments", segments_,
                   "also by warm and cold users, length of history, popularity of items");
    arguments.option("--html", html_, "also write a page with plots to this file");
    arguments.flag("--new-only", new_only_, "leave out of the truth what a user had in train");
    arguments.option("--seed", seed_, "seed of the bootstrap");
    arguments.footer(all_formulas());
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
    if (segments_ && train_.empty()) return usage_error("--segments needs --train");
    if (!html_.empty()) CROSSFADE_RETURN_IF_ERROR(check_document_path(html_));

    CROSSFADE_RETURN_IF_ERROR(prepare_truth(session));
    EvaluationResults results;
    for (const std::string& file : files_) {
      CROSSFADE_ASSIGN_OR_RETURN(EvalReport report, judge(file, session));
      results.models.push_back({std::filesystem::path(file).stem().string(), std::move(report)});
    }
    CROSSFADE_RETURN_IF_ERROR(
        compare_with_first(results, options_.bootstrap, session.context.threads));
    return show(session, results);
  }

 private:
  // If split wrote the truth by a protocol, its lengths and metrics are what is judged by, unless
  // the command line says otherwise. Metrics that need train are left out without it.
  void find_protocol_of_truth() {
    protocol_ = split_beside(truth_);
    if (protocol_ && protocol_->protocol.empty()) protocol_.reset();
    if (!protocol_) return;
    if (!protocol_->conventions.ks.empty()) options_.ks = protocol_->conventions.ks;
    for (const MetricEntry& metric : all_metrics())
      for (const std::string& name : protocol_->conventions.metrics)
        if (name == metric.name && (!metric.needs_train || !train_.empty()))
          options_.metrics.push_back(name);
  }

  Status prepare_truth(Session& session) {
    if (!train_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(Store store,
                                 open_store(train_, Verify::kFull, &session.context.threads));
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
    if (joined_truth_.num_users() == 0)
      return data_invalid(truth_ + (new_only_ ? ": holds nothing that is not in " + train_ + " too"
                                              : std::string(": has no rows to judge by")));
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
    if (!report.ok() && report.status().kind() == StatusKind::kUsage) return report.status();
    if (!report.ok()) return report.status().at(file);
    if (segments_) {
      CROSSFADE_ASSIGN_OR_RETURN(
          report->segments, evaluate_segments(input, *report, *train_domain_, session.context));
    }
    return report;
  }

  Status show(const Session& session, const EvaluationResults& results) const {
    CROSSFADE_ASSIGN_OR_RETURN(Document page, evaluation_document(results, {}));
    const JudgedModel& first = results.models[0];
    const bool one = results.models.size() == 1;
    Document brief =
        one ? make_document(first.report, "Evaluation of " + first.name) : several(results);
    Json json = one ? to_json(first.report) : to_json(results);
    if (protocol_) {
      const std::string text = conventions_text(protocol_->protocol, protocol_->conventions);
      brief.add_paragraph(text);
      page.add_heading("Protocol");
      page.add_paragraph(text);
      json.set("protocol", protocol_->protocol);
    }
    return session.print(brief, json, page, html_);
  }

  static Document several(const EvaluationResults& results) {
    const EvalReport& first = results.models[0].report;
    Document document("Evaluation on " + format_count(first.counts.users) + " users");
    document.add_table(overview_table(results.models));
    if (const std::string warnings = warnings_text(results.models); !warnings.empty())
      document.add_paragraph(warnings);
    document.add_table(comparison_table(results.comparisons, first.metrics[0].name()));
    document.add_paragraph(comparison_note());
    return document;
  }

  std::vector<std::string> files_;
  std::string truth_, train_, domain_, ks_, metrics_, html_;
  bool new_only_ = false, segments_ = false;
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
