// Plans, makes and records one stage after the other, then writes report and provenance.
#include "crossfade/pipeline/run.h"

#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/text.h"
#include "crossfade/kernels/isa.h"
#include "crossfade/models/dense.h"
#include "crossfade/pipeline/run_report.h"
#include "crossfade/pipeline/stage_plan.h"
#include "crossfade/report/archive.h"

namespace crossfade {
namespace {

class Run {
 public:
  Run(const Recipe& recipe, const RunRequest& request, const Clock& clock, Context& context)
      : recipe_(recipe), request_(request), clock_(clock), context_(context) {}

  Result<RunOutcome> run() {
    CROSSFADE_RETURN_IF_ERROR(mark_forced());
    CROSSFADE_ASSIGN_OR_RETURN(const RunFolder folder,
                               request_.dry_run ? RunFolder::look(request_.out, recipe_.name)
                                                : RunFolder::open(request_.out, recipe_.name));
    Inputs inputs(recipe_, folder, request_.data);
    CROSSFADE_RETURN_IF_ERROR(inputs.read(context_));
    if (!request_.dry_run) CROSSFADE_RETURN_IF_ERROR(folder.write_inputs(inputs.outside()));

    facts_.started_ns = clock_.now_ns();
    for (std::size_t i = 0; i < recipe_.stages.size(); ++i) {
      CROSSFADE_RETURN_IF_ERROR(context_.check_stop());
      CROSSFADE_RETURN_IF_ERROR(settle(i, folder, inputs));
    }
    facts_.finished_ns = clock_.now_ns();
    for (const auto& [path, content] : inputs.outside())
      facts_.inputs.emplace(with_names(path, request_.names), content);
    facts_.threads = context_.threads.num_threads();
    if (request_.dry_run) return plan_outcome(recipe_, facts_);
    CROSSFADE_RETURN_IF_ERROR(write_run_report(recipe_, facts_, folder.path()));
    return run_outcome(recipe_, facts_);
  }

 private:
  Status mark_forced() {
    forced_.assign(recipe_.stages.size(), false);
    if (request_.from.empty()) return ok_status();
    auto first = recipe_.find_stage(request_.from);
    if (!first.ok()) return first.status().at("--from " + request_.from);
    forced_[*first] = true;
    for (std::size_t i = *first + 1; i < forced_.size(); ++i)
      for (const StageInput& input : recipe_.stages[i].inputs)
        if (input.stage >= 0 && forced_[static_cast<std::size_t>(input.stage)]) forced_[i] = true;
    return ok_status();
  }

  Status settle(std::size_t i, const RunFolder& folder, Inputs& inputs) {
    const RecipeStage& stage = recipe_.stages[i];
    const PlanOptions options{forced_[i], !request_.verify, facts_.processor()};
    CROSSFADE_ASSIGN_OR_RETURN(StagePlan plan,
                               plan_stage(stage, inputs, folder, options, context_));
    const bool cached = plan.state == StagePlan::State::kCached;
    const std::string head = "stage " + std::to_string(i + 1) + " of " +
                             std::to_string(recipe_.stages.size()) + ": " + stage.name + " (" +
                             stage.kind->name + ")";
    if (!request_.dry_run)
      context_.progress.say(head + (cached ? " is there already" : ", because " + plan.why));
    facts_.stages.push_back({plan.state, plan.why, std::move(plan.entry)});
    StageFacts& facts = facts_.stages.back();
    if (!request_.dry_run && !cached) {
      auto made = make(stage, folder, inputs, plan.key);
      if (!made.ok()) return made.status().at("stage " + stage.name);
      facts.entry = *std::move(made);
    }
    if (!request_.dry_run || cached) inputs.set_made(i, facts.entry.output);
    return ok_status();
  }

  Result<StageEntry> make(const RecipeStage& stage, const RunFolder& folder, const Inputs& inputs,
                          const Json& key) {
    CROSSFADE_RETURN_IF_ERROR(folder.begin(stage, sha256_hex(to_text(key))));
    const std::int64_t start_ns = clock_.steady_ns();
    const PathNames names = path_names(folder);
    CROSSFADE_ASSIGN_OR_RETURN(StageCall call, prepare(stage, folder, inputs));
    call.names = names;
    CROSSFADE_ASSIGN_OR_RETURN(const StageResult result, stage.kind->run(call, context_));
    const std::string output = folder.output_path(stage);
    const Json json = with_names(result.json, names);
    if (stage.kind->output == StageOutput::kResult)
      CROSSFADE_RETURN_IF_ERROR(replace_file(output, to_pretty_text(json)));
    else if (call.out != output)
      CROSSFADE_RETURN_IF_ERROR(rename_path(call.out, output));
    StageEntry entry;
    entry.key = key;
    CROSSFADE_ASSIGN_OR_RETURN(entry.output, read_content(output, {}, context_.threads));
    entry.document = with_names(archive(result.document), names);
    entry.page = with_names(archive(result.page), names);
    entry.json = json;
    entry.seconds = static_cast<double>(clock_.steady_ns() - start_ns) * 1e-9;
    entry.made_at_ns = clock_.now_ns();
    // The entry comes last: with it the stage is done, and nobody looks for leftovers again.
    CROSSFADE_RETURN_IF_ERROR(folder.remove_leftovers(stage));
    CROSSFADE_RETURN_IF_ERROR(write_entry(folder.entry_path(stage), entry));
    return entry;
  }

  PathNames path_names(const RunFolder& folder) const {
    PathNames names{{folder.path() + "/.crossfade/work/", ""}, {folder.path() + "/", ""}};
    if (!request_.data.empty()) names.emplace_back(request_.data + "/", "");
    return names;
  }

  // Names become paths; an output that grows begins as a copy of what it grows from.
  static Result<StageCall> prepare(const RecipeStage& stage, const RunFolder& folder,
                                   const Inputs& inputs) {
    StageCall call{stage.values, folder.output_path(stage), {}};
    call.values.set("set", json_list(stage.settings));
    for (const StageKey& key : stage.kind->keys) {
      if (!key.is_input) continue;
      Json paths = Json::array();
      for (const StageInput& input : stage.inputs)
        if (input.key == key.name) paths.push(inputs.path(input));
      if (key.type == StageKey::Type::kTexts)
        call.values.set(key.name, std::move(paths));
      else if (!paths.as_array()->empty())
        call.values.set(key.name, (*paths.as_array())[0]);
    }
    const std::string* grown = call.values[stage.kind->grows].as_string();
    if (stage.kind->grows.empty() || !grown || grown->empty()) return call;
    call.out = folder.work_path(stage);
    CROSSFADE_RETURN_IF_ERROR(clone_folder(*grown, call.out));
    call.values.set(stage.kind->grows, call.out);
    return call;
  }

  const Recipe& recipe_;
  const RunRequest& request_;
  const Clock& clock_;
  Context& context_;
  std::vector<bool> forced_;
  RunFacts facts_{{}, kernels::isa_name(), blas_core_name(), {}, 0, 0, 0};
};

}  // namespace

Result<RunOutcome> run_recipe(const Recipe& recipe, const RunRequest& request, const Clock& clock,
                              Context& context) {
  return Run(recipe, request, clock, context).run();
}

}  // namespace crossfade
