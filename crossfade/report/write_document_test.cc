// Each end of a name gives its form; others are refused.
#include "crossfade/report/write_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

using testing::StartsWith;

TEST(WriteDocument, TheNameDecidesTheForm) {
  Document document("T");
  document.add_paragraph("One.");
  const auto written = [&](const std::string& name) {
    const std::string path = testing::TempDir() + name;
    EXPECT_TRUE(write_document(document, path).ok());
    return *read_file(path);
  };
  EXPECT_THAT(written("report.html"), StartsWith("<!doctype html>"));
  EXPECT_THAT(written("report.md"), StartsWith("## T\n"));
  EXPECT_THAT(written("report.txt"), StartsWith("T\n="));
  EXPECT_THAT(written("report.json"), StartsWith("{\n  \"title\": \"T\""));
}

TEST(WriteDocument, OtherNamesAreRefused) {
  for (const char* path : {"report.pdf", "report", ".html"}) {
    const Status status = write_document(Document("T"), path);
    EXPECT_EQ(status.kind(), StatusKind::kUsage);
    EXPECT_THAT(status.message(), testing::HasSubstr("ends in none of these"));
  }
  EXPECT_EQ(write_document(Document("T"), testing::TempDir() + "no/folder/r.html").kind(),
            StatusKind::kFailed);
}

TEST(Document, AppendKeepsTheOtherTitleAsAHeading) {
  Document document("T"), part("Data");
  part.add_paragraph("One.");
  document.append(part);
  EXPECT_EQ(to_text(document), "T\n=\n\nData\n----\n\nOne.\n");
}

TEST(Document, AppendMakesSectionsPartsOfOne) {
  Document document("T"), part("Data");
  part.add_heading("Growth");
  document.append(part, "facts: Data");
  EXPECT_EQ(to_text(document), "T\n=\n\nfacts: Data\n-----------\n\nGrowth\n......\n");
  EXPECT_THAT(to_markdown(document), testing::HasSubstr("### facts: Data\n\n#### Growth\n"));
  const std::string html = to_html(document);
  EXPECT_THAT(html, testing::HasSubstr("<h3>Growth</h3>"));
  EXPECT_THAT(html, testing::HasSubstr(">facts: Data</h2>"));
  EXPECT_EQ(to_text(to_json(document)["blocks"]),
            R"([{"heading": "facts: Data"}, {"heading": "Growth", "level": 2}])");
}

}  // namespace
}  // namespace crossfade
