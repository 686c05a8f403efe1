// write_document: a Document into a file whose name says in which form.
#pragma once

#include <string>

#include "crossfade/report/document.h"

namespace crossfade {

// By the end of the name: .html, .md, .txt or .json. Whole or not there. Errors: another end
// (usage); what writing says.
Status write_document(const Document& document, const std::string& path);
// The same error before the work is done.
Status check_document_path(const std::string& path);

}  // namespace crossfade
