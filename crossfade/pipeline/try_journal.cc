// Lines to tries and back.
#include "crossfade/pipeline/try_journal.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace crossfade {
namespace {

struct Reading {
  std::vector<Try> tries;
  std::size_t bytes = 0;  // of the lines that are whole
  bool other = false;     // the first line is of another search
};

// Whole lines up to the first that is none.
Reading read_lines(const std::string& text, const std::string& head) {
  Reading reading;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string line = text.substr(begin, end - begin);
    if (begin == 0) {
      reading.other = line != head;
      if (reading.other) return reading;
    } else {
      const auto json = parse_json(line);
      auto one = json.ok() ? try_from_json(*json) : Result<Try>(json.status());
      if (!one.ok() || one->number != static_cast<std::int64_t>(reading.tries.size())) break;
      reading.tries.push_back(*std::move(one));
    }
    reading.bytes = end + 1;
  }
  return reading;
}

}  // namespace

Json to_json(const Try& one) {
  Json rungs = Json::array();
  for (const RungScore& rung : one.rungs)
    rungs.push(Json::object()
                   .set("effort", rung.effort)
                   .set("users", rung.users)
                   .set("mean", rung.mean)
                   .set("low", rung.interval.low)
                   .set("high", rung.interval.high));
  Json json = Json::object()
                  .set("try", one.number)
                  .set("settings", json_list(one.settings))
                  .set("rungs", std::move(rungs))
                  .set("stopped", one.stopped);
  if (!one.error.empty()) json.set("error", one.error);
  return json;
}

Result<Try> try_from_json(const Json& json) {
  Try one;
  CROSSFADE_ASSIGN_OR_RETURN(one.number, json.int_at("try"));
  const Json::Array *settings = json["settings"].as_array(), *rungs = json["rungs"].as_array();
  if (!settings || !rungs) return data_invalid("a try has settings and rungs");
  for (const Json& setting : *settings)
    if (const std::string* text = setting.as_string()) one.settings.push_back(*text);
  for (const Json& rung : *rungs) {
    RungScore score;
    CROSSFADE_ASSIGN_OR_RETURN(score.effort, rung.number_at("effort"));
    CROSSFADE_ASSIGN_OR_RETURN(score.users, rung.int_at("users"));
    CROSSFADE_ASSIGN_OR_RETURN(score.mean, rung.number_at("mean"));
    if (rung["low"].is_number()) score.interval = {rung["low"].number(), rung["high"].number()};
    one.rungs.push_back(score);
  }
  if (const bool* stopped = json["stopped"].as_bool()) one.stopped = *stopped;
  if (const std::string* error = json["error"].as_string()) one.error = *error;
  one.seconds = json["seconds"].number();
  return one;
}

Result<std::vector<Try>> read_tries(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  std::vector<Try> tries;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const auto json = parse_json(text.substr(begin, end - begin));
    auto one = json.ok() ? try_from_json(*json) : Result<Try>(json.status());
    const std::string where = path + ", line " + std::to_string(tries.size() + 1);
    if (!one.ok()) return one.status().at(where);
    if (one->number != static_cast<std::int64_t>(tries.size()))
      return data_invalid(where + ": is not the next try; the file was changed by hand");
    tries.push_back(*std::move(one));
    begin = end + 1;
  }
  return tries;
}

Result<TryJournal> TryJournal::open(const std::string& path, const Json& identity) {
  const std::string head = to_text(identity);
  CROSSFADE_ASSIGN_OR_RETURN(FileWriter file, FileWriter::create(path, /*append=*/true));
  if (const Status status = file.lock(); !status.ok())
    return status.kind() == StatusKind::kFailed
               ? failed("another search writes to " + path + " now; wait for it, or stop it")
               : status;
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  Reading reading = read_lines(text, head);
  CROSSFADE_RETURN_IF_ERROR(file.truncate(static_cast<std::int64_t>(reading.bytes)));
  TryJournal journal(std::move(file));
  journal.tries_ = std::move(reading.tries);
  journal.began_anew_ = reading.other;
  if (reading.bytes == 0) {
    CROSSFADE_RETURN_IF_ERROR(journal.file_.write(head + "\n"));
    CROSSFADE_RETURN_IF_ERROR(journal.file_.sync());
  }
  return journal;
}

Status TryJournal::add(const Try& one) {
  Json json = to_json(one);
  json.set("seconds", one.seconds);
  CROSSFADE_RETURN_IF_ERROR(file_.write(to_text(json) + "\n"));
  CROSSFADE_RETURN_IF_ERROR(file_.sync());
  tries_.push_back(one);
  return ok_status();
}

}  // namespace crossfade
