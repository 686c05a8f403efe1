// Reads logs whole, a domain after the other, and renumbers their items; see history_files.h.
#include "crossfade/pipeline/history_files.h"

#include <algorithm>
#include <span>
#include <type_traits>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/io/file_kind.h"
#include "crossfade/io/table_reader.h"
#include "crossfade/io/whole_log.h"

namespace crossfade {
namespace {

// The model's index of every item of the file; kUnknown if it has none.
std::vector<ItemIndex> places_of(const Vocabulary& file, const Vocabulary& model) {
  std::vector<ItemIndex> places(static_cast<std::size_t>(file.size()));
  for (std::int32_t i = 0; i < file.size(); ++i)
    places[static_cast<std::size_t>(i)] =
        file.is_text() ? model.find(file.texts()[static_cast<std::size_t>(i)])
                       : model.find(file.numbers()[static_cast<std::size_t>(i)]);
  return places;
}

template <class T>
Array<T> kept(const Array<T>& column, const std::vector<std::size_t>& rows) {
  std::vector<T> values;
  if (column.empty()) return values;
  values.reserve(rows.size());
  for (const std::size_t row : rows) values.push_back(column[row]);
  return values;
}

// The domain with the model's items; rows of others are left out and counted.
Domain renumber(const Domain& file, const Vocabulary& items, HistoryFiles::Placed& placed) {
  const std::vector<ItemIndex> places = places_of(file.items, items);
  const auto place_of = [&](std::size_t row) {
    return places[static_cast<std::size_t>(file.item[row])];
  };
  std::vector<std::size_t> rows;
  std::vector<std::int64_t> offsets{0};
  std::vector<ItemIndex> item;
  for (std::size_t user = 0; user + 1 < file.offsets.size(); ++user) {
    for (auto row = static_cast<std::size_t>(file.offsets[user]);
         row < static_cast<std::size_t>(file.offsets[user + 1]); ++row) {
      if (place_of(row) == kUnknown) continue;
      rows.push_back(row);
      item.push_back(place_of(row));
    }
    offsets.push_back(std::ssize(rows));
  }
  placed.rows += file.num_interactions();
  placed.unknown_rows += file.num_interactions() - std::ssize(rows);
  placed.unknown_items += std::count(places.begin(), places.end(), kUnknown);
  Domain domain;
  domain.name = file.name;
  domain.items = items;
  domain.offsets = std::move(offsets);
  domain.item = std::move(item);
  domain.weight = kept(file.weight, rows);
  domain.time_ns = kept(file.time_ns, rows);
  domain.kind = kept(file.kind, rows);
  domain.session = kept(file.session, rows);
  return domain;
}

// The users that a file names in any row, whatever else that row lacks; nothing where the file is
// of a kind without columns.
Result<IdColumn> users_named_in(const std::string& path, const std::string& column,
                                Context& context) {
  IdColumn ids;
  if (column.empty() || !kind_of_name(path)) return ids;
  CROSSFADE_ASSIGN_OR_RETURN(const Table table, read_table(path, {{column}, {}}, context));
  const Column& users = table.columns[0];
  std::visit(
      [&](const auto& values) {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        using Id = std::conditional_t<std::is_same_v<Value, std::int32_t>, std::int64_t, Value>;
        if constexpr (std::is_same_v<Id, std::int64_t> || std::is_same_v<Id, std::string>) {
          std::vector<Id> named;
          for (std::size_t row = 0; row < values.size(); ++row)
            if (!users.is_null(row)) named.push_back(values[row]);
          ids = std::move(named);
        }
      },
      users.values);
  return ids;
}

Domain without_rows(const std::string& name, const Vocabulary& items) {
  Domain domain;
  domain.name = name;
  domain.items = items;
  domain.offsets = std::vector<std::int64_t>{0};
  return domain;
}

}  // namespace

Result<std::vector<HistoryInput>> parse_history_inputs(const std::vector<std::string>& texts,
                                                       const std::vector<std::string>& domains,
                                                       const std::string& target) {
  std::vector<HistoryInput> inputs;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    std::string domain = target, file = text;
    if (equals != std::string::npos && !path_exists(text)) {
      domain = text.substr(0, equals);
      file = text.substr(equals + 1);
      if (std::find(domains.begin(), domains.end(), domain) == domains.end())
        return unknown_name("domain of the models", domain, domains);
    }
    if (domain.empty())
      return usage_error("--history " + text + " does not say of which domain it is; write " +
                         "DOMAIN=FILE with one of " + join(domains, ", "));
    auto at = std::find_if(inputs.begin(), inputs.end(),
                           [&](const HistoryInput& input) { return input.domain == domain; });
    if (at == inputs.end()) at = inputs.insert(inputs.end(), {domain, {}});
    at->files.push_back(file);
  }
  return inputs;
}

Result<HistoryFiles> HistoryFiles::read(const std::vector<HistoryInput>& inputs,
                                        const LogSchema& schema, Context& context) {
  HistoryFiles histories;
  for (const HistoryInput& input : inputs) {
    CROSSFADE_ASSIGN_OR_RETURN(WholeLog log, read_whole_log(input.files, schema, context));
    const bool dropped = log.report.rows_dropped() > 0;
    if (dropped) context.progress.say(log.report.sentence());
    CROSSFADE_ASSIGN_OR_RETURN(const Dataset dataset,
                               build_dataset(Dataset(histories.users_, {}), input.domain,
                                             std::move(log.columns), context));
    histories.users_ = dataset.users();
    histories.domains_.push_back(dataset.domains()[0]);
    // Whoever is named is to be served, also if none of his rows could be used.
    for (const std::string& file : dropped ? input.files : std::vector<std::string>()) {
      CROSSFADE_ASSIGN_OR_RETURN(const IdColumn ids, users_named_in(file, schema.user, context));
      CROSSFADE_ASSIGN_OR_RETURN(const auto named, histories.add_users(ids));
      auto& of_domain = histories.named_[input.domain];
      of_domain.insert(named.begin(), named.end());
    }
  }
  return histories;
}

Result<std::vector<UserIndex>> HistoryFiles::add_users(const IdColumn& ids) {
  CROSSFADE_ASSIGN_OR_RETURN(Encoded encoded, encode_ids(users_, ids));
  users_ = std::move(encoded.vocabulary);
  std::vector<UserIndex> users = std::move(encoded.indices);
  std::vector<bool> named(static_cast<std::size_t>(users_.size()));
  std::erase_if(users, [&](UserIndex user) {
    const bool before = named[static_cast<std::size_t>(user)];
    named[static_cast<std::size_t>(user)] = true;
    return before;
  });
  return users;
}

std::vector<UserIndex> HistoryFiles::users_of(const std::string& domain) const {
  const auto found = std::find_if(domains_.begin(), domains_.end(),
                                  [&](const Domain& known) { return known.name == domain; });
  const auto named = named_.find(domain);
  std::vector<UserIndex> users;
  for (UserIndex user = 0; user < users_.size(); ++user)
    if (found == domains_.end() || !found->history(user).empty() ||
        (named != named_.end() && named->second.contains(user)))
      users.push_back(user);
  return users;
}

Result<HistoryFiles::Placed> HistoryFiles::under(const ItemIds& ids) const {
  Placed placed;
  std::vector<Domain> domains;
  for (const ItemIds::OfDomain& wanted : ids.domains) {
    while (domains.size() <= wanted.place) domains.push_back(without_rows("", Vocabulary()));
    const auto file = std::find_if(domains_.begin(), domains_.end(),
                                   [&](const Domain& known) { return known.name == wanted.name; });
    domains[wanted.place] = file == domains_.end() ? without_rows(wanted.name, wanted.items)
                                                   : renumber(*file, wanted.items, placed);
  }
  // One item may be new; several, and none known, are of another data set.
  if (placed.unknown_items > 1 && placed.unknown_rows == placed.rows)
    return data_invalid("none of the " + format_count(placed.unknown_items) +
                        " items of these histories is known to the model, which was trained on "
                        "other items; are the files of another data set, or of another domain?");
  placed.dataset = Dataset(users_, std::move(domains));
  return placed;
}

}  // namespace crossfade
