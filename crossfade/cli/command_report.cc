// crossfade report SOURCE...: what evaluate --json wrote, models' folders, or a run's folder, as a
// page for people.
#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/cli/command.h"
#include "crossfade/evaluation/evaluation_document.h"
#include "crossfade/pipeline/training_report.h"
#include "crossfade/report/write_document.h"

namespace crossfade {
namespace {

Result<Json> read_json(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  auto json = parse_json(text);
  if (!json.ok()) return json.status().at(path);
  return json;
}

class ReportCommand final : public Command {
 public:
  std::string name() const override { return "report"; }
  std::string summary() const override { return "make a page of evaluations and trainings"; }
  void declare(Arguments& arguments) override {
    arguments.positional("SOURCE", sources_,
                         "what evaluate --json wrote; the folder of a model that was trained by "
                         "epochs, for its curves; or that of a run, which may have both");
    arguments.option("--out", out_, "file to write: .html, .md, .txt or .json");
    arguments.option("--title", title_, "what stands at the top");
    arguments.option("--headline", options_.headline,
                     "the metric to judge by, as in ndcg@10; the first if not given");
    arguments.option("--provenance", provenance_,
                     "a JSON file of names and values, shown at the end");
  }

  Status run(Session& session) override {
    if (!out_.empty()) CROSSFADE_RETURN_IF_ERROR(check_document_path(out_));
    EvaluationResults results;
    for (const std::string& source : sources_)
      CROSSFADE_RETURN_IF_ERROR(is_folder(source) ? add_folder(source, results)
                                                  : add_file(source, results));
    CROSSFADE_RETURN_IF_ERROR(add_models());
    if (!provenance_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(options_.provenance, read_json(provenance_));
    }
    CROSSFADE_ASSIGN_OR_RETURN(const Document document, make_document(results));
    if (!out_.empty())
      CROSSFADE_RETURN_IF_ERROR(write_document(document, out_));
    else
      session.print(document);
    return ok_status();
  }

 private:
  Result<Document> make_document(const EvaluationResults& results) {
    if (results.models.empty()) {
      Document document(title_.empty() ? "Training" : title_);
      document.append(training_document(trainings_), "");
      return document;
    }
    if (!title_.empty()) options_.title = title_;
    if (!trainings_.empty()) options_.data.push_back(training_document(trainings_));
    return evaluation_document(results, options_);
  }

  // The trainings of the folders that are models.
  Status add_models() {
    const std::vector<std::string> names = names_of_folders(models_);
    for (std::size_t i = 0; i < models_.size(); ++i) {
      CROSSFADE_ASSIGN_OR_RETURN(ToldTraining training, read_training(models_[i], names[i]));
      if (!training.has_epochs())
        return data_invalid(models_[i] + " is a model of " + training.generator +
                            " that tells nothing by epochs; those of sasrec, bert4rec and "
                            "contextual do");
      if (std::count(names.begin(), names.end(), names[i]) > 1)
        return usage_error(models_[i] + " is named twice; leave one out");
      trainings_.push_back(std::move(training));
    }
    return ok_status();
  }

  // A model is kept for add_models(); of a run the evaluations among its results, its trainings
  // and its provenance.
  Status add_folder(const std::string& folder, EvaluationResults& results) {
    if (path_exists(folder + "/manifest.json")) {
      models_.push_back(folder);
      return ok_status();
    }
    const std::size_t before = results.models.size() + trainings_.size();
    CROSSFADE_RETURN_IF_ERROR(add_trainings_below(folder));
    CROSSFADE_ASSIGN_OR_RETURN(const std::vector<std::string> files, list_files(folder));
    for (const std::string& file : files) {
      if (!file.ends_with(".json") || file.find('/') != std::string::npos) continue;
      const std::string path = folder + "/" + file;
      CROSSFADE_ASSIGN_OR_RETURN(Json json, read_json(path));
      const bool evaluation = json.find("reports") != nullptr || json.find("metrics") != nullptr;
      if (evaluation) CROSSFADE_RETURN_IF_ERROR(add(json, path, results));
      if (file == "provenance.json" && provenance_.empty()) options_.provenance = std::move(json);
    }
    if (results.models.size() + trainings_.size() > before) return ok_status();
    return data_invalid(folder +
                        " holds no evaluation and no model that was trained by epochs; a "
                        "recipe's evaluate stage writes the one, its train stage the other");
  }

  Status add_trainings_below(const std::string& folder) {
    std::set<std::string> inside;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
      inside.insert(entry.path().filename().string());
    if (error) return errno_status("cannot read " + folder, error.value());
    for (const std::string& name : inside)
      if (auto training = find_training(folder + "/" + name, name))
        trainings_.push_back(*std::move(training));
    return ok_status();
  }

  static Status add_file(const std::string& file, EvaluationResults& results) {
    CROSSFADE_ASSIGN_OR_RETURN(const Json json, read_json(file));
    return add(json, file, results);
  }

  static Status add(const Json& json, const std::string& file, EvaluationResults& results) {
    auto read = results_from_json(json, std::filesystem::path(file).stem().string());
    if (!read.ok()) return read.status().at(file);
    for (JudgedModel& model : read->models) {
      for (const JudgedModel& other : results.models)
        if (other.name == model.name)
          return usage_error(file + ": there are two evaluations called '" + model.name +
                             "'; rename a file, or leave one out");
      results.models.push_back(std::move(model));
    }
    for (NamedComparison& comparison : read->comparisons)
      results.comparisons.push_back(std::move(comparison));
    return ok_status();
  }

  std::vector<std::string> sources_, models_;
  std::vector<ToldTraining> trainings_;
  std::string out_, provenance_, title_;
  EvaluationDocumentOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_report_command() {
  return std::make_unique<ReportCommand>();
}

}  // namespace crossfade
