// Tables of stages, the stages' own documents, and the provenance.
#include "crossfade/pipeline/run_report.h"

#include <ctime>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/text.h"
#include "crossfade/pipeline/training_report.h"
#include "crossfade/report/archive.h"
#include "crossfade/report/write_document.h"

namespace crossfade {
namespace {

// "2026-01-31T12:00:00Z"
std::string moment(std::int64_t time_ns) {
  const auto seconds = static_cast<std::time_t>(time_ns / 1'000'000'000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

const char* state_text(StagePlan::State state) {
  switch (state) {
    case StagePlan::State::kCached:
      return "was there";
    case StagePlan::State::kMake:
      return "made";
    case StagePlan::State::kDepends:
      return "made";
  }
  return "";
}

bool says_something(const RecipeStage& stage) {
  return stage.kind->output == StageOutput::kResult;
}

TableBlock stage_table(const Recipe& recipe, const RunFacts& facts) {
  TableBlock table({"stage", "kind", "", "because", "time", "output"});
  for (std::size_t i = 0; i < recipe.stages.size(); ++i) {
    const RecipeStage& stage = recipe.stages[i];
    const StageFacts& fact = facts.stages[i];
    table.add_row({Cell::text(stage.name), Cell::text(stage.kind->name),
                   Cell::text(state_text(fact.state)), Cell::text(fact.why),
                   Cell::text(format_duration(fact.entry.seconds)),
                   Cell::text(stage.kind->output_name(stage.name) + ", " +
                              format_bytes(fact.entry.output.bytes()))});
  }
  return table;
}

// Appends what a stage said, its title as a heading.
Status add_stage(const RecipeStage& stage, const Json& archived, Document& document) {
  auto said = document_from_archive(archived);
  if (!said.ok()) return said.status().at("stage " + stage.name);
  document.append(*said, stage.name + ": " + said->title());
  return ok_status();
}

Json stage_json(const RecipeStage& stage, const StageFacts& fact) {
  return Json::object()
      .set("stage", stage.name)
      .set("kind", stage.kind->name)
      .set("made", fact.state != StagePlan::State::kCached)
      .set("because", fact.why)
      .set("output", stage.kind->output_name(stage.name))
      .set("sha256", fact.entry.fingerprint())
      .set("bytes", fact.entry.output.bytes())
      .set("seconds", fact.entry.seconds)
      .set("made_at", moment(fact.entry.made_at_ns));
}

Json provenance(const Recipe& recipe, const RunFacts& facts) {
  Json inputs = Json::array(), stages = Json::array();
  for (const auto& [path, content] : facts.inputs)
    inputs.push(Json::object()
                    .set("path", path)
                    .set("sha256", content.fingerprint())
                    .set("bytes", content.bytes())
                    .set("files", static_cast<std::int64_t>(content.files.size())));
  for (std::size_t i = 0; i < recipe.stages.size(); ++i)
    stages.push(stage_json(recipe.stages[i], facts.stages[i])
                    .set("key", facts.stages[i].entry.key)
                    .set("key_sha256", sha256_hex(to_text(facts.stages[i].entry.key))));
  return Json::object()
      .set("recipe", recipe.effective)
      .set("seed", recipe.seed)
      .set("engine", CROSSFADE_VERSION)
      .set("isa", facts.isa)
      .set("blas_core", facts.blas_core)
      .set("threads", facts.threads)
      .set("started", moment(facts.started_ns))
      .set("finished", moment(facts.finished_ns))
      .set("inputs", std::move(inputs))
      .set("stages", std::move(stages));
}

// How the models learned that were trained by epochs, if there are any.
void add_trainings(const Recipe& recipe, const std::string& folder, Document& document) {
  std::vector<ToldTraining> trainings;
  for (const RecipeStage& stage : recipe.stages) {
    if (stage.kind->output != StageOutput::kFolder) continue;
    const std::string output = folder + "/" + stage.kind->output_name(stage.name);
    if (auto training = find_training(output, stage.name)) trainings.push_back(*training);
  }
  if (!trainings.empty()) document.append(training_document(trainings), "How the models learned");
}

Result<Document> report(const Recipe& recipe, const RunFacts& facts, const std::string& folder) {
  Document document("The run " + recipe.name);
  if (const std::string* about = recipe.effective["about"].as_string())
    document.add_paragraph(*about);
  double seconds = 0;
  std::int64_t made = 0, bytes = 0;
  for (const StageFacts& fact : facts.stages) {
    seconds += fact.entry.seconds;
    made += fact.state != StagePlan::State::kCached;
    bytes += fact.entry.output.bytes();
  }
  document.add_facts({{"stages", Cell::count(static_cast<std::int64_t>(facts.stages.size())),
                       format_count(made) + " made by this run"},
                      {"time", Cell::text(format_duration(seconds)), "to make them all"},
                      {"outputs", Cell::text(format_bytes(bytes))}});
  // What one looks for stands first: of the stages whose output is an answer the last, to which the
  // others led. Then how models learned, then the others in their order.
  for (std::size_t i = recipe.stages.size(); i-- > 0;)
    if (says_something(recipe.stages[i]))
      CROSSFADE_RETURN_IF_ERROR(add_stage(recipe.stages[i], facts.stages[i].entry.page, document));
  add_trainings(recipe, folder, document);
  for (std::size_t i = 0; i < recipe.stages.size(); ++i)
    if (!says_something(recipe.stages[i]))
      CROSSFADE_RETURN_IF_ERROR(add_stage(recipe.stages[i], facts.stages[i].entry.page, document));
  document.add_heading("How it was made");
  document.add_table(stage_table(recipe, facts));
  TableBlock inputs({"input", "files", "size", "SHA-256"});
  for (const auto& [path, content] : facts.inputs)
    inputs.add_row({Cell::text(path), Cell::count(static_cast<std::int64_t>(content.files.size())),
                    Cell::text(format_bytes(content.bytes())),
                    Cell::text(content.fingerprint().substr(0, 16))});
  if (!facts.inputs.empty()) document.add_table(std::move(inputs));
  document.add_paragraph("Seed " + std::to_string(recipe.seed) + "; crossfade " +
                         CROSSFADE_VERSION + "; instruction set " + facts.isa + ", BLAS core " +
                         facts.blas_core + "; " + std::to_string(facts.threads) +
                         " threads; finished " + moment(facts.finished_ns) +
                         ". provenance.json has the rest.");
  return document;
}

}  // namespace

Status write_run_report(const Recipe& recipe, const RunFacts& facts, const std::string& folder) {
  CROSSFADE_ASSIGN_OR_RETURN(const Document document, report(recipe, facts, folder));
  const std::string base = folder + "/report";
  for (const char* form : {".txt", ".md", ".html", ".json"})
    CROSSFADE_RETURN_IF_ERROR(write_document(document, base + form));
  return replace_file(folder + "/provenance.json", to_pretty_text(provenance(recipe, facts)));
}

Result<RunOutcome> run_outcome(const Recipe& recipe, const RunFacts& facts) {
  RunOutcome outcome;
  outcome.document = Document("The run " + recipe.name);
  outcome.document.add_table(stage_table(recipe, facts));
  Json stages = Json::array(), results = Json::object();
  for (std::size_t i = 0; i < recipe.stages.size(); ++i) {
    stages.push(stage_json(recipe.stages[i], facts.stages[i]));
    if (!says_something(recipe.stages[i])) continue;
    CROSSFADE_RETURN_IF_ERROR(
        add_stage(recipe.stages[i], facts.stages[i].entry.document, outcome.document));
    results.set(recipe.stages[i].name, facts.stages[i].entry.json);
  }
  outcome.json = Json::object().set("stages", std::move(stages)).set("results", std::move(results));
  return outcome;
}

RunOutcome plan_outcome(const Recipe& recipe, const RunFacts& facts) {
  RunOutcome outcome;
  outcome.document = Document("What a run of " + recipe.name + " would make");
  TableBlock table({"stage", "kind", "would be", "because"});
  Json stages = Json::array();
  for (std::size_t i = 0; i < recipe.stages.size(); ++i) {
    const StageFacts& fact = facts.stages[i];
    const bool cached = fact.state == StagePlan::State::kCached;
    const std::string state = cached                                     ? "kept"
                              : fact.state == StagePlan::State::kDepends ? "made, perhaps"
                                                                         : "made";
    table.add_row({Cell::text(recipe.stages[i].name), Cell::text(recipe.stages[i].kind->name),
                   Cell::text(state), Cell::text(fact.why)});
    stages.push(Json::object()
                    .set("stage", recipe.stages[i].name)
                    .set("kind", recipe.stages[i].kind->name)
                    .set("state", cached                                     ? "cached"
                                  : fact.state == StagePlan::State::kDepends ? "depends"
                                                                             : "make")
                    .set("because", fact.why));
  }
  outcome.document.add_table(std::move(table));
  outcome.json = Json::object().set("stages", std::move(stages));
  return outcome;
}

}  // namespace crossfade
