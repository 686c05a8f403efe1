// One catch for everything that Arrow, Parquet and the standard library throw.
#include "crossfade/io/arrow_error.h"

#include <arrow/status.h>
#include <arrow/util/io_util.h>
#include <parquet/exception.h>

#include <new>
#include <stdexcept>
#include <string_view>

namespace crossfade {
namespace {

std::string without_prefix(std::string_view text) {
  constexpr std::string_view kPrefixes[] = {"Invalid: ", "IOError: ", "Parquet error: "};
  for (const std::string_view prefix : kPrefixes)
    if (text.substr(0, prefix.size()) == prefix) text.remove_prefix(prefix.size());
  while (!text.empty() && (text.back() == '\n' || text.back() == '.')) text.remove_suffix(1);
  return std::string(text);
}

Status out_of_memory(Doing doing, const std::string& what) {
  return exhausted(what + (doing == Doing::kReading ? ": out of memory; read fewer columns"
                                                    : ": out of memory"));
}

Status from_reason(Doing doing, const std::string& what, const std::string& reason) {
  return doing == Doing::kReading ? damaged(what, reason)
                                  : failed("cannot write " + what + ": " + without_prefix(reason));
}

}  // namespace

Status damaged(const std::string& what, const std::string& reason) {
  return data_invalid(what + " is damaged: " + without_prefix(reason) +
                      "; fetch or write the file again");
}

Status status_of_exception(Doing doing, const std::string& what) {
  try {
    throw;
  } catch (const parquet::ParquetStatusException& error) {
    if (error.status().IsOutOfMemory()) return out_of_memory(doing, what);
    const int errno_value = arrow::internal::ErrnoFromStatus(error.status());
    if (errno_value != 0) return errno_status(what, errno_value);
    return from_reason(doing, what, error.status().message());
  } catch (const std::bad_alloc&) {
    return out_of_memory(doing, what);
  } catch (const std::exception& error) {
    return from_reason(doing, what, error.what());
  } catch (...) {
    return from_reason(doing, what, "an unknown error");
  }
}

}  // namespace crossfade
