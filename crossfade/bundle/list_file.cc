// The first line says the shape, and all others have to have it: a file of another year, or no list
// at all, is met in line 1 and not by a listener.
#include "crossfade/bundle/list_file.h"

#include <string_view>
#include <unordered_map>
#include <utility>

#include "crossfade/base/json_lines.h"
#include "crossfade/base/mapped_file.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

struct Shape {
  const char* key;
  const char* list;
  ListsBy by;
  bool may_lack_list;  // a track without recommendations is no mistake
};
constexpr Shape kShapes[] = {{"user", "tracks", ListsBy::kUser, false},
                             {"item_id", "recommendations", ListsBy::kItem, false},
                             {"track", "recommendations", ListsBy::kItem, true}};

// The shape whose key a record has; one that has the list too goes first.
Result<const Shape*> shape_of(const Json& record) {
  for (const bool complete : {true, false})
    for (const Shape& shape : kShapes)
      if (record.find(shape.key) && (!complete || record.find(shape.list))) return &shape;
  return data_invalid(
      "no list of recommendations; files that are read have lines like {\"user\": 0, \"tracks\": "
      "[1, 2]}, {\"item_id\": 0, \"recommendations\": [1, 2]} or {\"track\": 0, "
      "\"recommendations\": [1, 2]}, or are one array of tracks");
}

Status append_items(const Json& list, const std::string& name, std::vector<std::int64_t>& items) {
  const auto* entries = list.as_array();
  if (!entries) return data_invalid("the member '" + name + "' is missing or is not a list");
  for (const Json& entry : *entries) {
    if (!entry.is_int())
      return data_invalid("the list '" + name + "' holds something else than integers");
    items.push_back(*entry.as_int());
  }
  return ok_status();
}

class LineReader {
 public:
  Status take(const Json& record, std::int64_t line) {
    if (!shape_) {
      CROSSFADE_ASSIGN_OR_RETURN(shape_, shape_of(record));
    }
    CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t key, record.int_at(shape_->key));
    const auto [known, fresh] = line_of_.emplace(key, line);
    if (!fresh)
      return data_invalid("a second list of " + std::string(shape_->key) + " " +
                          std::to_string(key) + ", which has one in line " +
                          std::to_string(known->second) + "; keep one of them");
    if (const Json& list = record[shape_->list]; !list.is_null() || !shape_->may_lack_list)
      CROSSFADE_RETURN_IF_ERROR(append_items(list, shape_->list, items_));
    keys_.push_back(key);
    offsets_.push_back(static_cast<std::int64_t>(items_.size()));
    return ok_status();
  }

  Result<ListFile> finish() && {
    if (keys_.empty()) return data_invalid("has no lists");
    if (items_.empty() && shape_->may_lack_list)
      return data_invalid(
          "no track has 'recommendations': this is a catalogue (--catalog) and no file of lists");
    if (items_.empty()) return data_invalid("all its lists are empty");
    return ListFile{shape_->by, std::move(keys_), std::move(items_), std::move(offsets_)};
  }

 private:
  const Shape* shape_ = nullptr;
  std::vector<std::int64_t> keys_, items_, offsets_{0};
  std::unordered_map<std::int64_t, std::int64_t> line_of_;  // by key
};

Result<ListFile> read_lines(std::string_view bytes) {
  LineReader reader;
  CROSSFADE_RETURN_IF_ERROR(for_each_json_line(
      bytes, [&](const Json& record, std::int64_t line) { return reader.take(record, line); }));
  return std::move(reader).finish();
}

Result<ListFile> read_ranking(std::string_view bytes) {
  CROSSFADE_ASSIGN_OR_RETURN(const Json list, parse_json(bytes));
  ListFile file;
  file.by = ListsBy::kNothing;
  std::vector<std::int64_t> items;
  CROSSFADE_RETURN_IF_ERROR(append_items(list, "of tracks", items));
  if (items.empty()) return data_invalid("the list of tracks is empty");
  file.offsets.push_back(static_cast<std::int64_t>(items.size()));
  file.items = std::move(items);
  return file;
}

}  // namespace

std::string to_text(ListsBy by) {
  return by == ListsBy::kUser ? "user" : by == ListsBy::kItem ? "item" : "nothing";
}

Result<ListFile> read_list_file(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  const std::string_view bytes = file.bytes();
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  const bool ranking = first != std::string_view::npos && bytes[first] == '[';
  auto lists = ranking ? read_ranking(bytes) : read_lines(bytes);
  if (!lists.ok()) return lists.status().at(path);
  return lists;
}

}  // namespace crossfade
