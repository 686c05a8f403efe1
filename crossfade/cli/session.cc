// Prints a command's result: text for people, JSON for machines.
#include <cstdio>

#include "crossfade/cli/command.h"

namespace crossfade {

void Session::print(const Document& document, const Json& json_form) const {
  if (keep) {
    *keep = {document, json_form};
    return;
  }
  const std::string text = json ? to_text(json_form) + "\n" : to_text(document);
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void Session::print(const Document& document) const {
  print(document, to_json(document));
}

}  // namespace crossfade
