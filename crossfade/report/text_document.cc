// A Document for a terminal: the title underlined, tables in aligned columns. Ids and file names
// are strangers' bytes: what a terminal would obey is shown instead, and a cell stays on its line.
#include <algorithm>

#include "crossfade/base/utf8.h"
#include "crossfade/report/document.h"
#include "crossfade/report/text_plot.h"

namespace crossfade {
namespace {

struct Column {
  std::vector<std::string> cells;  // the heading first
  std::size_t width = 0;
  bool right = false;
};

std::vector<Column> layout(const TableBlock& table) {
  std::vector<Column> columns(table.headings().size());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    Column& column = columns[c];
    column.right = table.is_numeric(c);
    column.cells.push_back(table.headings()[c]);
    for (const auto& row : table.rows()) column.cells.push_back(printable(row[c].formatted()));
    for (const std::string& cell : column.cells)
      column.width = std::max(column.width, text_width(cell));
  }
  return columns;
}

void append_line(const std::vector<Column>& columns, std::size_t row, std::string& text) {
  std::string line;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const std::string& cell = columns[c].cells[row];
    const std::string padding(columns[c].width - text_width(cell), ' ');
    if (c > 0) line += "  ";
    line += columns[c].right ? padding + cell : cell + padding;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  text += line + "\n";
}

void append_table(const TableBlock& table, std::string& text) {
  if (!table.caption().empty()) text += table.caption() + "\n";
  const std::vector<Column> columns = layout(table);
  for (std::size_t row = 0; row <= table.rows().size(); ++row) {
    append_line(columns, row, text);
    if (row > 0) continue;
    std::size_t width = 0;
    for (std::size_t c = 0; c < columns.size(); ++c) width += columns[c].width + (c > 0 ? 2 : 0);
    text += std::string(width, '-') + "\n";
  }
}

// A line per fact, values under each other.
void append_facts(const FactsBlock& facts, std::string& text) {
  std::size_t names = 0, values = 0;
  for (const FactsBlock::Fact& fact : facts.facts) {
    names = std::max(names, text_width(fact.name));
    values = std::max(values, text_width(printable(fact.value.formatted())));
  }
  for (const FactsBlock::Fact& fact : facts.facts) {
    const std::string value = printable(fact.value.formatted());
    text += fact.name + std::string(names - text_width(fact.name) + 2, ' ') +
            std::string(values - text_width(value), ' ') + value;
    if (!fact.note.empty()) text += "  " + fact.note;
    text += "\n";
  }
}

}  // namespace

std::string to_text(const Document& document) {
  std::string text;
  if (!document.title().empty())
    text = document.title() + "\n" + std::string(text_width(document.title()), '=') + "\n";
  for (const Document::Block& block : document.blocks()) {
    if (!text.empty()) text += "\n";
    if (const auto* paragraph = std::get_if<Document::Paragraph>(&block))
      text += *paragraph + "\n";
    else if (const auto* heading = std::get_if<Document::Heading>(&block))
      text += heading->text + "\n" +
              std::string(text_width(heading->text), heading->level == 1 ? '-' : '.') + "\n";
    else if (const auto* plot = std::get_if<PlotBlock>(&block))
      text += text_plot(*plot);
    else if (const auto* facts = std::get_if<FactsBlock>(&block))
      append_facts(*facts, text);
    else
      append_table(std::get<TableBlock>(block), text);
  }
  return printable(text, true);
}

}  // namespace crossfade
