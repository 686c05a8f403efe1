// The one file that knows CLI11: declares every command as a subcommand (two levels for "bundle
// create"), parses, and turns the library's complaints into our sentences.
#include "crossfade/cli/arguments.h"

#include <CLI/CLI.hpp>
#include <map>

#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"

namespace crossfade {

namespace {

// Arguments of a command line: options of a CLI11 subcommand.
class LineArguments final : public Arguments {
 public:
  explicit LineArguments(CLI::App& app) : app_(app) {}

  void positional(const std::string& name, std::string& field, const std::string& help) override {
    app_.add_option(name, field, help)->required();
  }
  void positional(const std::string& name, std::vector<std::string>& field,
                  const std::string& help) override {
    app_.add_option(name, field, help)->required();
  }
  void required(const std::string& name, std::string& field, const std::string& help) override {
    app_.add_option(name, field, help)->required();
  }
  void option(const std::string& name, std::string& field, const std::string& help) override {
    auto* option = app_.add_option(name, field, help);
    if (!field.empty()) option->capture_default_str();
  }
  void option(const std::string& name, std::int64_t& field, const std::string& help) override {
    // CLI11 would take the nearest number that fits.
    const auto fits = [](const std::string& text) {
      return parse_int(text) ? "" : "'" + text + "' is not a whole number of at most 64 bits";
    };
    app_.add_option(name, field, help)->check(fits)->capture_default_str();
  }
  void option(const std::string& name, std::vector<std::string>& field,
              const std::string& help) override {
    // One value per mention: "--set a=1 --set b=2"; a list would swallow the next positional.
    app_.add_option(name, field, help)->take_all()->expected(1)->allow_extra_args(false);
  }
  void flag(const std::string& name, bool& field, const std::string& help) override {
    app_.add_flag(name, field, help);
  }
  void pass_through(std::vector<std::string>& field) override {
    app_.prefix_command();
    app_.set_help_flag();
    rest_ = &field;
  }
  void footer(const std::string& text) override { app_.footer(text); }

  std::vector<std::string>* rest() const { return rest_; }  // of pass_through()

 private:
  CLI::App& app_;
  std::vector<std::string>* rest_ = nullptr;
};

constexpr const char* kAbout =
    "Crossfade: from raw logs of listening and buying to served recommendations.";

CLI::App* find_subcommand(CLI::App& app, const std::string& name) {
  for (CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    if (sub->get_name() == name) return sub;
  return nullptr;
}

// Finds or makes the app for "bundle create": one level of nesting per word.
CLI::App* make_app(CLI::App& root, const Command& command) {
  CLI::App* app = &root;
  const std::vector<std::string> words = split(command.name(), ' ');
  for (std::size_t i = 0; i < words.size(); ++i) {
    CLI::App* next = find_subcommand(*app, words[i]);
    const bool last = i + 1 == words.size();
    if (!next)
      next =
          app->add_subcommand(words[i], last ? command.summary() : "see " + words[i] + " --help");
    if (!last) next->require_subcommand(1);
    app = next;
  }
  return app;
}

// The innermost subcommand that the line named.
CLI::App* chosen_app(CLI::App& root) {
  CLI::App* app = &root;
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return app;
}

std::vector<std::string> known_names(const CLI::App& app, bool options) {
  std::vector<std::string> names;
  if (options) {
    for (const CLI::Option* option : app.get_options())
      if (!option->get_lnames().empty()) names.push_back("--" + option->get_lnames().front());
  } else {
    for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
      names.push_back(sub->get_name());
  }
  return names;
}

// CLI11 says "The following argument was not expected: --fo"; we name the nearest one.
Status explain_error(CLI::App& root, const CLI::ParseError& error) {
  CLI::App* app = chosen_app(root);
  const std::vector<std::string> extra = app->remaining(/*recurse=*/true);
  if (!extra.empty()) {
    const bool option = extra[0].rfind('-', 0) == 0;
    const std::vector<std::string> known = known_names(*app, option);
    if (known.empty()) return usage_error("'" + extra[0] + "' is one argument too many");
    const std::string owner = app == &root ? "crossfade" : app->get_name();
    return unknown_name(option ? "option of " + owner : "command of " + owner, extra[0], known);
  }
  return usage_error(error.what());
}

}  // namespace

ParsedLine parse_command_line(int argc, char** argv,
                              const std::vector<std::unique_ptr<Command>>& commands) {
  ParsedLine line;
  CLI::App root(kAbout, "crossfade");
  root.set_version_flag("--version", CROSSFADE_VERSION);
  std::map<const CLI::App*, Command*> command_of;
  for (const auto& command : commands) {
    CLI::App* app = make_app(root, *command);
    command_of[app] = command.get();
    LineArguments arguments(*app);
    command->declare(arguments);
    if (arguments.rest()) {
      app->callback([app, rest = arguments.rest()] { *rest = app->remaining(); });
      continue;
    }
    app->add_option("--threads", line.threads, "threads; 0 = one per core")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    app->add_flag("--json", line.json, "results as JSON");
    app->add_flag("--quiet", line.quiet, "no progress on stderr");
  }
  try {
    root.parse(argc, argv);
  } catch (const CLI::CallForVersion&) {
    line.text = "crossfade " + std::string(CROSSFADE_VERSION) + "\n";
    return line;
  } catch (const CLI::CallForHelp&) {
    line.text = root.help();  // of the subcommand that was chosen, with the words that lead to it
    return line;
  } catch (const CLI::ParseError& error) {
    line.text = "crossfade: " + explain_error(root, error).message() + "\n";
    line.exit_code = static_cast<int>(StatusKind::kUsage);
    return line;
  }
  const auto found = command_of.find(chosen_app(root));
  if (found == command_of.end()) {
    line.text = root.help();
    line.exit_code = argc > 1 ? static_cast<int>(StatusKind::kUsage) : 0;
  } else {
    line.command = found->second;
  }
  return line;
}

}  // namespace crossfade
