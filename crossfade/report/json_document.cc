// A Document for machines: the same blocks, numbers in full precision.
#include "crossfade/report/document.h"

namespace crossfade {
namespace {

Json table_json(const TableBlock& table) {
  Json headings = Json::array(), rows = Json::array();
  for (const std::string& heading : table.headings()) headings.push(heading);
  for (const auto& row : table.rows()) {
    Json cells = Json::array();
    for (const Cell& cell : row) cells.push(cell.json());
    rows.push(std::move(cells));
  }
  Json json = Json::object();
  if (!table.caption().empty()) json.set("caption", table.caption());
  return json.set("headings", std::move(headings)).set("rows", std::move(rows));
}

}  // namespace

Json to_json(const Document& document) {
  Json blocks = Json::array();
  for (const Document::Block& block : document.blocks()) {
    if (const auto* paragraph = std::get_if<Document::Paragraph>(&block))
      blocks.push(Json::object().set("paragraph", *paragraph));
    else
      blocks.push(table_json(std::get<TableBlock>(block)));
  }
  return Json::object().set("title", document.title()).set("blocks", std::move(blocks));
}

}  // namespace crossfade
