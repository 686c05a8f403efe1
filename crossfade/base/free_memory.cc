// Reading what the kernel says; see free_memory.h.
#include "crossfade/base/free_memory.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "crossfade/base/text.h"

namespace crossfade {

std::int64_t free_memory_bytes() {
  std::int64_t free = static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) *
                      static_cast<std::int64_t>(::sysconf(_SC_PAGESIZE));
  std::ifstream machine("/proc/meminfo");
  std::string name, unit;
  for (std::int64_t kib = 0; machine >> name >> kib; std::getline(machine, unit))
    if (name == "MemAvailable:") free = kib * 1024;
  std::int64_t allowed = 0;  // stays 0 where the file says "max"
  if (std::ifstream("/sys/fs/cgroup/memory.max") >> allowed && allowed > 0)
    free = std::min(free, allowed);
  return free;
}

Status check_memory(const std::string& what, double needed, std::int64_t limit_bytes,
                    const std::string& advice) {
  const auto limit = static_cast<double>(limit_bytes > 0 ? limit_bytes : free_memory_bytes());
  if (needed <= limit) return ok_status();
  const auto bytes = [](double number) {
    return format_bytes(static_cast<std::int64_t>(std::min(number, 9e18)));
  };
  return exhausted(what + " needs " + bytes(needed) + " of memory and " +
                   (limit_bytes > 0 ? "may take " : "this machine has ") + bytes(limit) +
                   (limit_bytes > 0 ? "" : " free") + "; " + advice);
}

}  // namespace crossfade
