// Makes each kind of Status, and turns the operating system's error numbers into sentences.
#include "crossfade/base/status.h"

#include <cerrno>
#include <cstring>

namespace crossfade {

Status Status::at(const std::string& place) const {
  return ok() ? *this : Status(kind_, place + ": " + message_);
}

Status failed(std::string message) {
  return {StatusKind::kFailed, std::move(message)};
}
Status usage_error(std::string message) {
  return {StatusKind::kUsage, std::move(message)};
}
Status data_invalid(std::string message) {
  return {StatusKind::kDataInvalid, std::move(message)};
}
Status exhausted(std::string message) {
  return {StatusKind::kExhausted, std::move(message)};
}
Status interrupted() {
  return {StatusKind::kInterrupted, "interrupted"};
}

Status errno_status(const std::string& what, int errno_value) {
  const bool disk = errno_value == ENOSPC || errno_value == EDQUOT || errno_value == EFBIG;
  const bool full = disk || errno_value == ENOMEM;
  const std::string advice = disk ? "; free some space and run the command again" : "";
  return {full ? StatusKind::kExhausted : StatusKind::kFailed,
          what + ": " + std::strerror(errno_value) + advice};
}

}  // namespace crossfade
