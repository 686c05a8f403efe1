// Prints a command's result: text for people, JSON for machines.
#include <cstdio>

#include "crossfade/cli/command.h"
#include "crossfade/report/archive.h"
#include "crossfade/report/write_document.h"

namespace crossfade {

Document named(const Document& document, const PathNames& names) {
  if (names.empty()) return document;
  const auto named = document_from_archive(with_names(archive(document), names));
  return named.ok() ? *named : document;
}

void Session::print(const Document& document, const Json& json_form) const {
  if (keep) {
    *keep = {document, document, json_form};
    return;
  }
  const std::string text = json ? to_text(names ? with_names(json_form, *names) : json_form) + "\n"
                                : to_text(names ? named(document, *names) : document);
  if (said) {
    *said += text;
    return;
  }
  std::fwrite(text.data(), 1, text.size(), stdout);  // main() asks whether it arrived
}

void Session::print(const Document& document) const {
  print(document, to_json(document));
}

Status Session::print(const Document& document, const Json& json_form, const Document& page,
                      const std::string& html) const {
  if (!html.empty())
    CROSSFADE_RETURN_IF_ERROR(write_document(names ? named(page, *names) : page, html));
  print(document, json_form);
  if (keep) keep->page = page;
  return ok_status();
}

}  // namespace crossfade
