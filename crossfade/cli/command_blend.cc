// crossfade blend RECS...: lists of several files become one list per user.
#include <algorithm>
#include <filesystem>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/blend_arguments.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/file_lists.h"
#include "crossfade/io/candidate_lists.h"
#include "crossfade/io/candidates_io.h"
#include "crossfade/models/blend/blend.h"

namespace crossfade {
namespace {

constexpr std::int64_t kUsersPerTask = 64;

RankedList first_of(const Candidates& lists, std::int64_t l, std::int64_t depth) {
  if (l < 0) return {};
  const auto kept = std::min(lists.list(l).size(), static_cast<std::size_t>(depth));
  return {lists.list(l).first(kept), lists.list_scores(l).first(kept)};
}

// By user the number of his list, or -1.
std::vector<std::int64_t> list_of_user(const Candidates& lists, std::int64_t num_users) {
  std::vector<std::int64_t> list(static_cast<std::size_t>(num_users), -1);
  for (std::int64_t l = 0; l < lists.num_lists(); ++l)
    list[static_cast<std::size_t>(lists.users[static_cast<std::size_t>(l)])] = l;
  return list;
}

class BlendCommand final : public Command {
 public:
  std::string name() const override { return "blend"; }
  std::string summary() const override { return "merge the lists of several files into one"; }
  void declare(Arguments& arguments) override {
    arguments.positional("RECS", files_, "Parquet or CSV: user_id, item_id and rank or score");
    arguments.required("--out", out_, "Parquet file: user_id, item_id, score, rank, source");
    blend_.declare(arguments, "list");
    arguments.option("--fallback", fallbacks_,
                     "a file that fills lists which are shorter than --k; may be repeated");
    arguments.option("--k", k_, "items per user");
    arguments.flag("--lists", lists_,
                   "write a row per user: user_id, and item_id as the list of the items");
    arguments.footer(
        "Every user of any file gets a list, every item stands in it once. Filters are those of "
        "the files: a blend adds no item.");
  }

  Status run(Session& session) override {
    if (k_ < 1) return usage_error("--k is at least 1");
    CROSSFADE_RETURN_IF_ERROR(refuse_existing(out_));
    CROSSFADE_ASSIGN_OR_RETURN(const BlendConfig config, blend_.config());
    CROSSFADE_ASSIGN_OR_RETURN(std::vector<double> weights, blend_.weights_of(files_.size()));
    CROSSFADE_ASSIGN_OR_RETURN(const Blend blend, Blend::make(config, std::move(weights)));
    std::vector<std::string> paths = files_;
    paths.insert(paths.end(), fallbacks_.begin(), fallbacks_.end());
    CROSSFADE_ASSIGN_OR_RETURN(const FileLists lists, read_file_lists(paths, session.context));
    Candidates blended = merge(blend, lists, session.context);
    CROSSFADE_RETURN_IF_ERROR(session.context.check_stop());
    for (const std::string& path : paths)
      blended.source_names.push_back(std::filesystem::path(path).stem().string());
    const auto write = lists_ ? &write_candidate_lists : &write_candidates;
    CROSSFADE_RETURN_IF_ERROR(write(blended, lists.users, lists.items, out_, session.context));
    report(session, lists, blended);
    return ok_status();
  }

 private:
  Candidates merge(const Blend& blend, const FileLists& lists, Context& context) const {
    const std::int64_t num_users = lists.users.size();
    std::vector<std::vector<std::int64_t>> of_user;
    for (const Candidates& file : lists.files) of_user.push_back(list_of_user(file, num_users));
    std::vector<std::vector<BlendedItem>> merged(static_cast<std::size_t>(num_users));
    context.progress.begin("blending", num_users, "users");
    context.threads.parallel_for(
        num_users, kUsersPerTask, [&](std::int64_t begin, std::int64_t end, int) {
          if (context.stop.load()) return;
          std::vector<RankedList> given(files_.size());
          for (auto u = static_cast<std::size_t>(begin); u < static_cast<std::size_t>(end); ++u) {
            const std::int64_t depth = blend.depth(k_);
            for (std::size_t f = 0; f < given.size(); ++f)
              given[f] = first_of(lists.files[f], of_user[f][u], depth);
            merged[u] = blend.merge(given, k_);
            for (std::size_t f = given.size(); f < lists.files.size(); ++f)
              blend.fill(merged[u], first_of(lists.files[f], of_user[f][u], depth),
                         static_cast<std::uint16_t>(f), k_);
          }
          context.progress.advance(end - begin);
        });
    context.progress.end();
    Candidates blended;
    for (std::size_t u = 0; u < merged.size(); ++u) {
      blended.users.push_back(static_cast<UserIndex>(u));
      for (const BlendedItem& item : merged[u]) {
        blended.items.push_back(item.item);
        blended.scores.push_back(item.score);
        blended.sources.push_back(item.list);
      }
      blended.offsets.push_back(std::ssize(blended.items));
    }
    return blended;
  }

  // How many of the blend's items each file gave: of an item of several, the one that added most.
  void report(const Session& session, const FileLists& lists, const Candidates& blended) const {
    std::vector<std::int64_t> given(blended.source_names.size());
    for (const std::uint16_t source : blended.sources) ++given[source];
    TableBlock table({"lists", "users", "items given", "share"});
    Json files = Json::array();
    for (std::size_t f = 0; f < given.size(); ++f) {
      const double share = blended.items.empty() ? 0.0
                                                 : static_cast<double>(given[f]) /
                                                       static_cast<double>(blended.items.size());
      table.add_row({Cell::text(blended.source_names[f]), Cell::count(lists.files[f].num_lists()),
                     Cell::count(given[f]), Cell::percent(share)});
      files.push(Json::object()
                     .set("lists", blended.source_names[f])
                     .set("users", lists.files[f].num_lists())
                     .set("items", given[f]));
    }
    Document document("Blended " + std::to_string(files_.size()) + " lists by " + blend_.by);
    document.add_table(std::move(table));
    document.add_paragraph("Wrote " + format_count(std::ssize(blended.items)) + " items for " +
                           format_count(blended.num_lists()) + " users to " + out_ + ".");
    session.print(document, Json::object()
                                .set("file", out_)
                                .set("users", blended.num_lists())
                                .set("items", std::ssize(blended.items))
                                .set("lists", std::move(files)));
  }

  std::vector<std::string> files_, fallbacks_;
  std::string out_;
  BlendArguments blend_;
  std::int64_t k_ = 10;
  bool lists_ = false;
};

}  // namespace

std::unique_ptr<Command> make_blend_command() {
  return std::make_unique<BlendCommand>();
}

}  // namespace crossfade
