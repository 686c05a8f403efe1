// Every user's rows have their place in the log before anyone plays, so threads never meet.
#include "crossfade/synth/log.h"

#include <span>
#include <utility>
#include <vector>

#include "crossfade/synth/time_order.h"

namespace crossfade {
namespace {

constexpr std::int64_t kUserGrain = 256;
constexpr std::int64_t kRowGrain = 1 << 16;

struct Rows {
  std::vector<std::int32_t> user, item;
  std::vector<std::int64_t> time_ms;
  std::vector<double> rating;
};

template <class T>
std::span<T> rows_of(std::vector<T>& values, const Service& service, std::int64_t user) {
  return std::span<T>(values).subspan(static_cast<std::size_t>(service.first_row(user)),
                                      static_cast<std::size_t>(service.num_events(user)));
}

void play_user(const Service& service, std::int64_t user, const LogForm& form, Rows& rows,
               Service::Scratch& scratch, Rng ratings) {
  const auto items = rows_of(rows.item, service, user);
  const auto rating = rows_of(rows.rating, service, user);
  service.play(user, items, rows_of(rows.time_ms, service, user), scratch);
  for (std::size_t e = 0; e < items.size(); ++e) rating[e] = form.rating(user, items[e], ratings);
  for (std::int32_t& of_row : rows_of(rows.user, service, user))
    of_row = static_cast<std::int32_t>(user);
}

// make(i) for every row, in parallel; `done` is emptied.
template <class To, class From, class Make>
std::vector<To> convert(std::vector<From>&& done, ThreadPool& threads, Make&& make) {
  const std::vector<From> from = std::move(done);
  std::vector<To> to(from.size());
  threads.parallel_for(static_cast<std::int64_t>(from.size()), kRowGrain,
                       [&](std::int64_t begin, std::int64_t end, int) {
                         for (auto i = static_cast<std::size_t>(begin);
                              i < static_cast<std::size_t>(end); ++i)
                           to[i] = make(from[i]);
                       });
  return to;
}

Table to_table(Rows&& rows, const LogForm& form, ThreadPool& threads) {
  Table table;
  const auto add = [&](const char* name, Column::Values values) {
    table.columns.push_back({name, std::move(values), Column::Meaning::kPlain, {}});
  };
  add("user_id", convert<std::int64_t>(std::move(rows.user), threads, [&](std::int32_t user) {
        return form.first_user_id + user;
      }));
  add("item_id", convert<std::int64_t>(std::move(rows.item), threads, [&](std::int32_t item) {
        return form.first_item_id + item;
      }));
  add("timestamp", convert<std::int64_t>(std::move(rows.time_ms), threads, [&](std::int64_t ms) {
        return form.time_unit_ns >= 1000000 ? ms / (form.time_unit_ns / 1000000)
                                            : ms * (1000000 / form.time_unit_ns);
      }));
  add("rating", std::move(rows.rating));
  return table;
}

}  // namespace

Result<Table> generate_log(const Service& service, const LogForm& form, Context& context) {
  const auto size = static_cast<std::size_t>(service.num_rows());
  Rows rows;
  rows.user.resize(size);
  rows.item.resize(size);
  rows.time_ms.resize(size);
  rows.rating.resize(size);
  std::vector<Service::Scratch> scratch(static_cast<std::size_t>(context.threads.num_threads()));

  context.progress.begin("generate " + service.shape().log, service.num_rows(), "events");
  context.threads.parallel_for(
      service.num_users(), kUserGrain, [&](std::int64_t begin, std::int64_t end, int worker) {
        if (context.stop.load()) return;
        for (std::int64_t user = begin; user < end; ++user)
          play_user(service, user, form, rows, scratch[static_cast<std::size_t>(worker)],
                    service.stream(user, Purpose::kRatings));
        context.progress.advance(service.first_row(end) - service.first_row(begin));
      });
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  if (form.by_time) {
    const std::vector<std::int32_t> order = time_order(rows.time_ms, context.threads);
    reorder(rows.user, order, context.threads);
    reorder(rows.item, order, context.threads);
    reorder(rows.time_ms, order, context.threads);
    reorder(rows.rating, order, context.threads);
  }
  context.progress.end();
  return to_table(std::move(rows), form, context.threads);
}

}  // namespace crossfade
