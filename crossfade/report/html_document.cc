// A Document as one page of HTML: no network, no fonts, no scripts but its own few lines.
#include <algorithm>
#include <cctype>

#include "crossfade/report/document.h"
#include "crossfade/report/markup.h"
#include "crossfade/report/page_assets.h"
#include "crossfade/report/svg_plot.h"

namespace crossfade {
namespace {

// Nothing is loaded, nothing is sent; the page's own style and script are all that runs.
constexpr const char* kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'";
constexpr PlotSize kWide{760, 330}, kNarrow{360, 280};
constexpr std::size_t kHeadingsForContents = 3;

// "Plays per month" -> "plays-per-month"; letters outside ASCII are left out.
std::string file_stem(const std::string& caption, std::size_t number) {
  std::string stem;
  for (const char c : caption) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (plain && static_cast<unsigned char>(c) < 0x80)
      stem += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!stem.empty() && stem.back() != '-')
      stem += '-';
    if (stem.size() >= 40) break;
  }
  while (!stem.empty() && stem.back() == '-') stem.pop_back();
  return std::to_string(number) + (stem.empty() ? "" : "-" + stem);
}

// A break after the end of a sentence is meant; one inside was made for a terminal's width.
std::string with_line_breaks(const std::string& text) {
  std::string out;
  for (const char c : escape_markup(text)) {
    const bool ended =
        !out.empty() && std::string_view(".:;!?").find(out.back()) != std::string::npos;
    if (c != '\n')
      out += c;
    else
      out += ended ? "<br>" : " ";
  }
  return out;
}

// The heading of a section, which the list of contents names; nullptr for any other block.
const Document::Heading* section_heading(const Document::Block& block) {
  const auto* heading = std::get_if<Document::Heading>(&block);
  return heading && heading->level == 1 ? heading : nullptr;
}

class Page {
 public:
  explicit Page(const Document& document) : document_(document) {}
  std::string write();

 private:
  void add_contents();
  void add(const Document::Paragraph& paragraph) {
    html_ += "<p>" + with_line_breaks(paragraph) + "</p>\n";
  }
  void add(const Document::Heading& heading) {
    const std::string text = escape_markup(heading.text);
    if (heading.level == 1)
      html_ += "<h2 id=\"s" + std::to_string(++headings_) + "\">" + text + "</h2>\n";
    else
      html_ += "<h3>" + text + "</h3>\n";
  }
  void add(const FactsBlock& facts);
  void add(const TableBlock& table);
  void add(const PlotBlock& plot);
  void add_cell(const Cell& cell, bool numeric);
  void add_legend(const PlotBlock& plot);
  void add_download(const std::string& caption, const std::string& csv);

  const Document& document_;
  std::string html_;
  std::size_t headings_ = 0, downloads_ = 0;
};

void Page::add(const FactsBlock& facts) {
  html_ += "<dl class=\"facts\">";
  for (const FactsBlock::Fact& fact : facts.facts) {
    html_ += "<div><dt>" + escape_markup(fact.name) + "</dt><dd class=\"value\">" +
             escape_markup(fact.value.formatted()) + "</dd>";
    if (!fact.note.empty()) html_ += "<dd class=\"note\">" + escape_markup(fact.note) + "</dd>";
    html_ += "</div>";
  }
  html_ += "</dl>\n";
}

void Page::add_cell(const Cell& cell, bool numeric) {
  html_ += numeric ? "<td class=\"number\"" : "<td class=\"text\"";
  Json value = cell.json();
  if (const Json::Array* ends = value.as_array()) value = Json((*ends)[0]);
  if (value.is_number()) html_ += " data-v=\"" + to_text(value) + "\"";
  html_ += ">" + escape_markup(cell.formatted()) + "</td>";
}

void Page::add(const TableBlock& table) {
  html_ += "<div class=\"block\">";
  if (!table.caption().empty())
    html_ += "<p class=\"title\">" + escape_markup(table.caption()) + "</p>";
  const std::string name = table.caption().empty() ? "Table" : escape_markup(table.caption());
  // Wide tables scroll by themselves, by keyboard too.
  html_ += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + name +
           "\"><table><thead><tr>";
  for (std::size_t c = 0; c < table.headings().size(); ++c)
    html_ += std::string("<th scope=\"col\"") + (table.is_numeric(c) ? " class=\"number\">" : ">") +
             escape_markup(table.headings()[c]) + "</th>";
  html_ += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows()) {
    html_ += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) add_cell(row[c], table.is_numeric(c));
    html_ += "</tr>\n";
  }
  html_ += "</tbody></table></div>";
  add_download(table.caption(), table_csv(table));
  html_ += "</div>\n";
}

void Page::add_legend(const PlotBlock& plot) {
  if (plot.series.size() < 2) return;
  html_ += "<ul class=\"legend\">";
  for (std::size_t s = 0; s < plot.series.size(); ++s)
    html_ += "<li><button type=\"button\" aria-pressed=\"true\" data-series=\"" +
             std::to_string(s) + "\">" + svg_legend_sign(plot, s) +
             escape_markup(plot.series[s].name) + "</button></li>";
  html_ += "</ul>";
}

void Page::add(const PlotBlock& plot) {
  html_ += "<figure>";
  html_ += "<figcaption class=\"title\">" + escape_markup(plot.caption) + "</figcaption>";
  add_legend(plot);
  // Two drawings, of which the style sheet shows one: letters stay readable on a phone.
  html_ += svg_plot(plot, kWide, "wide") + "\n" + svg_plot(plot, kNarrow, "narrow");
  add_download(plot.caption, plot_csv(plot));
  html_ += "</figure>\n";
}

void Page::add_download(const std::string& caption, const std::string& csv) {
  const std::string file = file_stem(caption, ++downloads_) + ".csv";
  html_ += "<p class=\"save\"><a download=\"" + file + "\" href=\"" + data_address(csv) +
           "\">Download as CSV</a></p>";
}

void Page::add_contents() {
  std::size_t number = 0;
  html_ += "<nav class=\"toc\" aria-label=\"Contents\"><ul>";
  for (const Document::Block& block : document_.blocks())
    if (const auto* heading = section_heading(block))
      html_ += "<li><a href=\"#s" + std::to_string(++number) + "\">" +
               escape_markup(heading->text) + "</a></li>";
  html_ += "</ul></nav>\n";
}

std::string Page::write() {
  const auto headings = static_cast<std::size_t>(
      std::count_if(document_.blocks().begin(), document_.blocks().end(),
                    [](const auto& block) { return section_heading(block) != nullptr; }));
  const bool contents = headings >= kHeadingsForContents;
  const std::string title = escape_markup(document_.title());
  html_ = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  html_ += "<meta http-equiv=\"Content-Security-Policy\" content=\"" + std::string(kPolicy) +
           "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  html_ += "<meta name=\"generator\" content=\"crossfade\">\n<link rel=\"icon\" href=\"data:,\">\n";
  html_ += "<title>" + title + "</title>\n<style>\n" + std::string(kPageStyle) + "</style>\n";
  html_ += std::string("</head>\n<body>\n<div class=\"page") + (contents ? " with-toc" : "") +
           "\">\n<header><h1>" + title +
           "</h1><button id=\"theme\" type=\"button\" aria-label=\"Switch between light and dark\""
           " hidden></button></header>\n";
  if (contents) add_contents();
  html_ += "<main>\n";
  for (const Document::Block& block : document_.blocks())
    std::visit([this](const auto& one) { add(one); }, block);
  html_ +=
      "</main>\n</div>\n<script>\n" + std::string(kPageScript) + "</script>\n</body>\n</html>\n";
  return std::move(html_);
}

}  // namespace

std::string to_html(const Document& document) {
  return Page(document).write();
}

}  // namespace crossfade
