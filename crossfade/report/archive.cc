// Blocks and cells with everything they hold. A cell is an array: its kind, then what it needs.
#include "crossfade/report/archive.h"

#include <cmath>
#include <utility>

namespace crossfade {
namespace {

Json archive_cell(const Cell& cell) {
  const Json value = cell.json();
  switch (cell.kind()) {
    case Cell::Kind::kMissing:
      return Json::array().push("missing");
    case Cell::Kind::kText:
      return Json::array().push("text").push(value);
    case Cell::Kind::kCount:
      return Json::array().push("count").push(value);
    case Cell::Kind::kNumber:
      return Json::array().push("number").push(value).push(cell.decimals());
    case Cell::Kind::kRatio:
      return Json::array().push("ratio").push(value).push(cell.decimals());
    case Cell::Kind::kPercent:
      return Json::array().push("percent").push(value).push(cell.decimals());
    case Cell::Kind::kInterval:
      return Json::array().push("interval").push(value).push(cell.decimals());
  }
  return {};
}

Json archive_table(const TableBlock& table) {
  Json rows = Json::array();
  for (const auto& row : table.rows()) {
    Json cells = Json::array();
    for (const Cell& cell : row) cells.push(archive_cell(cell));
    rows.push(std::move(cells));
  }
  return Json::object()
      .set("caption", table.caption())
      .set("headings", json_list(table.headings()))
      .set("rows", std::move(rows));
}

Json archive_plot(const PlotBlock& plot) {
  Json all = Json::array();
  for (const PlotBlock::Series& series : plot.series)
    all.push(Json::object()
                 .set("name", series.name)
                 .set("x", json_list(series.x))
                 .set("y", json_list(series.y))
                 .set("low", json_list(series.low))
                 .set("high", json_list(series.high))
                 .set("labels", json_list(series.labels)));
  return Json::object()
      .set("caption", plot.caption)
      .set("shape", static_cast<int>(plot.shape))
      .set("x_label", plot.x_label)
      .set("y_label", plot.y_label)
      .set("x_axis", static_cast<int>(plot.x_axis))
      .set("y_axis", static_cast<int>(plot.y_axis))
      .set("y_from_zero", plot.y_from_zero)
      .set("categories", json_list(plot.categories))
      .set("series", std::move(all));
}

Json archive_facts(const FactsBlock& block) {
  Json facts = Json::array();
  for (const FactsBlock::Fact& fact : block.facts)
    facts.push(Json::object()
                   .set("name", fact.name)
                   .set("value", archive_cell(fact.value))
                   .set("note", fact.note));
  return facts;
}

const Json::Array& entries(const Json& json) {
  static const Json::Array none;
  return json.as_array() ? *json.as_array() : none;
}

std::string text_of(const Json& json) {
  return json.as_string() ? *json.as_string() : "";
}

int int_of(const Json& json) {
  return json.is_int() ? static_cast<int>(*json.as_int()) : 0;
}

std::vector<std::string> texts_of(const Json& json) {
  std::vector<std::string> texts;
  for (const Json& text : entries(json)) texts.push_back(text_of(text));
  return texts;
}

// A gap (NaN) was written as null.
std::vector<double> numbers_of(const Json& json) {
  std::vector<double> values;
  for (const Json& value : entries(json)) values.push_back(value.is_null() ? NAN : value.number());
  return values;
}

Cell cell_of(const Json& json) {
  const Json::Array& parts = entries(json);
  const std::string kind = parts.empty() ? "" : text_of(parts[0]);
  if (parts.size() < 2) return {};
  const int decimals = parts.size() > 2 ? int_of(parts[2]) : 0;
  if (kind == "text") return Cell::text(text_of(parts[1]));
  if (kind == "count" && parts[1].is_int()) return Cell::count(*parts[1].as_int());
  if (kind == "number") return Cell::number(parts[1].number(), decimals);
  if (kind == "ratio") return Cell::ratio(parts[1].number(), decimals);
  if (kind == "percent") return Cell::percent(parts[1].number(), decimals);
  const Json::Array& ends = entries(parts[1]);
  if (kind == "interval" && ends.size() == 2)
    return Cell::interval(ends[0].number(), ends[1].number(), decimals);
  return {};
}

TableBlock table_of(const Json& json) {
  TableBlock table(texts_of(json["headings"]), text_of(json["caption"]));
  for (const Json& row : entries(json["rows"])) {
    std::vector<Cell> cells;
    for (const Json& cell : entries(row))
      if (cells.size() < table.headings().size()) cells.push_back(cell_of(cell));
    table.add_row(std::move(cells));
  }
  return table;
}

std::vector<FactsBlock::Fact> facts_of(const Json& json) {
  std::vector<FactsBlock::Fact> facts;
  for (const Json& fact : entries(json))
    facts.push_back({text_of(fact["name"]), cell_of(fact["value"]), text_of(fact["note"])});
  return facts;
}

PlotBlock plot_of(const Json& json) {
  PlotBlock plot;
  plot.caption = text_of(json["caption"]);
  plot.shape = static_cast<PlotBlock::Shape>(int_of(json["shape"]));
  plot.x_label = text_of(json["x_label"]);
  plot.y_label = text_of(json["y_label"]);
  plot.x_axis = static_cast<PlotBlock::Axis>(int_of(json["x_axis"]));
  plot.y_axis = static_cast<PlotBlock::Axis>(int_of(json["y_axis"]));
  plot.y_from_zero = json["y_from_zero"].as_bool() != nullptr && *json["y_from_zero"].as_bool();
  plot.categories = texts_of(json["categories"]);
  for (const Json& series : entries(json["series"]))
    plot.series.push_back({text_of(series["name"]), numbers_of(series["x"]),
                           numbers_of(series["y"]), numbers_of(series["low"]),
                           numbers_of(series["high"]), texts_of(series["labels"])});
  return plot;
}

}  // namespace

Json archive(const Document& document) {
  Json blocks = Json::array();
  for (const Document::Block& block : document.blocks()) {
    if (const auto* paragraph = std::get_if<Document::Paragraph>(&block))
      blocks.push(Json::object().set("paragraph", *paragraph));
    else if (const auto* heading = std::get_if<Document::Heading>(&block))
      blocks.push(to_json(*heading));
    else if (const auto* plot = std::get_if<PlotBlock>(&block))
      blocks.push(Json::object().set("plot", archive_plot(*plot)));
    else if (const auto* facts = std::get_if<FactsBlock>(&block))
      blocks.push(Json::object().set("facts", archive_facts(*facts)));
    else
      blocks.push(Json::object().set("table", archive_table(std::get<TableBlock>(block))));
  }
  return Json::object().set("title", document.title()).set("blocks", std::move(blocks));
}

Result<Document> document_from_archive(const Json& json) {
  const auto title = json.string_at("title");
  if (!title.ok()) return data_invalid("this is no archived document: " + title.status().message());
  Document document(*title);
  for (const Json& block : entries(json["blocks"])) {
    if (const std::string* paragraph = block["paragraph"].as_string())
      document.add_paragraph(*paragraph);
    else if (const std::string* heading = block["heading"].as_string())
      document.add_heading(*heading, block.find("level") ? int_of(block["level"]) : 1);
    else if (const Json* plot = block.find("plot"))
      document.add_plot(plot_of(*plot));
    else if (const Json* facts = block.find("facts"))
      document.add_facts(facts_of(*facts));
    else if (const Json* table = block.find("table"))
      document.add_table(table_of(*table));
    else
      return data_invalid("this is no archived document: a block of an unknown kind");
  }
  return document;
}

}  // namespace crossfade
