// crossfade report EVALUATION...: what evaluate --json wrote, or a run's folder, as a page for
// people.
#include <filesystem>

#include "crossfade/base/file.h"
#include "crossfade/cli/command.h"
#include "crossfade/evaluation/evaluation_document.h"
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
  std::string summary() const override { return "make a page of evaluations"; }
  void declare(Arguments& arguments) override {
    arguments.positional("EVALUATION", files_,
                         "what evaluate --json wrote, or the folder of a run");
    arguments.option("--out", out_, "file to write: .html, .md, .txt or .json");
    arguments.option("--title", options_.title, "what stands at the top");
    arguments.option("--headline", options_.headline,
                     "the metric to judge by, as in ndcg@10; the first if not given");
    arguments.option("--provenance", provenance_,
                     "a JSON file of names and values, shown at the end");
  }

  Status run(Session& session) override {
    if (!out_.empty()) CROSSFADE_RETURN_IF_ERROR(check_document_path(out_));
    EvaluationResults results;
    for (const std::string& file : files_)
      CROSSFADE_RETURN_IF_ERROR(is_folder(file) ? add_folder(file, results)
                                                : add_file(file, results));
    if (!provenance_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(options_.provenance, read_json(provenance_));
    }
    CROSSFADE_ASSIGN_OR_RETURN(const Document document, evaluation_document(results, options_));
    if (!out_.empty())
      CROSSFADE_RETURN_IF_ERROR(write_document(document, out_));
    else
      session.print(document);
    return ok_status();
  }

 private:
  // The evaluations among the results of a run, and its provenance.
  Status add_folder(const std::string& folder, EvaluationResults& results) {
    const std::size_t before = results.models.size();
    CROSSFADE_ASSIGN_OR_RETURN(const std::vector<std::string> files, list_files(folder));
    for (const std::string& file : files) {
      if (!file.ends_with(".json") || file.find('/') != std::string::npos) continue;
      const std::string path = folder + "/" + file;
      CROSSFADE_ASSIGN_OR_RETURN(Json json, read_json(path));
      const bool evaluation = json.find("reports") != nullptr || json.find("metrics") != nullptr;
      if (evaluation) CROSSFADE_RETURN_IF_ERROR(add(json, path, results));
      if (file == "provenance.json" && provenance_.empty()) options_.provenance = std::move(json);
    }
    if (results.models.size() > before) return ok_status();
    return data_invalid(folder + " holds no evaluation; a recipe's evaluate stage writes one");
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

  std::vector<std::string> files_;
  std::string out_, provenance_;
  EvaluationDocumentOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_report_command() {
  return std::make_unique<ReportCommand>();
}

}  // namespace crossfade
