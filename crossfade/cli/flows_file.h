// The files that `bundle create` reads beside a store: flows.toml, and a config.json of botify.
//
//   [parts]                                # name = file, beside this one
//   hstu = "hstu_recommendations.json"     # lists (bundle/list_file.h), Parquet with user_id and
//   als = "models/als"                     # item_id, or a model that train wrote
//   [flows]                                # serving/flow_plan.h
//   [[experiments]]
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/json.h"
#include "crossfade/bundle/bundle.h"

namespace crossfade {

using NamedPaths = std::vector<std::pair<std::string, std::string>>;

struct FlowsFile {
  NamedPaths parts;
  Json plan;                                  // for parse_flow_plan()
  std::map<std::string, std::int64_t> lines;  // of its keys
};
// Errors: those of reading; no TOML (data invalid, with the line); another member than parts, flows
// and experiments, a part that is no text (usage).
Result<FlowsFile> read_flows_file(const std::string& path);

// What a botify service of any year was started with. REDIS_* and DATA_LOG_* say nothing of a
// bundle; other keys of files become parts: RECOMMENDATIONS_LFM_FILE_PATH the part lfm,
// RECOMMENDATIONS_FILE_PATH recommendations, TOP_TRACKS and TOP_TRACKS_CATALOG top.
struct BotifyConfig {
  std::string catalog;
  NamedPaths parts;
};
// Paths are meant from the file's folder, where botify is started. Errors: those of reading; not an
// object of texts and numbers (data invalid); a key that no year has (usage).
Result<BotifyConfig> read_botify_config(const std::string& path);

// Adds each part to `input` as what it is. Errors name the part.
Status add_parts(const NamedPaths& parts, BundleInput& input, Context& context);

}  // namespace crossfade
