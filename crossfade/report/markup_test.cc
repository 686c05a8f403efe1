// Escaping and CSV against literal text.
#include "crossfade/report/markup.h"

#include <gtest/gtest.h>

namespace crossfade {
namespace {

TEST(Markup, EscapesWhatCouldEndTextOrAttributes) {
  EXPECT_EQ(escape_markup("</script><b a=\"1\">&"),
            "&lt;/script&gt;&lt;b a=&quot;1&quot;&gt;&amp;");
  EXPECT_EQ(escape_markup("Ёлка 音楽 🎧"), "Ёлка 音楽 🎧");
}

TEST(Markup, BytesThatAreNoTextAreReplaced) {
  EXPECT_EQ(escape_markup("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(escape_markup("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");       // overlong
  EXPECT_EQ(escape_markup("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");       // cut short
  EXPECT_EQ(escape_markup("\xED\xA0\x80").substr(0, 3), "\xEF\xBF\xBD");  // a surrogate
  EXPECT_EQ(escape_markup(std::string_view("a\0b\x1B", 4)),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(escape_markup("two\nlines\t"), "two\nlines\t");
}

TEST(Markup, Coordinates) {
  EXPECT_EQ(coordinate(12), "12");
  EXPECT_EQ(coordinate(12.34), "12.3");
  EXPECT_EQ(coordinate(-0.01), "0");
  EXPECT_EQ(coordinate(99.96), "100");
}

TEST(Markup, TableAsCsv) {
  TableBlock table({"model, \"best\"", "users", "95%"});
  table.add_row({Cell::text("a\nb"), Cell::count(1234), Cell::interval(0.25, 0.5, 1)});
  table.add_row({Cell::text("plain")});
  EXPECT_EQ(table_csv(table),
            "\"model, \"\"best\"\"\",users,95% low,95% high\r\n"
            "\"a\nb\",1234,0.25,0.5\r\n"
            "plain,,,\r\n");
}

TEST(Markup, PlotAsCsv) {
  PlotBlock plot{.caption = "c", .x_label = "day", .x_axis = PlotBlock::Axis::kTime};
  plot.series.push_back({.name = "plays", .x = {0, 86400}, .y = {1, 0.5}});
  EXPECT_EQ(plot_csv(plot), "series,day,y\r\nplays,1970-01-01,1\r\nplays,1970-01-02,0.5\r\n");
  PlotBlock bars{.caption = "c", .shape = PlotBlock::Shape::kBars, .categories = {"a,b"}};
  bars.series.push_back({.name = "s", .y = {2}, .low = {1}, .high = {3}, .labels = {"l"}});
  EXPECT_EQ(plot_csv(bars), "series,category,y,low,high,label\r\ns,\"a,b\",2,1,3,l\r\n");
}

TEST(Markup, DataAddressIsPlainAscii) {
  EXPECT_EQ(data_address("a,b\r\n\"ё\""), "data:text/csv;charset=utf-8,a,b%0D%0A%22%D1%91%22");
}

}  // namespace
}  // namespace crossfade
