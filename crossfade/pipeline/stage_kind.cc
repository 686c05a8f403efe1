// Looks keys up and names outputs.
#include "crossfade/pipeline/stage_kind.h"

namespace crossfade {

const StageKey* StageKind::find(const std::string& key) const {
  for (const StageKey& candidate : keys)
    if (candidate.name == key) return &candidate;
  return nullptr;
}

std::string StageKind::output_name(const std::string& stage) const {
  switch (output) {
    case StageOutput::kFolder:
      return stage;
    case StageOutput::kParquet:
      return stage + ".parquet";
    case StageOutput::kResult:
      return stage + ".json";
  }
  return stage;
}

}  // namespace crossfade
