// Knobs: every setting of a model, a split or a world is written once.
//
// A config is a plain struct with one template method that names each field with its range and
// help:
//
//   struct AlsConfig {
//     std::int64_t factors = 64;
//     template <class Visitor>
//     void knobs(Visitor& knob) {
//       knob("factors", factors, between(1, 4096), "numbers per user and item");
//     }
//   };
//
// Parsing `--set factors=128`, printing, --help, the manifest and tuning ranges are visitors over
// that one place. Field types: std::int64_t, double, bool, std::string (with a list of choices, or
// any text).
//
// Where tuning may look for a better value is said at the range: between(1, 4096).tuned_log(16,
// 256). A knob that says nothing keeps its default.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/base/status.h"

namespace crossfade {

// Where tuning looks for a knob's value.
struct TuneRange {
  enum class Kind {
    kNone,     // nowhere: the default stays
    kLinear,   // numbers from low to high
    kLog,      // the same on a logarithmic scale: 1 to 10 as often as 10 to 100
    kChoices,  // all choices; yes and no
    kEffort  // the default stays, and costs time in proportion; poor tries are given less, from low
  };
  Kind kind = Kind::kNone;
  double low = 0, high = 0;
};

// What a knob may be: numbers between low and high (both allowed), or one of the choices.
struct KnobRange {
  double low = 0, high = 0;
  std::vector<std::string> choices;
  TuneRange tune = {};

  KnobRange tuned(double from, double to) const {
    return with({TuneRange::Kind::kLinear, from, to});
  }
  KnobRange tuned_log(double from, double to) const {
    return with({TuneRange::Kind::kLog, from, to});
  }
  KnobRange tuned() const { return with({TuneRange::Kind::kChoices, 0, 0}); }
  KnobRange effort(double from) const { return with({TuneRange::Kind::kEffort, from, 0}); }

  KnobRange with(TuneRange range) const {
    KnobRange copy = *this;
    copy.tune = range;
    return copy;
  }
};
inline KnobRange between(double low, double high) {
  return {low, high, {}, {}};
}
inline KnobRange one_of(std::vector<std::string> choices) {
  return {0, 0, std::move(choices), {}};
}
// A text field that may be anything; what takes it checks it.
inline KnobRange any_text() {
  return {};
}
inline KnobRange yes_or_no() {
  return {0, 1, {}, {}};
}

// A knob without its struct: what help, tuning and registries see.
struct KnobInfo {
  std::string name, type;  // type: "integer", "number", "yes/no" or "choice"
  Json value;              // the default, when taken from a fresh config
  KnobRange range;
  std::string help;
};

// `text` as a value within `info`'s type and range, or the sentence that says what is wrong.
Result<Json> parse_knob(const KnobInfo& info, const std::string& text);
// One line per knob: name, default, range, help; for --help and the docs.
std::string describe_knobs(const std::vector<KnobInfo>& knobs);

namespace internal {
inline Json knob_json(const std::int64_t& value) {
  return value;
}
inline Json knob_json(const double& value) {
  return value;
}
inline Json knob_json(const bool& value) {
  return value;
}
inline Json knob_json(const std::string& value) {
  return value;
}
inline void knob_assign(std::int64_t& field, const Json& json) {
  field = *json.as_int();
}
inline void knob_assign(double& field, const Json& json) {
  field = json.number();
}
inline void knob_assign(bool& field, const Json& json) {
  field = *json.as_bool();
}
inline void knob_assign(std::string& field, const Json& json) {
  field = *json.as_string();
}
inline const char* knob_type(const std::int64_t&) {
  return "integer";
}
inline const char* knob_type(const double&) {
  return "number";
}
inline const char* knob_type(const bool&) {
  return "yes/no";
}
inline const char* knob_type(const std::string&) {
  return "choice";
}
// "name=value" -> the two parts.
Result<std::pair<std::string, std::string>> split_setting(const std::string& setting);
Status unknown_knob(const std::string& owner, const std::string& name,
                    const std::vector<KnobInfo>& knobs);
}  // namespace internal

template <class Config>
std::vector<KnobInfo> list_knobs(Config config = {}) {
  std::vector<KnobInfo> list;
  auto visitor = [&](const char* name, auto& field, KnobRange range, const char* help) {
    list.push_back({name, internal::knob_type(field), internal::knob_json(field), range, help});
  };
  config.knobs(visitor);
  return list;
}

// Applies "name=value" settings in order. `owner` names the config in errors ("als").
template <class Config>
Status apply_settings(Config& config, const std::string& owner,
                      const std::vector<std::string>& settings) {
  for (const std::string& setting : settings) {
    CROSSFADE_ASSIGN_OR_RETURN(const auto parts, internal::split_setting(setting));
    bool found = false;
    Status status;
    auto visitor = [&](const char* name, auto& field, KnobRange range, const char* help) {
      if (parts.first != name) return;
      found = true;
      auto value = parse_knob({name, internal::knob_type(field), {}, range, help}, parts.second);
      if (value.ok())
        internal::knob_assign(field, *value);
      else
        status = value.status().at(owner);
    };
    config.knobs(visitor);
    CROSSFADE_RETURN_IF_ERROR(status);
    if (!found) return internal::unknown_knob(owner, parts.first, list_knobs(config));
  }
  return ok_status();
}

// {"factors": 128, ...}, every knob in its order: for manifests and cache keys.
template <class Config>
Json knobs_to_json(Config config) {
  Json json = Json::object();
  for (const KnobInfo& knob : list_knobs(std::move(config))) json.set(knob.name, knob.value);
  return json;
}

}  // namespace crossfade
