// A job as JSON; see neural_job.h.
#include "crossfade/models/neural_program/neural_job.h"

namespace crossfade {

Json NeuralJob::to_json() const {
  return Json::object()
      .set("version", CROSSFADE_VERSION)
      .set("model", model)
      .set("store", store)
      .set("domain", domain)
      .set("out", out)
      .set("settings", json_list(settings))
      .set("seed", static_cast<std::int64_t>(seed))
      .set("threads", threads)
      .set("checkpoint", checkpoint)
      .set("memory_bytes", memory_bytes);
}

Result<NeuralJob> NeuralJob::from_json(const Json& json) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string version, json.string_at("version"));
  if (version != CROSSFADE_VERSION)
    return usage_error("the job is of crossfade " + version + " and this is crossfade-neural " +
                       CROSSFADE_VERSION + "; install both from one build");
  NeuralJob job;
  CROSSFADE_ASSIGN_OR_RETURN(job.model, json.string_at("model"));
  CROSSFADE_ASSIGN_OR_RETURN(job.store, json.string_at("store"));
  CROSSFADE_ASSIGN_OR_RETURN(job.domain, json.string_at("domain"));
  CROSSFADE_ASSIGN_OR_RETURN(job.out, json.string_at("out"));
  CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t seed, json.int_at("seed"));
  job.seed = static_cast<std::uint64_t>(seed);
  CROSSFADE_ASSIGN_OR_RETURN(job.threads, json.int_at("threads"));
  CROSSFADE_ASSIGN_OR_RETURN(job.checkpoint, json.string_at("checkpoint"));
  if (const std::int64_t* bytes = json["memory_bytes"].as_int()) job.memory_bytes = *bytes;
  const Json& settings = json["settings"];
  if (!settings.as_array()) return data_invalid("'settings' is not a list of name=value");
  for (const Json& setting : *settings.as_array()) {
    if (!setting.as_string()) return data_invalid("a setting is not a text name=value");
    job.settings.push_back(*setting.as_string());
  }
  return job;
}

}  // namespace crossfade
