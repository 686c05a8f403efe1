// The page as text; tests/report opens one in a browser.
#include <gtest/gtest.h>

#include "crossfade/report/document.h"

namespace crossfade {
namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Document example() {
  Document document("Run <of> </script>");
  document.add_facts({{"users", Cell::count(1234), "of the test part"}});
  for (const char* name : {"Models", "Segments", "Data"}) {
    document.add_heading(name);
    TableBlock table({"model", "ndcg@10", "95%"}, "Means");
    table.add_row({Cell::text("</script><img src=x>"), Cell::number(0.123456, 4),
                   Cell::interval(0.1, 0.2, 2)});
    document.add_table(std::move(table));
    PlotBlock plot{.caption = "NDCG by model", .shape = PlotBlock::Shape::kBars};
    plot.categories = {"als"};
    plot.series.push_back({.name = "ndcg", .y = {0.5}});
    document.add_plot(std::move(plot));
  }
  document.add_paragraph("One.\nTwo,\nlong.");
  return document;
}

TEST(HtmlDocument, HoldsEveryBlock) {
  const std::string html = to_html(example());
  EXPECT_TRUE(holds(html, "<title>Run &lt;of&gt; &lt;/script&gt;</title>"));
  EXPECT_TRUE(holds(html, "<dt>users</dt><dd class=\"value\">1,234</dd>"));
  EXPECT_TRUE(holds(html, "<h2 id=\"s2\">Segments</h2>"));
  EXPECT_TRUE(holds(html, "<a href=\"#s2\">Segments</a>"));
  EXPECT_TRUE(holds(html, "<td class=\"number\" data-v=\"0.123456\">0.1235</td>"));
  EXPECT_TRUE(holds(html, "<td class=\"number\" data-v=\"0.1\">[0.10, 0.20]</td>"));
  EXPECT_TRUE(holds(html, "<p>One.<br>Two, long.</p>"));
  EXPECT_TRUE(holds(html, "download=\"2-ndcg-by-model.csv\" href=\"data:text/csv"));
}

TEST(HtmlDocument, TextNeverBecomesMarkup) {
  const std::string html = to_html(example());
  EXPECT_FALSE(holds(html, "<img"));
  // The one that ends the page's own script.
  EXPECT_EQ(html.find("</script>"), html.rfind("</script>"));
}

TEST(HtmlDocument, LoadsNothing) {
  const std::string html = to_html(example());
  for (const char* part : {"http://", "https://", "src=\"", "@import", "url("})
    EXPECT_FALSE(holds(html, part)) << part;
  EXPECT_TRUE(holds(html, "default-src 'none'"));
}

TEST(HtmlDocument, ShortPagesHaveNoContents) {
  Document document("T");
  document.add_heading("One");
  EXPECT_FALSE(holds(to_html(document), "class=\"toc\""));
}

TEST(HtmlDocument, OfTwentyModelsIsSmall) {
  Document document("Twenty models");
  for (int plots = 0; plots < 30; ++plots) {
    PlotBlock plot{.caption = "Metric by segment", .shape = PlotBlock::Shape::kBars};
    for (int c = 0; c < 6; ++c) plot.categories.push_back("segment " + std::to_string(c));
    for (int model = 0; model < 20; ++model)
      plot.series.push_back({.name = "model " + std::to_string(model),
                             .y = std::vector<double>(6, 0.123456789),
                             .low = std::vector<double>(6, 0.1123456789),
                             .high = std::vector<double>(6, 0.1323456789)});
    document.add_plot(std::move(plot));
  }
  EXPECT_LT(to_html(document).size(), 3'000'000u);
}

}  // namespace
}  // namespace crossfade
