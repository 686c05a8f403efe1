// The page as text; tests/report opens one in a browser.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "crossfade/base/rng.h"
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

// Bytes and numbers that nobody would write on purpose.
class Wild {
 public:
  std::string text() {
    constexpr std::string_view kSharp = "</>&\"\n,\xC3\xE2\xF0\x80";
    std::string text(rng_.below(40), ' ');
    for (char& c : text)
      c = rng_.below(2) == 0 ? kSharp[rng_.below(kSharp.size())]
                             : static_cast<char>(rng_.below(256));
    return text;
  }
  double number() {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    constexpr double kOdd[] = {0, NAN, kInfinity, -kInfinity, 1e300, -1e300, 1e-310};
    const std::uint64_t which = rng_.below(12);
    if (which < 7) return kOdd[which];
    return (rng_.uniform() - 0.3) * std::pow(10, static_cast<double>(rng_.below(16)));
  }
  PlotBlock plot() {
    PlotBlock plot{.caption = text(), .x_label = text(), .y_label = text()};
    plot.shape = static_cast<PlotBlock::Shape>(rng_.below(3));
    plot.x_axis = static_cast<PlotBlock::Axis>(rng_.below(3));
    plot.y_axis = static_cast<PlotBlock::Axis>(rng_.below(3));
    plot.categories.resize(rng_.below(12));
    for (std::string& category : plot.categories) category = text();
    plot.series.resize(rng_.below(4));
    for (PlotBlock::Series& series : plot.series) {
      series.name = text();
      for (std::size_t i = 0; i < plot.categories.size(); ++i) {
        if (plot.shape != PlotBlock::Shape::kBars) series.x.push_back(number());
        series.y.push_back(number());
        series.low.push_back(number());
        series.high.push_back(number());
        series.labels.push_back(text());
      }
    }
    return plot;
  }

 private:
  Rng rng_{1};
};

TEST(HtmlDocument, WildBytesAndNumbersStayInTheirPlace) {
  Wild wild;
  for (int round = 0; round < 300; ++round) {
    Document document(wild.text());
    document.add_plot(wild.plot());
    TableBlock table({wild.text(), wild.text()}, wild.text());
    table.add_row({Cell::text(wild.text()), Cell::number(wild.number(), 3)});
    document.add_table(std::move(table));
    document.add_facts({{wild.text(), Cell::interval(wild.number(), wild.number(), 2)}});
    const std::string html = to_html(document);
    EXPECT_EQ(html.find("</script>"), html.rfind("</script>"));
    EXPECT_EQ(html.find("\"nan"), std::string::npos);
    EXPECT_FALSE(to_text(document).empty());
    EXPECT_FALSE(to_markdown(document).empty());
  }
}

}  // namespace
}  // namespace crossfade
