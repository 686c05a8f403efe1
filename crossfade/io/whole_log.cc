// Room for all rows is made once where the files say how many they have.
#include "crossfade/io/whole_log.h"

#include <utility>

#include "crossfade/io/log_stream.h"

namespace crossfade {
namespace {

// Appends `from`, or becomes it where there is nothing yet. Blocks of a log agree in their columns.
template <class T>
void append(std::vector<T>& to, std::vector<T> from, std::size_t rows) {
  if (to.empty()) {
    to = std::move(from);
    if (!to.empty()) to.reserve(rows);
  } else {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  }
}

void append_ids(IdColumn& to, IdColumn from, std::size_t rows) {
  if (size_of(to) == 0 && from.index() == 1) to = std::vector<std::string>();
  std::visit(
      [&](auto& ids) {
        using Ids = std::decay_t<decltype(ids)>;
        append(ids, std::move(std::get<Ids>(from)), rows);
      },
      to);
}

}  // namespace

Result<WholeLog> read_whole_log(const std::vector<std::string>& inputs, const LogSchema& schema,
                                Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(LogStream stream, LogStream::open(inputs, schema, {}, context));
  WholeLog log;
  log.report.source = stream.source();
  const auto rows = static_cast<std::size_t>(stream.total_rows().value_or(0));
  for (;;) {
    CROSSFADE_ASSIGN_OR_RETURN(std::optional<LogColumns> block, stream.next(log.report, context));
    if (!block) break;
    LogColumns& all = log.columns;
    append_ids(all.users, std::move(block->users), rows);
    append_ids(all.items, std::move(block->items), rows);
    append(all.time_ns, std::move(block->time_ns), rows);
    append(all.weights, std::move(block->weights), rows);
    append(all.kinds, std::move(block->kinds), rows);
    append(all.sessions, std::move(block->sessions), rows);
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  }
  if (log.report.rows_read == 0)
    return data_invalid(log.report.source + " has no rows; there is nothing to see");
  if (log.report.rows_kept == 0)
    return data_invalid(log.report.source + " has no usable row: " + log.report.sentence());
  return log;
}

}  // namespace crossfade
