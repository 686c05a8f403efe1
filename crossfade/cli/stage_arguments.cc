// Records what a command declares, and fills its fields later.
#include "crossfade/cli/stage_arguments.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace crossfade {
namespace {

// "--k" is k, "STORE" is store.
std::string key_name(std::string name) {
  name.erase(0, name.find_first_not_of('-'));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

}  // namespace

void StageArguments::add(const std::string& name, StageKey::Type type, const std::string& help,
                         Field field) {
  StageKey key;
  key.name = key_name(name);
  key.type = type;
  key.help = help;
  key.value = std::visit(
      [](const auto* bound) {
        if constexpr (std::is_same_v<decltype(bound), const std::vector<std::string>*>)
          return json_list(*bound);
        else
          return Json(*bound);
      },
      field);
  fields_[key.name] = field;
  keys_.push_back(std::move(key));
}

void StageArguments::positional(const std::string& name, std::string& field,
                                const std::string& help) {
  add(name, StageKey::Type::kText, help, &field);
  keys_.back().required = true;
}

void StageArguments::positional(const std::string& name, std::vector<std::string>& field,
                                const std::string& help) {
  add(name, StageKey::Type::kTexts, help, &field);
  keys_.back().required = true;
}

void StageArguments::required(const std::string& name, std::string& field,
                              const std::string& help) {
  positional(name, field, help);
}

void StageArguments::option(const std::string& name, std::string& field, const std::string& help) {
  add(name, StageKey::Type::kText, help, &field);
}

void StageArguments::option(const std::string& name, std::int64_t& field, const std::string& help) {
  add(name, StageKey::Type::kInteger, help, &field);
}

void StageArguments::option(const std::string& name, std::vector<std::string>& field,
                            const std::string& help) {
  add(name, StageKey::Type::kTexts, help, &field);
}

void StageArguments::flag(const std::string& name, bool& field, const std::string& help) {
  add(name, StageKey::Type::kFlag, help, &field);
}

void StageArguments::fill(const Json& values) const {
  for (const auto& [name, field] : fields_) {
    const Json& value = values[name];
    if (value.is_null()) continue;
    if (const auto* text = std::get_if<std::string*>(&field)) **text = *value.as_string();
    if (const auto* number = std::get_if<std::int64_t*>(&field)) **number = *value.as_int();
    if (const auto* flag = std::get_if<bool*>(&field)) **flag = *value.as_bool();
    if (const auto* list = std::get_if<std::vector<std::string>*>(&field)) {
      (*list)->clear();
      for (const Json& entry : *value.as_array()) (*list)->push_back(*entry.as_string());
    }
  }
}

}  // namespace crossfade
