// crossfade describe STORE: what a store holds and what its imports dropped.
#include <ctime>

#include "crossfade/cli/command.h"
#include "crossfade/data/store.h"
#include "crossfade/data/summary.h"

namespace crossfade {
namespace {

// "2022-12-01"
std::string day_of(std::int64_t time_ns) {
  const std::time_t seconds = static_cast<std::time_t>(time_ns / 1'000'000'000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

class DescribeCommand final : public Command {
 public:
  std::string name() const override { return "describe"; }
  std::string summary() const override { return "show what a store holds"; }
  void declare(Arguments& arguments) override {
    arguments.positional("STORE", store_, "a folder that import or split wrote");
  }

  Status run(Session& session) override {
    CROSSFADE_ASSIGN_OR_RETURN(const Store store,
                               open_store(store_, Verify::kFull, &session.context.threads));
    const DatasetSummary summary = summarize(store.dataset);
    TableBlock table({"domain", "interactions", "users", "items", "per user", "from", "to"});
    Json domains = Json::array();
    for (const DomainSummary& domain : summary.domains) {
      const std::string first = domain.has_times ? day_of(domain.first_ns) : "-";
      const std::string last = domain.has_times ? day_of(domain.last_ns) : "-";
      table.add_row({Cell::text(domain.name), Cell::count(domain.interactions),
                     Cell::count(domain.active_users), Cell::count(domain.active_items),
                     Cell::number(domain.mean_history, 1), Cell::text(first), Cell::text(last)});
      domains.push(Json::object()
                       .set("name", domain.name)
                       .set("interactions", domain.interactions)
                       .set("users", domain.active_users)
                       .set("items", domain.active_items)
                       .set("longest_history", domain.longest_history)
                       .set("density", domain.density)
                       .set("first_day", first)
                       .set("last_day", last));
    }
    Document document("The store " + store_);
    document.add_table(std::move(table));
    Json imports = Json::array();
    for (const ImportReport& report : store.reports) {
      if (report.rows_read > 0) document.add_paragraph(report.source + ": " + report.sentence());
      imports.push(to_json(report));
    }
    session.print(document, Json::object()
                                .set("users", summary.users)
                                .set("users_in_all_domains", summary.users_in_all_domains)
                                .set("domains", std::move(domains))
                                .set("imports", std::move(imports))
                                .set("fingerprint", store.fingerprint));
    return ok_status();
  }

 private:
  std::string store_;
};

}  // namespace

std::unique_ptr<Command> make_describe_command() {
  return std::make_unique<DescribeCommand>();
}

}  // namespace crossfade
