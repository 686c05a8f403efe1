// page_scan: walks the page headers of one Parquet column chunk without reading its pages.
//
// A footer says how many values a chunk holds, and nothing protects that number. Before memory is
// taken for it, the headers of the chunk's pages have to agree: they are a few bytes each, so the
// walk costs about one cache miss per page (a page is some 20,000 rows). On the way it sees which
// pages carry a checksum, which Arrow verifies but does not report.
//
// Source: Apache Parquet format, parquet.thrift (PageHeader), in Thrift's compact protocol.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "crossfade/base/status.h"

namespace crossfade {

// Where the body of a page lies in the file: what its checksum, if it has one, is about.
struct PageBody {
  std::int64_t begin, end;
};

struct PageScan {
  std::int64_t values = 0;       // in all data pages, nulls among them
  std::vector<PageBody> bodies;  // of all pages, dictionary pages among them
  std::int64_t pages_with_checksum = 0;
};

// Walks the pages that begin at byte `start` of the file until they hold `expected_values` values
// or the file ends. Every read stays inside `file`. Errors (data invalid): a header that is none, a
// page that reaches beyond the file, fewer or more values than expected.
Result<PageScan> scan_pages(std::string_view file, std::int64_t start,
                            std::int64_t expected_values);

}  // namespace crossfade
