// NamedProgress: progress that says names in place of paths: addresses of what was copied from S3.
#pragma once

#include <string>

#include "crossfade/base/path_names.h"
#include "crossfade/base/progress.h"

namespace crossfade {

class NamedProgress final : public Progress {
 public:
  // Both have to live as long; the names may come later.
  NamedProgress(Progress& inner, const PathNames& names) : inner_(inner), names_(names) {}
  void begin(const std::string& what, std::int64_t total, const std::string& unit) override {
    inner_.begin(with_names(what, names_), total, unit);
  }
  void advance(std::int64_t count) override { inner_.advance(count); }
  void end(const std::string& note) override { inner_.end(note); }
  void say(const std::string& sentence) override { inner_.say(with_names(sentence, names_)); }

 private:
  Progress& inner_;
  const PathNames& names_;
};

}  // namespace crossfade
