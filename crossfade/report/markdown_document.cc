// A Document as GitHub's Markdown, for docs/ and for pasting into an issue.
#include "crossfade/report/document.h"
#include "crossfade/report/text_plot.h"

namespace crossfade {
namespace {

// A pipe would end the cell, a line break the table.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

void append_table(const TableBlock& table, std::string& text) {
  if (!table.caption().empty()) text += "**" + table.caption() + "**\n\n";
  std::string rule = "|";
  text += "|";
  for (std::size_t c = 0; c < table.headings().size(); ++c) {
    text += " " + escaped(table.headings()[c]) + " |";
    rule += table.is_numeric(c) ? " ---: |" : " --- |";
  }
  text += "\n" + rule + "\n";
  for (const auto& row : table.rows()) {
    text += "|";
    for (const Cell& cell : row) text += " " + escaped(cell.formatted()) + " |";
    text += "\n";
  }
}

void append_facts(const FactsBlock& facts, std::string& text) {
  for (const FactsBlock::Fact& fact : facts.facts) {
    text += "- " + fact.name + ": **" + fact.value.formatted() + "**";
    if (!fact.note.empty()) text += " (" + fact.note + ")";
    text += "\n";
  }
}

}  // namespace

std::string to_markdown(const Document& document) {
  std::string text;
  if (!document.title().empty()) text = "## " + document.title() + "\n";
  for (const Document::Block& block : document.blocks()) {
    if (!text.empty()) text += "\n";
    if (const auto* paragraph = std::get_if<Document::Paragraph>(&block))
      text += *paragraph + "\n";
    else if (const auto* heading = std::get_if<Document::Heading>(&block))
      text += (heading->level == 1 ? "### " : "#### ") + heading->text + "\n";
    else if (const auto* plot = std::get_if<PlotBlock>(&block))
      text += "```text\n" + text_plot(*plot) + "```\n";
    else if (const auto* facts = std::get_if<FactsBlock>(&block))
      append_facts(*facts, text);
    else
      append_table(std::get<TableBlock>(block), text);
  }
  return text;
}

}  // namespace crossfade
