// crossfade compact STORE: the imports of each domain become one, which is read without merging.
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/data/store/compact_store.h"

namespace crossfade {
namespace {

class CompactCommand final : public Command {
 public:
  std::string name() const override { return "compact"; }
  std::string summary() const override { return "merge what a store has grown by"; }
  void declare(Arguments& arguments) override {
    arguments.positional("STORE", store_, "as import wrote it");
  }

  Status run(Session& session) override {
    CROSSFADE_ASSIGN_OR_RETURN(const Compaction done, compact_store(store_, session.context));
    const auto before = static_cast<std::int64_t>(done.segments_before);
    const auto after = static_cast<std::int64_t>(done.segments_after);
    Document document("Compacted " + store_);
    document.add_paragraph(before == after
                               ? "Each domain is one segment already; nothing was changed."
                               : format_count(before) + " segments with " +
                                     format_count(done.interactions) + " interactions became " +
                                     format_count(after) + ".");
    session.print(document, Json::object()
                                .set("store", store_)
                                .set("segments_before", before)
                                .set("segments_after", after)
                                .set("interactions", done.interactions));
    return ok_status();
  }

 private:
  std::string store_;
};

}  // namespace

std::unique_ptr<Command> make_compact_command() {
  return std::make_unique<CompactCommand>();
}

}  // namespace crossfade
