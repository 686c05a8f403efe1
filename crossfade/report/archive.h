// Archive: a Document as JSON that reads back as the same Document, for results that are kept and
// shown again later. (to_json() of document.h is for other programs and forgets how a number is
// rounded.)
#pragma once

#include "crossfade/report/document.h"

namespace crossfade {

Json archive(const Document& document);
// Errors (data invalid): not what archive() writes.
Result<Document> document_from_archive(const Json& json);

}  // namespace crossfade
