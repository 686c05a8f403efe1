// A Document for machines: the same blocks, numbers in full precision.
#include <cmath>

#include "crossfade/report/document.h"

namespace crossfade {
namespace {

Json table_json(const TableBlock& table) {
  Json rows = Json::array();
  for (const auto& row : table.rows()) {
    Json cells = Json::array();
    for (const Cell& cell : row) cells.push(cell.json());
    rows.push(std::move(cells));
  }
  Json json = Json::object();
  if (!table.caption().empty()) json.set("caption", table.caption());
  return json.set("headings", json_list(table.headings())).set("rows", std::move(rows));
}

Json facts_json(const FactsBlock& facts) {
  Json json = Json::object();
  for (const FactsBlock::Fact& fact : facts.facts) json.set(fact.name, fact.value.json());
  return json;
}

Json numbers_json(const std::vector<double>& numbers) {
  Json json = Json::array();
  for (const double number : numbers) json.push(std::isfinite(number) ? Json(number) : Json());
  return json;
}

Json plot_json(const PlotBlock& plot) {
  Json all = Json::array();
  for (const PlotBlock::Series& series : plot.series) {
    Json json = Json::object().set("name", series.name).set("y", numbers_json(series.y));
    if (!series.x.empty()) json.set("x", numbers_json(series.x));
    if (!series.low.empty())
      json.set("low", numbers_json(series.low)).set("high", numbers_json(series.high));
    if (!series.labels.empty()) json.set("labels", json_list(series.labels));
    all.push(std::move(json));
  }
  Json json = Json::object().set("caption", plot.caption).set("x_label", plot.x_label);
  json.set("y_label", plot.y_label);
  if (!plot.categories.empty()) json.set("categories", json_list(plot.categories));
  return json.set("series", std::move(all));
}

}  // namespace

Json to_json(const Document::Heading& heading) {
  Json json = Json::object().set("heading", heading.text);
  if (heading.level != 1) json.set("level", std::int64_t{heading.level});
  return json;
}

Json to_json(const Document& document) {
  Json blocks = Json::array();
  for (const Document::Block& block : document.blocks()) {
    if (const auto* paragraph = std::get_if<Document::Paragraph>(&block))
      blocks.push(Json::object().set("paragraph", *paragraph));
    else if (const auto* heading = std::get_if<Document::Heading>(&block))
      blocks.push(to_json(*heading));
    else if (const auto* plot = std::get_if<PlotBlock>(&block))
      blocks.push(Json::object().set("plot", plot_json(*plot)));
    else if (const auto* facts = std::get_if<FactsBlock>(&block))
      blocks.push(Json::object().set("facts", facts_json(*facts)));
    else
      blocks.push(table_json(std::get<TableBlock>(block)));
  }
  return Json::object().set("title", document.title()).set("blocks", std::move(blocks));
}

}  // namespace crossfade
