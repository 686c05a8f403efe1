// Records of the logs of this room, written member by member: ids, texts and treatments.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "crossfade/base/json.h"
#include "crossfade/data/ids.h"
#include "crossfade/events/answer.h"

namespace crossfade {

// A JSON object that is appended to a text: for each member the key, then what the caller appends
// behind it.
//
//   RecordText record(out);
//   append_json_id(user, record.key("user"));
//   record.end();
class RecordText {
 public:
  explicit RecordText(std::string& out) : out_(out) {}
  // The text behind the key, where the value belongs. Keys are plain: nothing in them is escaped.
  std::string& key(std::string_view name);
  void end();

 private:
  std::string& out_;
  bool empty_ = true;
};

// Appends a JSON string; what is usual (letters, digits) costs a copy.
void append_json_text(std::string_view text, std::string& out);
// A number as it is, a text as a JSON string.
void append_json_id(const ExternalId& id, std::string& out);
// {"HSTU": "T1", "AA": "C"}
void append_treatments(std::span<const Treatment> treatments, std::string& out);
// The member as an id; data invalid if it is missing or is none.
Result<ExternalId> id_at(const Json& record, std::string_view key);

}  // namespace crossfade
