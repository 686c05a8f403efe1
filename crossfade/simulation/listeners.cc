// Reads users.json line by line.
#include "crossfade/simulation/listeners.h"

#include <cmath>
#include <limits>
#include <unordered_map>

#include "crossfade/base/json_lines.h"
#include "crossfade/base/mapped_file.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

// An optional member that is a finite number within [low, high].
Status read_number(const Json& record, const std::string& name, double low, double high,
                   double& field) {
  const Json* member = record.find(name);
  if (!member || member->is_null()) return ok_status();
  const double value = member->number();
  if (!member->is_number() || !std::isfinite(value) || value < low || value > high)
    return data_invalid("the member '" + name + "' is not a number from " + format_shortest(low) +
                        " to " + format_shortest(high));
  field = value;
  return ok_status();
}

Status read_count(const Json& record, const std::string& name, std::int32_t& field) {
  double value = field;
  CROSSFADE_RETURN_IF_ERROR(
      read_number(record, name, 1, std::numeric_limits<std::int32_t>::max(), value));
  if (value != std::floor(value)) return data_invalid("the member '" + name + "' is not whole");
  field = static_cast<std::int32_t>(value);
  return ok_status();
}

Status read_temper(const Json& record, Temper& temper) {
  constexpr double kLarge = 1e9;
  CROSSFADE_RETURN_IF_ERROR(read_number(record, "consume_bias", -kLarge, kLarge, temper.bias));
  CROSSFADE_RETURN_IF_ERROR(
      read_number(record, "consume_sharpness", -kLarge, kLarge, temper.sharpness));
  CROSSFADE_RETURN_IF_ERROR(read_number(record, "artist_discount_gamma", 0, 1, temper.gamma));
  CROSSFADE_RETURN_IF_ERROR(read_count(record, "session_budget", temper.budget));
  return read_count(record, "interest_neighbours", temper.neighbours);
}

Status read_interests(const Json& record, std::int64_t num_tracks,
                      std::vector<std::int32_t>& interests) {
  const Json::Array* list = record["interests"].as_array();
  if (!list || list->empty())
    return data_invalid("the member 'interests' is not an array of at least one track");
  for (const Json& entry : *list) {
    const std::int64_t* track = entry.as_int();
    if (!track || *track < 0 || *track >= num_tracks)
      return data_invalid("the interest " + to_text(entry) + " is no track: the embeddings have " +
                          format_count(num_tracks) + " rows, so tracks are 0 to " +
                          std::to_string(num_tracks - 1));
    interests.push_back(static_cast<std::int32_t>(*track));
  }
  return ok_status();
}

}  // namespace

Result<Listeners> read_listeners(const std::string& path, const Temper& defaults,
                                 std::int64_t num_tracks) {
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  Listeners listeners;
  std::unordered_map<std::int64_t, std::int64_t> lines;  // of each user
  const auto take = [&](const Json& record, std::int64_t line) -> Status {
    Listener listener;
    listener.temper = defaults;
    listener.first_interest = static_cast<std::int64_t>(listeners.interests.size());
    CROSSFADE_ASSIGN_OR_RETURN(listener.user, record.int_at("user"));
    const auto [place, is_new] = lines.emplace(listener.user, line);
    if (!is_new)
      return data_invalid("user " + std::to_string(listener.user) + " stands in line " +
                          std::to_string(place->second) + " already; keep one of them");
    CROSSFADE_RETURN_IF_ERROR(read_interests(record, num_tracks, listeners.interests));
    listener.num_interests = static_cast<std::int32_t>(
        static_cast<std::int64_t>(listeners.interests.size()) - listener.first_interest);
    CROSSFADE_RETURN_IF_ERROR(read_temper(record, listener.temper));
    listeners.all.push_back(listener);
    return ok_status();
  };
  CROSSFADE_RETURN_IF_ERROR(for_each_json_line(file.bytes(), take).at(path));
  if (listeners.all.empty()) return data_invalid(path + " has no listeners");
  return listeners;
}

}  // namespace crossfade
