// Numbers are 8 bytes, texts their length in 4 bytes and themselves; the first byte of a chunk says
// which. Chunks carry checksums, because nothing is synced on the way.
#include "crossfade/data/store/import_journal.h"

#include <bit>
#include <cstring>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/manifest.h"

namespace crossfade {
namespace {

constexpr const char* kFile = "/journal.json";
constexpr char kNumbers = 'n', kTexts = 't';

std::string to_bytes(const IdList& ids) {
  std::string bytes(1, ids.text ? kTexts : kNumbers);
  if (!ids.text) {
    bytes.append(reinterpret_cast<const char*>(ids.numbers.data()),
                 ids.numbers.size() * sizeof(std::int64_t));
    return bytes;
  }
  for (std::size_t i = 0; i < ids.texts.size(); ++i) {
    const auto size = static_cast<std::uint32_t>(ids.texts[i].size());
    bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
    bytes += ids.texts[i];
  }
  return bytes;
}

// The ids of a chunk whose checksum was right.
IdList from_bytes(std::string_view bytes) {
  IdList ids;
  ids.text = bytes[0] == kTexts;
  bytes.remove_prefix(1);
  if (!ids.text) {
    std::vector<std::int64_t> numbers(bytes.size() / sizeof(std::int64_t));
    if (!numbers.empty()) std::memcpy(numbers.data(), bytes.data(), bytes.size());
    ids.numbers = std::move(numbers);
    return ids;
  }
  std::vector<std::int64_t> offsets{0};
  std::vector<char> text;
  while (!bytes.empty()) {
    std::uint32_t size = 0;
    std::memcpy(&size, bytes.data(), sizeof size);
    const std::string_view id = bytes.substr(sizeof size, size);
    text.insert(text.end(), id.begin(), id.end());
    offsets.push_back(static_cast<std::int64_t>(text.size()));
    bytes.remove_prefix(sizeof size + size);
  }
  ids.texts = StringArray(std::move(offsets), std::move(text));
  return ids;
}

std::int64_t checksum_of(std::string_view bytes) {
  return std::bit_cast<std::int64_t>(hash_bytes(bytes));
}

Json to_json(const LogShape& shape) {
  return Json::object()
      .set("times", shape.times)
      .set("weights", shape.weights)
      .set("kinds", shape.kinds)
      .set("sessions", shape.sessions);
}

bool flag_of(const Json& json, const char* name) {
  const auto* flag = json[name].as_bool();
  return flag && *flag;
}

}  // namespace

Status ImportJournal::append(const std::string& name, const IdEncoder& ids, IdFile& to) {
  if (!to.file.is_open()) {
    CROSSFADE_ASSIGN_OR_RETURN(to.file, SpillFile::open(folder_ + "/" + name, 0));
  }
  if (ids.size() == to.count) return ok_status();
  const std::string bytes = to_bytes(ids.ids_from(to.count));
  CROSSFADE_RETURN_IF_ERROR(to.file.append(bytes));
  if (!to.chunks.is_array()) to.chunks = Json::array();
  Json chunk = Json::array();
  chunk.push(std::ssize(bytes));
  chunk.push(checksum_of(bytes));
  to.chunks.push(std::move(chunk));
  to.count = ids.size();
  return ok_status();
}

Status ImportJournal::write(const SegmentBuilder& builder, const Json& identity, Json state) {
  CROSSFADE_RETURN_IF_ERROR(append("users.ids", builder.users(), users_));
  CROSSFADE_RETURN_IF_ERROR(append("items.ids", builder.items(), items_));
  Json json = Json::object();
  json.set("kind", "import journal")
      .set("engine", CROSSFADE_VERSION)
      .set("identity", identity)
      .set("shape", to_json(builder.shape()))
      .set("spilled_bytes", builder.spilled_bytes())
      .set("users", users_.chunks)
      .set("items", items_.chunks)
      .set("state", std::move(state));
  return replace_file(folder_ + kFile, seal_manifest(json), Sync::kNo);
}

Result<IdList> ImportJournal::read_ids(const std::string& name, const Json& chunks, IdFile& from) {
  const std::string path = folder_ + "/" + name;
  std::vector<std::pair<std::int64_t, std::int64_t>> sizes;
  std::int64_t total = 0;
  if (const auto* list = chunks.as_array())
    for (const Json& chunk : *list) {
      const auto* pair = chunk.as_array();
      if (!pair || pair->size() != 2 || !(*pair)[0].as_int() || !(*pair)[1].as_int())
        return data_invalid(folder_ + kFile + " does not say how long " + name + " is");
      sizes.emplace_back(*(*pair)[0].as_int(), *(*pair)[1].as_int());
      total += sizes.back().first;
    }
  CROSSFADE_ASSIGN_OR_RETURN(from.file, SpillFile::open(path, total));
  std::vector<IdList> lists;
  std::int64_t place = 0;
  for (const auto& [size, checksum] : sizes) {
    std::string bytes(static_cast<std::size_t>(size), '\0');
    CROSSFADE_RETURN_IF_ERROR(from.file.read(place, bytes.data(), bytes.size()));
    if (checksum_of(bytes) != checksum)
      return data_invalid(path + " is not what was written (a checksum differs)");
    lists.push_back(from_bytes(bytes));
    from.count += lists.back().size();
    place += size;
  }
  from.chunks = chunks;
  return join_ids(lists);
}

Result<std::optional<ImportCheckpoint>> ImportJournal::read() {
  std::optional<ImportCheckpoint> none;
  const std::string path = folder_ + kFile;
  if (!path_exists(path)) return none;
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  const auto json = parse_json(text);
  if (!json.ok() || !is_sealed(text))
    return data_invalid(path + " is not what was written (its checksum differs)");
  ImportCheckpoint checkpoint;
  checkpoint.identity = (*json)["identity"];
  checkpoint.state = (*json)["state"];
  const Json& shape = (*json)["shape"];
  checkpoint.shape = {flag_of(shape, "times"), flag_of(shape, "weights"), flag_of(shape, "kinds"),
                      flag_of(shape, "sessions")};
  CROSSFADE_ASSIGN_OR_RETURN(checkpoint.spilled_bytes, json->int_at("spilled_bytes"));
  CROSSFADE_ASSIGN_OR_RETURN(checkpoint.new_users, read_ids("users.ids", (*json)["users"], users_));
  CROSSFADE_ASSIGN_OR_RETURN(checkpoint.new_items, read_ids("items.ids", (*json)["items"], items_));
  return std::optional<ImportCheckpoint>(std::move(checkpoint));
}

}  // namespace crossfade
