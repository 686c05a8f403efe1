// Documents against literal output: what a person and a machine see, character by character.
#include "crossfade/report/document.h"

#include <gtest/gtest.h>

#include <limits>

namespace crossfade {
namespace {

Document example() {
  Document document("Models of movies");
  document.add_paragraph("1,234 users were scored.");
  TableBlock table({"model", "users", "ndcg@10", "95% interval", "speed"}, "Test part");
  table.add_row({Cell::text("popular"), Cell::count(1234), Cell::number(0.2, 4),
                 Cell::interval(0.19, 0.21, 3), Cell::ratio(1)});
  table.add_row({Cell::text("als"), Cell::count(12), Cell::number(0.26549, 4)});
  document.add_table(std::move(table));
  return document;
}

TEST(Document, TextAlignsColumns) {
  EXPECT_EQ(to_text(example()),
            "Models of movies\n"
            "================\n"
            "\n"
            "1,234 users were scored.\n"
            "\n"
            "Test part\n"
            "model    users  ndcg@10    95% interval  speed\n"
            "----------------------------------------------\n"
            "popular  1,234   0.2000  [0.190, 0.210]   1.0x\n"
            "als         12   0.2655               -      -\n");
}

TEST(Document, TextShowsWhatATerminalWouldObey) {
  Document document("of a\x1B[2J");
  TableBlock table({"item", "plays"}, "");
  table.add_row({Cell::text("one\ntwo"), Cell::count(1)});
  table.add_row({Cell::text("\xFF"), Cell::count(2)});
  document.add_table(std::move(table));
  EXPECT_EQ(to_text(document),
            "of a\\x1b[2J\n"
            "========\n"
            "\n"
            "item      plays\n"
            "---------------\n"
            "one\\ntwo      1\n"
            "\xEF\xBF\xBD             2\n");
}

TEST(Document, Markdown) {
  EXPECT_EQ(to_markdown(example()),
            "## Models of movies\n"
            "\n"
            "1,234 users were scored.\n"
            "\n"
            "**Test part**\n"
            "\n"
            "| model | users | ndcg@10 | 95% interval | speed |\n"
            "| --- | ---: | ---: | ---: | ---: |\n"
            "| popular | 1,234 | 0.2000 | [0.190, 0.210] | 1.0x |\n"
            "| als | 12 | 0.2655 | - | - |\n");
}

TEST(Document, JsonKeepsFullPrecision) {
  EXPECT_EQ(to_text(to_json(example())),
            "{\"title\": \"Models of movies\", \"blocks\": ["
            "{\"paragraph\": \"1,234 users were scored.\"}, "
            "{\"caption\": \"Test part\", "
            "\"headings\": [\"model\", \"users\", \"ndcg@10\", \"95% interval\", \"speed\"], "
            "\"rows\": [[\"popular\", 1234, 0.2, [0.19, 0.21], 1.0], "
            "[\"als\", 12, 0.26549, null, null]]}]}");
}

TEST(Document, WidthsCountCodePointsAndTextStaysLeft) {
  Document document("");
  TableBlock table({"имя", "note"});
  table.add_row({Cell::text("Ёлка"), Cell::text("a")});
  table.add_row({Cell::text("x"), Cell::count(7)});
  document.add_table(std::move(table));
  EXPECT_EQ(to_text(document),
            "имя   note\n"
            "----------\n"
            "Ёлка  a\n"
            "x     7\n");
}

TEST(Document, NumbersThatAreNoneAreMissing) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Cell::number(nan, 2).formatted(), "-");
  EXPECT_EQ(Cell::ratio(inf).formatted(), "-");
  EXPECT_EQ(Cell::interval(0, nan, 2).formatted(), "-");
  EXPECT_TRUE(Cell::interval(nan, 0, 2).json().is_null());
  EXPECT_EQ(Cell::number(-0.5, 1).formatted(), "-0.5");
  EXPECT_EQ(Cell::percent(0.1234).formatted(), "12.3%");
  EXPECT_EQ(Cell::percent(nan).formatted(), "-");
  EXPECT_EQ(Cell().formatted(), "-");
}

TEST(Document, MarkdownEscapesWhatWouldBreakTheTable) {
  Document document("");
  TableBlock table({"a|b"});
  table.add_row({Cell::text("two\nlines")});
  document.add_table(std::move(table));
  EXPECT_EQ(to_markdown(document), "| a\\|b |\n| --- |\n| two lines |\n");
}

TEST(Document, EmptyTableAndEmptyDocument) {
  EXPECT_EQ(to_text(Document("")), "");
  Document document("T");
  document.add_table(TableBlock({"a", "bc"}));
  EXPECT_EQ(to_text(document), "T\n=\n\na  bc\n-----\n");
}

}  // namespace
}  // namespace crossfade
