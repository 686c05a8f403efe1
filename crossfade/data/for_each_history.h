// for_each_history: the histories of a domain, user by user, on all threads.
#pragma once

#include <cstddef>
#include <cstdint>

#include "crossfade/base/thread_pool.h"
#include "crossfade/data/dataset.h"

namespace crossfade {

// body(user, first row, end row) for every user, those without rows too. What one call writes must
// belong to its user alone; then threads change nothing.
template <class Body>
void for_each_history(const Domain& domain, ThreadPool& threads, const Body& body) {
  threads.parallel_for(static_cast<std::int64_t>(domain.offsets.size()) - 1, 1024,
                       [&](std::int64_t begin, std::int64_t end, int) {
                         for (auto user = static_cast<std::size_t>(begin);
                              user < static_cast<std::size_t>(end); ++user)
                           body(user, static_cast<std::size_t>(domain.offsets[user]),
                                static_cast<std::size_t>(domain.offsets[user + 1]));
                       });
}

}  // namespace crossfade
