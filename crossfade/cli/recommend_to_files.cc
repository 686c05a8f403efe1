// Models, then histories, then one file of lists per domain.
#include "crossfade/cli/recommend_to_files.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/staged_folder.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/named_progress.h"
#include "crossfade/cli/saved_models.h"
#include "crossfade/data/filters/filter.h"
#include "crossfade/io/candidate_lists.h"
#include "crossfade/io/candidates_io.h"
#include "crossfade/io/submission_csv.h"
#include "crossfade/io/table_reader.h"
#include "crossfade/pipeline/history_files.h"

namespace crossfade {
namespace {

// What came of one domain.
struct Served {
  std::string domain, file;
  std::int64_t users = 0, cold = 0, without_history = 0, short_lists = 0, items = 0;
  std::int64_t rows = 0, unknown_rows = 0, unknown_items = 0;
};

class FileServer {
 public:
  FileServer(const RecommendToFiles& asked, HistoryFiles histories, Context& context)
      : asked_(asked), histories_(std::move(histories)), context_(context) {}

  Status name_users() {
    if (asked_.users_of.empty()) return ok_status();
    CROSSFADE_ASSIGN_OR_RETURN(Table table,
                               read_table(asked_.users_of, {{"user_id"}, {}}, context_));
    Column& column = table.columns[0];
    IdColumn ids;
    if (auto* numbers = std::get_if<std::vector<std::int64_t>>(&column.values))
      ids = std::move(*numbers);
    else if (auto* small = std::get_if<std::vector<std::int32_t>>(&column.values))
      ids = std::vector<std::int64_t>(small->begin(), small->end());
    else if (auto* texts = std::get_if<std::vector<std::string>>(&column.values))
      ids = std::move(*texts);
    else
      return data_invalid(asked_.users_of + ": user_id holds neither whole numbers nor text");
    auto users = histories_.add_users(ids);
    if (!users.ok()) return users.status().at(asked_.users_of);
    named_ = *std::move(users);
    return ok_status();
  }

  // Answers for one domain and writes its file.
  Result<Served> serve(const DomainModels& domain, const std::string& path,
                       Context& context) const {
    auto placed = histories_.under(domain.ids);
    const std::string& name = domain.model->domain();
    if (!placed.ok()) return placed.status().at("domain '" + name + "'");
    Dataset dataset = std::move(placed->dataset);
    CROSSFADE_ASSIGN_OR_RETURN(const auto filters, parse_filters(asked_.filters));
    for (const Filter& filter : filters) {
      CROSSFADE_ASSIGN_OR_RETURN(dataset, filter.apply(dataset, {}, context));
    }
    const std::size_t place = domain.ids.domains[0].place;
    const std::vector<UserIndex> users = named_ ? *named_ : histories_.users_of(name);
    const DatasetUsers views(dataset, users);
    RecommendOptions options;
    options.k = asked_.k;
    options.keep_seen = asked_.keep_seen;
    context.progress.begin("recommending " + name, std::ssize(users), "users");
    // Their numbers are the files': no model may take them for users of its training.
    std::vector<UserView> strangers(views.views().begin(), views.views().end());
    for (UserView& stranger : strangers) stranger.user = kUnknown;
    CROSSFADE_ASSIGN_OR_RETURN(Candidates lists,
                               domain.model->recommend_batch(strangers, place, options, context));
    lists.users = users;
    context.progress.end("");
    CROSSFADE_RETURN_IF_ERROR(
        asked_.format.write(lists, dataset.users(), domain.ids.domains[0].items, path, context));
    Served served = count(views, lists, domain.cold_events);
    served.domain = name;
    served.rows = placed->rows;
    served.unknown_rows = placed->unknown_rows;
    served.unknown_items = placed->unknown_items;
    return served;
  }

 private:
  Served count(const DatasetUsers& views, const Candidates& lists, std::int64_t cold_events) const {
    Served served;
    served.users = lists.num_lists();
    served.items = std::ssize(lists.items);
    for (const UserView& view : views.views()) {
      std::int64_t events = 0;
      for (const History& history : view.by_domain)
        events += static_cast<std::int64_t>(history.size());
      served.cold += events <= cold_events;
      served.without_history += events == 0;
    }
    for (std::int64_t l = 0; l < lists.num_lists(); ++l)
      served.short_lists += std::ssize(lists.list(l)) < asked_.k;
    return served;
  }

  const RecommendToFiles& asked_;
  HistoryFiles histories_;
  Context& context_;
  std::optional<std::vector<UserIndex>> named_;
};

Json to_json(const Served& served) {
  return Json::object()
      .set("domain", served.domain)
      .set("file", served.file)
      .set("users", served.users)
      .set("warm", served.users - served.cold)
      .set("cold", served.cold)
      .set("without_history", served.without_history)
      .set("short_lists", served.short_lists)
      .set("rows", served.rows)
      .set("rows_of_unknown_items", served.unknown_rows)
      .set("unknown_items", served.unknown_items);
}

void report(const std::vector<Served>& all, std::int64_t k, const Session& session) {
  Document document("Recommendations from saved models");
  TableBlock table({"domain", "users", "warm", "cold", "without a history", "shorter than k"});
  Json domains = Json::array();
  for (const Served& served : all) {
    table.add_row({Cell::text(served.domain), Cell::count(served.users),
                   Cell::count(served.users - served.cold), Cell::count(served.cold),
                   Cell::count(served.without_history), Cell::count(served.short_lists)});
    domains.push(to_json(served));
  }
  document.add_table(std::move(table));
  for (const Served& served : all) {
    std::string text = "Wrote " + format_count(served.items) + " items (k = " + std::to_string(k) +
                       ") to " + served.file + ".";
    if (served.unknown_rows > 0)
      text += " " + format_count(served.unknown_rows) + " of " + format_count(served.rows) +
              " rows of the histories are of " + format_count(served.unknown_items) +
              " items that the models do not know, and were left out.";
    document.add_paragraph(text);
  }
  session.print(document, Json::object().set("domains", std::move(domains)));
}

std::vector<std::string> domains_of(const std::vector<DomainModels>& models) {
  std::vector<std::string> names;
  for (const DomainModels& domain : models)
    for (const ItemIds::OfDomain& known : domain.ids.domains)
      if (std::find(names.begin(), names.end(), known.name) == names.end())
        names.push_back(known.name);
  return names;
}

}  // namespace

Status ListFormat::check() const {
  if (name == "rows" || name == "submission" || name == "csv") return ok_status();
  return unknown_name("format of lists", name, {"rows", "submission", "csv"});
}

std::string ListFormat::file_of(const std::string& domain) const {
  if (name == "rows") return domain + ".parquet";
  return "submission_" + domain + (name == "csv" ? ".csv" : ".parquet");
}

Status ListFormat::write(const Candidates& candidates, const Vocabulary& users,
                         const Vocabulary& items, const std::string& path, Context& context) const {
  if (name == "csv") return write_submission_csv(candidates, users, items, path);
  if (name == "submission") return write_candidate_lists(candidates, users, items, path, context);
  return write_candidates(candidates, users, items, path, context);
}

Status recommend_to_files(const RecommendToFiles& asked, const Session& session) {
  BlendConfig config;
  config.depth = 1;  // each model is asked for k
  CROSSFADE_RETURN_IF_ERROR(
      apply_settings(config, "recommend", {"cold_events=" + std::to_string(asked.cold_events)}));
  CROSSFADE_RETURN_IF_ERROR(parse_filters(asked.filters).status());
  CROSSFADE_ASSIGN_OR_RETURN(const LogSchema schema, choose_schema(asked.schema));
  CROSSFADE_ASSIGN_OR_RETURN(auto models, open_saved_models(asked.models, config));
  const std::string target = models.size() == 1 ? models[0].model->domain() : "";
  CROSSFADE_ASSIGN_OR_RETURN(const auto inputs,
                             parse_history_inputs(asked.history, domains_of(models), target));
  CROSSFADE_ASSIGN_OR_RETURN(HistoryFiles histories,
                             HistoryFiles::read(inputs, schema, session.context));
  FileServer server(asked, std::move(histories), session.context);
  CROSSFADE_RETURN_IF_ERROR(server.name_users());
  std::vector<Served> all;
  if (models.size() == 1) {
    CROSSFADE_ASSIGN_OR_RETURN(Served served, server.serve(models[0], asked.out, session.context));
    served.file = asked.out;
    all.push_back(std::move(served));
  } else {
    CROSSFADE_ASSIGN_OR_RETURN(StagedFolder folder, StagedFolder::create(asked.out));
    const PathNames names{{folder.path() + "/", asked.out + "/"}};
    NamedProgress progress(session.context.progress, names);
    Context context{session.context.threads, progress, session.context.stop};
    for (const DomainModels& domain : models) {
      const std::string file = asked.format.file_of(domain.model->domain());
      CROSSFADE_ASSIGN_OR_RETURN(Served served,
                                 server.serve(domain, folder.path() + "/" + file, context));
      served.file = asked.out + "/" + file;
      all.push_back(std::move(served));
    }
    CROSSFADE_RETURN_IF_ERROR(folder.commit());
  }
  report(all, asked.k, session);
  return ok_status();
}

}  // namespace crossfade
