// Status and Result<T>: how every room says that something went wrong.
//
// Errors are of three kinds (ARCHITECTURE.md): the user's mistake and the environment's failure are
// values of this type and say what, where and what to do; our own mistakes are checks
// (base/check.h). Nothing throws across a room. The kind decides the exit code of a command.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "crossfade/base/check.h"

namespace crossfade {

// The value of each kind is the exit code of a command that ends with it.
enum class StatusKind : int {
  kOk = 0,
  kFailed = 1,        // the environment: a file that cannot be opened, a port in use
  kUsage = 2,         // the command line or a knob is wrong
  kDataInvalid = 3,   // a file's content is not what it has to be
  kExhausted = 4,     // out of memory or disk
  kInterrupted = 130  // the user pressed Ctrl-C
};

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(StatusKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}

  bool ok() const { return kind_ == StatusKind::kOk; }
  StatusKind kind() const { return kind_; }
  // One or two sentences: what is wrong, where, and what to do about it.
  const std::string& message() const { return message_; }
  int exit_code() const { return static_cast<int>(kind_); }
  // The same error with `place` and a colon in front of its message; an ok status is unchanged.
  Status at(const std::string& place) const;

 private:
  StatusKind kind_ = StatusKind::kOk;
  std::string message_;
};

inline Status ok_status() {
  return {};
}
Status failed(std::string message);
Status usage_error(std::string message);
Status data_invalid(std::string message);
Status exhausted(std::string message);
Status interrupted();
// The environment's failure with the reason of `errno_value`; a full disk or quota becomes
// kExhausted. Example: errno_status("cannot write out.parquet", ENOSPC).
Status errno_status(const std::string& what, int errno_value);

// A T, or the Status that says why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}         // NOLINT: implicit on purpose
  Result(Status status) : status_(std::move(status)) {  // NOLINT: implicit on purpose
    CROSSFADE_CHECK(!status_.ok(), "a Result without a value needs an error");
  }

  bool ok() const { return value_.has_value(); }
  const Status& status() const { return status_; }

  T& value() & {
    CROSSFADE_CHECK(ok(), status_.message());
    return *value_;
  }
  const T& value() const& {
    CROSSFADE_CHECK(ok(), status_.message());
    return *value_;
  }
  T&& value() && {
    CROSSFADE_CHECK(ok(), status_.message());
    return std::move(*value_);
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::optional<T> value_;
  Status status_;
};

}  // namespace crossfade

// Returns from the surrounding function if `expression` (a Status) is an error.
#define CROSSFADE_RETURN_IF_ERROR(expression)                                                \
  do {                                                                                       \
    if (::crossfade::Status status_of_expression = (expression); !status_of_expression.ok()) \
      return status_of_expression;                                                           \
  } while (false)

#define CROSSFADE_JOIN_INNER(a, b) a##b
#define CROSSFADE_JOIN(a, b) CROSSFADE_JOIN_INNER(a, b)

// CROSSFADE_ASSIGN_OR_RETURN(auto table, read_table(path)): the value, or return its error.
#define CROSSFADE_ASSIGN_OR_RETURN(declaration, expression)      \
  auto CROSSFADE_JOIN(result_at_line_, __LINE__) = (expression); \
  if (!CROSSFADE_JOIN(result_at_line_, __LINE__).ok())           \
    return CROSSFADE_JOIN(result_at_line_, __LINE__).status();   \
  declaration = std::move(CROSSFADE_JOIN(result_at_line_, __LINE__)).value()
