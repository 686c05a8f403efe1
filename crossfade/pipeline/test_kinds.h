// Kinds of stages for this room's tests: small enough to see through, quick enough to run by the
// hundred. `write` makes a folder, `join` puts files together, `count` answers.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/base/staged_folder.h"
#include "crossfade/pipeline/stage_kind.h"

namespace crossfade {

// What the stages did, in order; and what may go wrong.
struct StageDiary {
  std::vector<std::string> ran;
  std::function<Status(const std::string& kind)> before = [](const std::string&) {
    return ok_status();
  };
};

inline StageKey text_key(const std::string& name, const std::string& value = "") {
  StageKey key;
  key.name = name;
  key.value = value;
  key.help = "a text";
  return key;
}

// [write.NAME] text = "..": a folder with the files text and inner/text; knob times (1 to 9)
// repeats the text.
inline StageKind write_kind(StageDiary& diary) {
  StageKind kind;
  kind.name = "write";
  kind.keys = {text_key("text", "abc"), text_key("into"), text_key("memory")};
  kind.keys[2].is_free = true;
  kind.keys[1].is_input = true;
  kind.grows = "into";
  StageKey seed;
  seed.name = "seed";
  seed.type = StageKey::Type::kInteger;
  seed.value = 1;
  kind.keys.push_back(seed);
  kind.knobs = [](const Json&) {
    return std::vector<KnobInfo>{{"times", "integer", Json(1), between(1, 9), "how often"}};
  };
  kind.run = [&diary](const StageCall& call, Context&) -> Result<StageResult> {
    diary.ran.push_back("write " + *call.values["text"].as_string());
    CROSSFADE_RETURN_IF_ERROR(diary.before("write"));
    std::string text;
    const Json::Array& settings = *call.values["set"].as_array();
    const int times = settings.empty() ? 1 : settings[0].as_string()->back() - '0';
    for (int i = 0; i < times; ++i) text += *call.values["text"].as_string();
    if (!call.values["into"].as_string()->empty()) {
      CROSSFADE_RETURN_IF_ERROR(replace_file(call.out + "/more", text));
      return StageResult{Document("Grew"), Document("Grew"), Json()};
    }
    CROSSFADE_ASSIGN_OR_RETURN(StagedFolder folder, StagedFolder::create(call.out));
    CROSSFADE_RETURN_IF_ERROR(make_folder(folder.path() + "/inner"));
    CROSSFADE_RETURN_IF_ERROR(write_file(folder.path() + "/text", text));
    CROSSFADE_RETURN_IF_ERROR(write_file(folder.path() + "/inner/text", text + text));
    CROSSFADE_RETURN_IF_ERROR(folder.commit());
    return StageResult{Document("Wrote"), Document("Wrote"), Json()};
  };
  return kind;
}

// [count.NAME] of = ["a/text", "file"]: the bytes of all. Files called "rules" beside them count
// as read too.
inline StageKind count_kind(StageDiary& diary) {
  StageKind kind;
  kind.name = "count";
  kind.output = StageOutput::kResult;
  StageKey of;
  of.name = "of";
  of.type = StageKey::Type::kTexts;
  of.required = of.is_input = true;
  of.beside = "rules";
  of.value = Json::array();
  of.help = "files";
  StageKey twice;
  twice.name = "twice";
  twice.type = StageKey::Type::kFlag;
  twice.value = false;
  kind.keys = {of, twice};
  kind.run = [&diary](const StageCall& call, Context&) -> Result<StageResult> {
    diary.ran.push_back("count");
    CROSSFADE_RETURN_IF_ERROR(diary.before("count"));
    std::int64_t bytes = 0;
    for (const Json& path : *call.values["of"].as_array()) {
      CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(*path.as_string()));
      bytes += static_cast<std::int64_t>(text.size());
    }
    if (*call.values["twice"].as_bool()) bytes *= 2;
    Document document("Counted");
    document.add_paragraph(std::to_string(bytes) + " bytes.");
    Document page = document;
    page.add_paragraph("Every byte is as good as the other.");
    return StageResult{std::move(document), std::move(page), Json::object().set("bytes", bytes)};
  };
  return kind;
}

inline std::vector<StageKind> test_kinds(StageDiary& diary) {
  return {write_kind(diary), count_kind(diary)};
}

// A place below the tests' temporary folder where nothing is yet.
inline std::string fresh_folder(const std::string& name) {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  const std::string path = testing::TempDir() + "crossfade_pipeline_" + info->test_suite_name() +
                           "_" + info->name() + "_" + name;
  EXPECT_TRUE(remove_tree(path).ok());
  return path;
}

}  // namespace crossfade
