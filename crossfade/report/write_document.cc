// The four forms and the ends of their names.
#include "crossfade/report/write_document.h"

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

std::string json_form(const Document& document) {
  return to_pretty_text(to_json(document));
}

struct Form {
  std::string_view end;
  std::string (*write)(const Document&);
};
constexpr Form kForms[] = {
    {".html", to_html}, {".md", to_markdown}, {".txt", to_text}, {".json", json_form}};

const Form* find_form(const std::string& path) {
  for (const Form& form : kForms)
    if (path.size() > form.end.size() && path.ends_with(form.end)) return &form;
  return nullptr;
}

}  // namespace

Status check_document_path(const std::string& path) {
  if (find_form(path) != nullptr) return ok_status();
  return usage_error("a report is written as .html, .md, .txt or .json, and '" + path +
                     "' ends in none of these");
}

Status write_document(const Document& document, const std::string& path) {
  CROSSFADE_RETURN_IF_ERROR(check_document_path(path));
  return replace_file(path, find_form(path)->write(document));
}

}  // namespace crossfade
