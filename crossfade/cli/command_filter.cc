// crossfade filter STORE: what of a store counts, as a new store, and what each filter dropped.
#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/data/filters/filter.h"
#include "crossfade/data/store/store.h"

namespace crossfade {
namespace {

class FilterCommand final : public Command {
 public:
  std::string name() const override { return "filter"; }
  std::string summary() const override { return "leave out of a store what shall not count"; }
  void declare(Arguments& arguments) override {
    arguments.positional("STORE", store_, "a folder that import or split wrote");
    arguments.option("--filter", filters_, "a filter, see below; may be repeated, in order");
    arguments.required("--out", out_, "folder of the new store");
    arguments.option("--seed", seed_, "seed of filters that draw");
    arguments.footer("Filters, and what of each domain stays:\n" + describe_filters());
  }

  Status run(Session& session) override {
    if (filters_.empty()) return usage_error("filter needs --filter, as in --filter kcore:5");
    CROSSFADE_ASSIGN_OR_RETURN(const std::vector<Filter> filters, parse_filters(filters_));
    CROSSFADE_RETURN_IF_ERROR(refuse_existing(out_));
    CROSSFADE_ASSIGN_OR_RETURN(const Store store,
                               open_store(store_, Verify::kFull, &session.context.threads));
    const FilterOptions options{static_cast<std::uint64_t>(seed_)};
    CROSSFADE_ASSIGN_OR_RETURN(const Filtered filtered,
                               filter_dataset(store.dataset, filters, options, session.context));
    CROSSFADE_RETURN_IF_ERROR(create_store(out_, filtered.dataset, reports_of(store, filtered)));
    Document document("Filtered " + store_);
    document.add_table(filter_table(filtered.steps));
    document.add_paragraph("Wrote " + out_ + ".");
    session.print(document,
                  Json::object().set("store", out_).set("filters", to_json(filtered.steps)));
    return ok_status();
  }

 private:
  // The store's own reports, which say in addition what was filtered since.
  static std::vector<ImportReport> reports_of(const Store& store, const Filtered& filtered) {
    std::vector<ImportReport> reports = store.reports;
    for (ImportReport& report : reports)
      for (const FilterStep& step : filtered.steps)
        report.notes.push_back("the filter " + step.text + " dropped " +
                               format_count(step.before.rows - step.after.rows) + " of " +
                               format_count(step.before.rows) + " interactions of the store");
    return reports;
  }

  std::string store_, out_;
  std::vector<std::string> filters_;
  std::int64_t seed_ = 1;
};

}  // namespace

std::unique_ptr<Command> make_filter_command() {
  return std::make_unique<FilterCommand>();
}

}  // namespace crossfade
