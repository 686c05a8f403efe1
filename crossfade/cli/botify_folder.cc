// Both ways to a world end in the same four files.
#include "crossfade/cli/botify_folder.h"

#include <utility>

#include "crossfade/base/artifact.h"
#include "crossfade/base/text.h"
#include "crossfade/data/store/store.h"
#include "crossfade/synth/botify.h"
#include "crossfade/synth/botify_from_log.h"

namespace crossfade {
namespace {

constexpr int kSchema = 1;
constexpr std::int64_t kTopTracks = 1000;

// Text files of a world, line by line; vectors are written where they are.
struct Lines {
  std::string tracks, users, top;
  std::int64_t num_tracks = 0, num_users = 0;
};

void add_users(const std::vector<BotifyUser>& users, Lines& lines) {
  for (const BotifyUser& user : users)
    lines.users += botify_user_line(lines.num_users++, user) + "\n";
}

// The first label of the item in the first attribute of these names, else the text, else nothing.
std::string about(const ItemTable& items, const std::vector<std::string>& names, ItemIndex item) {
  const auto at = static_cast<std::size_t>(item);
  for (const std::string& name : names) {
    const ItemAttribute* attribute = items.find(name);
    if (!attribute) continue;
    if (const auto* text = std::get_if<TextAttribute>(&attribute->values))
      return std::string(text->values[at]);
    const auto* labels = std::get_if<LabelAttribute>(&attribute->values);
    if (!labels || labels->offsets[at] == labels->offsets[at + 1]) continue;
    const auto code =
        static_cast<std::size_t>(labels->codes[static_cast<std::size_t>(labels->offsets[at])]);
    const bool named = code < labels->names.size() && !labels->names[code].empty();
    return std::string(named ? labels->names[code] : labels->labels[code]);
  }
  return "";
}

std::string log_track_line(const Domain& domain, ItemIndex item, std::int64_t track) {
  const std::string id = domain.items.id_text(item);
  std::string artist = about(domain.about, {"artist", "artists", "artist_id"}, item);
  std::string title = about(domain.about, {"title", "name", "track_name"}, item);
  // Without artists every item is by one of its own.
  return to_text(Json::object()
                     .set("artist", artist.empty() ? "artist of " + id : std::move(artist))
                     .set("title", title.empty() ? id : std::move(title))
                     .set("item", id)
                     .set("track", track));
}

Result<Array<float>> read_vectors(const std::string& path, const Domain& domain,
                                  std::int64_t& dims) {
  CROSSFADE_ASSIGN_OR_RETURN(NpyArray<float> read, read_npy<float>(path));
  if (read.shape.size() != 2 || read.shape[0] != domain.items.size() || read.shape[1] < 1)
    return data_invalid(path + " is not a row of numbers for each of the " +
                        format_count(domain.items.size()) + " items of " + domain.name +
                        "; give what was trained on this store (of als: item_factors.npy)");
  dims = read.shape[1];
  return std::move(read.values);
}

// Leaves in `config` what the log decided.
Status write_from_log(const BotifyFolderRequest& request, BotifyConfig& config,
                      ArtifactWriter& folder, Lines& lines) {
  CROSSFADE_ASSIGN_OR_RETURN(const Store store, open_store(request.from));
  CROSSFADE_ASSIGN_OR_RETURN(const std::size_t index, store.dataset.find_domain(request.domain));
  const Domain& domain = store.dataset.domains()[index];
  std::int64_t dims = 0;
  CROSSFADE_ASSIGN_OR_RETURN(const Array<float> rows, read_vectors(request.vectors, domain, dims));
  CROSSFADE_ASSIGN_OR_RETURN(const BotifyCut cut,
                             cut_for_botify(domain, config.tracks, request.least_items));
  if (config.interests_most > static_cast<std::int64_t>(cut.items.size()))
    return data_invalid("the world would have " + format_count(cut.items.size()) +
                        " tracks, fewer than a listener's interests; set interests_most lower");
  std::vector<float> vectors;
  for (const ItemIndex item : cut.items) {
    lines.tracks += log_track_line(domain, item, lines.num_tracks++) + "\n";
    const auto row = rows.begin() + item * dims;
    vectors.insert(vectors.end(), row, row + dims);
  }
  CROSSFADE_ASSIGN_OR_RETURN(
      const std::vector<BotifyUser> users,
      make_botify_users(config, cut.popularity, {}, static_cast<std::uint64_t>(request.seed)));
  add_users(users, lines);
  lines.top = botify_top_tracks(cut.popularity, kTopTracks);
  config.tracks = lines.num_tracks;
  config.dims = dims;
  config.normalised = false;
  return folder.add<float>("embeddings.npy", vectors, {lines.num_tracks, dims});
}

Status write_generated(const BotifyFolderRequest& request, const BotifyConfig& config,
                       ArtifactWriter& folder, Lines& lines, Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(
      const BotifyWorld world,
      make_botify_world(config, static_cast<std::uint64_t>(request.seed), context));
  for (; lines.num_tracks < config.tracks; ++lines.num_tracks)
    lines.tracks += world.track_line(static_cast<std::int32_t>(lines.num_tracks)) + "\n";
  add_users(world.users, lines);
  lines.top = botify_top_tracks(world.popularity, kTopTracks);
  const std::vector<std::int64_t> shape{config.tracks, config.dims};
  return config.normalised ? folder.add<Half>("embeddings.npy", world.halves, shape)
                           : folder.add<float>("embeddings.npy", world.floats, shape);
}

// Worlds of logs were made in 2022.
std::string generation_of(const BotifyFolderRequest& request) {
  if (!request.generation.empty()) return request.generation;
  return request.from.empty() ? "2026" : "2022";
}

Result<BotifyConfig> config_of(const BotifyFolderRequest& request) {
  BotifyConfig config;
  const std::string generation = generation_of(request);
  if (generation == "2022")
    config = BotifyConfig::of_2022();
  else if (generation != "2026")
    return unknown_name("generation of botify", generation, {"2022", "2026"});
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "botify", request.settings));
  if (request.from.empty() != request.vectors.empty())
    return usage_error("--from (a store) and --vectors (of its items) come together");
  return config;
}

}  // namespace

std::string describe_botify_knobs() {
  return "\nbotify: tracks, listeners and hidden vectors for `simulate`, calibrated on the "
         "original of 2026\n" +
         describe_knobs(list_knobs<BotifyConfig>()) +
         "\nbotify, where --generation 2022 differs or --from makes a world of a log\n" +
         describe_knobs(list_knobs(BotifyConfig::of_2022()));
}

Result<TableBlock> write_botify_folder(const BotifyFolderRequest& request, Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(BotifyConfig config, config_of(request));
  CROSSFADE_ASSIGN_OR_RETURN(ArtifactWriter folder,
                             ArtifactWriter::create(request.out, "botify-world", kSchema));
  Lines lines;
  CROSSFADE_RETURN_IF_ERROR(request.from.empty()
                                ? write_generated(request, config, folder, lines, context)
                                : write_from_log(request, config, folder, lines));
  const auto write = [&](const std::string& name, const std::string& text) -> Status {
    CROSSFADE_ASSIGN_OR_RETURN(const std::string path, folder.make_place(name));
    return write_file(path, text);
  };
  CROSSFADE_RETURN_IF_ERROR(write("tracks.json", lines.tracks));
  CROSSFADE_RETURN_IF_ERROR(write("users.json", lines.users));
  CROSSFADE_RETURN_IF_ERROR(write("top_tracks.json", lines.top + "\n"));
  folder.metadata()
      .set("generation", generation_of(request))
      .set("seed", request.seed)
      .set("knobs", knobs_to_json(config))
      .set("from", request.from);
  CROSSFADE_RETURN_IF_ERROR(folder.commit());
  TableBlock files({"file", "what", "rows"});
  files.add_row(
      {Cell::text("tracks.json"), Cell::text("catalogue"), Cell::count(lines.num_tracks)});
  files.add_row({Cell::text("top_tracks.json"), Cell::text("the most popular tracks")});
  files.add_row({Cell::text("users.json"), Cell::text("truth"), Cell::count(lines.num_users)});
  files.add_row({Cell::text("embeddings.npy"), Cell::text("truth"), Cell::count(lines.num_tracks)});
  return files;
}

}  // namespace crossfade
