// Ids and segments are compared as texts, so that 7 and "7" are one.
#include "crossfade/cli/user_segments_file.h"

#include <filesystem>
#include <unordered_map>

#include "crossfade/io/table_reader.h"

namespace crossfade {
namespace {

Result<std::string> text_at(const Column& column, std::size_t row) {
  if (column.is_null(row)) return std::string();
  if (const auto* texts = std::get_if<std::vector<std::string>>(&column.values))
    return (*texts)[row];
  if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&column.values))
    return std::to_string((*numbers)[row]);
  if (const auto* numbers = std::get_if<std::vector<std::int32_t>>(&column.values))
    return std::to_string((*numbers)[row]);
  return data_invalid("the column '" + column.name + "' holds neither text nor whole numbers");
}

}  // namespace

Result<UserSegments> read_user_segments(const std::string& path, const TrafficLog& log,
                                        Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const Table table,
                             read_table(path, {{"user_id", "segment"}, {}}, context));
  std::unordered_map<std::string, std::size_t> users;
  for (std::size_t user = 0; user < log.user_ids.size(); ++user)
    users.emplace(to_text(log.user_ids[user]), user);
  UserSegments segments{std::filesystem::path(path).stem().string(), {}};
  segments.of_user.resize(log.user_ids.size());
  std::int64_t met = 0;
  for (std::size_t row = 0; row < table.num_rows(); ++row) {
    auto user = text_at(*table.find("user_id"), row);
    if (!user.ok()) return user.status().at(path);
    auto segment = text_at(*table.find("segment"), row);
    if (!segment.ok()) return segment.status().at(path);
    const auto found = users.find(*user);
    if (found == users.end()) continue;
    std::string& of_user = segments.of_user[found->second];
    if (!of_user.empty() && of_user != *segment)
      return data_invalid(path + ": user " + *user + " is in two segments, '" + of_user +
                          "' and '" + *segment + "'");
    of_user = *std::move(segment);
    ++met;
  }
  if (met == 0) return data_invalid(path + ": none of its users is in the log");
  return segments;
}

}  // namespace crossfade
