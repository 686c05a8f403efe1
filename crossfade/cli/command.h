// Command: one verb of the command line. Each stands in its own file (command_train.cc), declares
// what it takes, and makes one call of the library; the list is in command_list.cc.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/path_names.h"
#include "crossfade/cli/arguments.h"
#include "crossfade/report/document.h"

namespace crossfade {

// A result that is kept instead of printed: of a command that runs as a stage of a recipe.
struct KeptResult {
  Document document{""}, page{""};  // the short form and the long one; the same if there is one
  Json json;
};

// What the programs' main gives a command: threads, progress, and where results go.
struct Session {
  Context& context;
  bool json = false;            // --json: results as one line of JSON on stdout instead of text
  KeptResult* keep = nullptr;   // where print() puts them instead, if set
  std::string* said = nullptr;  // what is printed goes behind this instead of to stdout, if set
  // What outputs say instead of paths, if set: names of a recipe, addresses of copies.
  const PathNames* names = nullptr;

  // Prints a result for people, or its JSON twin; main() asks once whether stdout took it.
  void print(const Document& document, const Json& json_form) const;
  void print(const Document& document) const;
  // The same for a result with a long form: `page` goes to the file `html`, if that is named, and
  // into the report of a run.
  Status print(const Document& document, const Json& json_form, const Document& page,
               const std::string& html) const;
};

class Command {
 public:
  virtual ~Command() = default;
  virtual std::string name() const = 0;     // "train", or "bundle create" for a verb with a noun
  virtual std::string summary() const = 0;  // one line for the list of commands
  virtual void declare(Arguments& arguments) = 0;
  virtual Status run(Session& session) = 0;
};

// The document with names in place of paths.
Document named(const Document& document, const PathNames& names);

// All commands, in the order of the work they do.
std::vector<std::unique_ptr<Command>> all_commands();

// What a command line came to: a command to run, or (null) a text to print and an exit code.
struct ParsedLine {
  Command* command = nullptr;
  std::int64_t threads = 0;  // 0: one per core
  bool json = false, quiet = false;
  std::string text;
  int exit_code = 0;
};
ParsedLine parse_command_line(int argc, char** argv,
                              const std::vector<std::unique_ptr<Command>>& commands);

}  // namespace crossfade
