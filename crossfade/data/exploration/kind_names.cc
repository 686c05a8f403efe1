// Reads the sentence that io/log_columns.cc writes; a later import of a domain repeats the names of
// an earlier one and adds its own behind.
#include "crossfade/data/exploration/kind_names.h"

#include <algorithm>
#include <utility>

namespace crossfade {

std::vector<std::string> kind_names_in(const std::string& note) {
  std::vector<std::string> names;
  if (note.rfind("kinds in column '", 0) != 0) return names;
  std::size_t begin = note.find("': 0 = ");
  if (begin == std::string::npos) return names;
  begin += 7;
  for (std::size_t kind = 1;; ++kind) {
    const std::string next = ", " + std::to_string(kind) + " = ";
    const std::size_t end = note.find(next, begin);
    names.push_back(note.substr(begin, end == std::string::npos ? end : end - begin));
    if (end == std::string::npos) return names;
    begin = end + next.size();
  }
}

void name_kinds(ExplorationReport& report) {
  std::vector<DomainExploration>& domains = report.exploration.domains;
  const auto has_kinds = [](const DomainExploration& domain) { return domain.values.has_kinds; };
  if (std::count_if(domains.begin(), domains.end(), has_kinds) != 1) return;
  std::vector<std::string> names;
  for (const ImportReport& import : report.imports)
    for (const std::string& note : import.notes) {
      std::vector<std::string> noted = kind_names_in(note);
      if (noted.size() > names.size()) std::swap(noted, names);
      if (!std::equal(noted.begin(), noted.end(), names.begin())) return;
    }
  std::find_if(domains.begin(), domains.end(), has_kinds)->values.kind_names = std::move(names);
}

}  // namespace crossfade
