// Archive: every kind of block and cell reads back as it was, rounding and all.
#include "crossfade/report/archive.h"

#include <gtest/gtest.h>

#include <cmath>

namespace crossfade {
namespace {

Document everything() {
  Document document("All kinds");
  document.add_paragraph("Two\nlines.");
  document.add_heading("Numbers");
  document.add_heading("Of them", 2);
  TableBlock table({"name", "count", "value", "95%", "ratio", "none"}, "a caption");
  table.add_row({Cell::text("ключ"), Cell::count(1234567), Cell::number(0.12345, 3),
                 Cell::interval(0.1, 0.2, 2), Cell::ratio(5.25), Cell()});
  document.add_table(std::move(table));
  document.add_facts({{"users", Cell::count(12), "of the test"}});
  PlotBlock plot;
  plot.caption = "A curve";
  plot.shape = PlotBlock::Shape::kPoints;
  plot.x_axis = PlotBlock::Axis::kLog;
  plot.series.push_back({"als", {1, 2}, {0.5, NAN}, {0.4, 0.1}, {0.6, 0.2}, {"a", "b"}});
  document.add_plot(std::move(plot));
  return document;
}

TEST(Archive, ReadsBackAsItWas) {
  const Document document = everything();
  const auto parsed = parse_json(to_text(archive(document)));
  const auto again = document_from_archive(*parsed);
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(to_text(*again), to_text(document));
  EXPECT_EQ(to_markdown(*again), to_markdown(document));
  EXPECT_EQ(to_html(*again), to_html(document));
  EXPECT_EQ(to_text(archive(*again)), to_text(archive(document)));
  const auto& plot = std::get<PlotBlock>(again->blocks()[5]);
  EXPECT_EQ(plot.x_axis, PlotBlock::Axis::kLog);
  EXPECT_TRUE(std::isnan(plot.series[0].y[1]));
}

TEST(Archive, OtherJsonIsRefused) {
  EXPECT_EQ(document_from_archive(Json(1)).status().kind(), StatusKind::kDataInvalid);
  EXPECT_FALSE(document_from_archive(*parse_json(R"({"title": "x", "blocks": [{}]})")).ok());
}

}  // namespace
}  // namespace crossfade
