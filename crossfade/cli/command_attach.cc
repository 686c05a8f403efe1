// crossfade attach STORE: what is known of a domain's items beside who took them, and of the users.
#include "crossfade/cli/command.h"
#include "crossfade/cli/side_table_arguments.h"

namespace crossfade {
namespace {

class AttachCommand final : public Command {
 public:
  std::string name() const override { return "attach"; }
  std::string summary() const override {
    return "add attributes, names, vectors of items; attributes of users";
  }
  void declare(Arguments& arguments) override {
    arguments.positional("STORE", store_, "a folder that import wrote");
    arguments.option("--domain", domain_, "the domain of the items, if there are several");
    said_.declare(arguments);
    arguments.footer(
        "Rows find their items, or users, by id; rows of those that are not in the log\n"
        "are counted and left out. What is attached later wins, attribute by attribute.");
  }

  Status run(Session& session) override {
    if (said_.tables.empty())
      return usage_error("attach needs a file: --items, --names, --vectors or --users");
    SideTableTarget target{store_, domain_, {}};
    if (session.names) target.names = *session.names;
    CROSSFADE_ASSIGN_OR_RETURN(const auto reports,
                               attach_side_tables(said_, target, session.context));
    Document document("Attached to " + store_);
    add_side_tables(reports, document);
    Json json = Json::array();
    for (const ImportReport& report : reports) json.push(to_json(report));
    session.print(document, Json::object().set("store", store_).set("tables", std::move(json)));
    return ok_status();
  }

 private:
  std::string store_, domain_;
  SideTableArguments said_;
};

}  // namespace

std::unique_ptr<Command> make_attach_command() {
  return std::make_unique<AttachCommand>();
}

}  // namespace crossfade
