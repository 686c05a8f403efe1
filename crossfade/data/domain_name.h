// Names of domains: they are also parts of paths.
#pragma once

#include <algorithm>
#include <string>

#include "crossfade/base/status.h"

namespace crossfade {

// Errors (usage): a name that is not made of letters, digits, '_', '-' and '.' (not first), or
// longer than 100 bytes: it names folders.
inline Status check_domain_name(const std::string& name) {
  if (name.size() > 100)
    return usage_error("a domain's name has at most 100 bytes, and this one has " +
                       std::to_string(name.size()));
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  if (!name.empty() && name[0] != '.' && std::all_of(name.begin(), name.end(), allowed))
    return ok_status();
  return usage_error("'" + name +
                     "' cannot name a domain; use letters, digits, '_', '-' and '.' (not first)");
}

}  // namespace crossfade
