// Escaping is by byte but for the check of UTF-8, so that a page is linear in its text.
#include "crossfade/report/markup.h"

#include <cmath>

#include "crossfade/base/text.h"
#include "crossfade/base/utf8.h"
#include "crossfade/report/axis.h"

namespace crossfade {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

void append_escaped(char c, std::string& out) {
  switch (c) {
    case '&':
      out += "&amp;";
      return;
    case '<':
      out += "&lt;";
      return;
    case '>':
      out += "&gt;";
      return;
    case '"':
      out += "&quot;";
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F)
    out += kReplacement;
  else
    out += c;
}

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string csv_number(double value) {
  return std::isfinite(value) ? format_shortest(value) : "";
}

std::string csv_json(const Json& json) {
  if (json.is_null()) return "";
  if (const std::string* text = json.as_string()) return csv_text(*text);
  return json.is_int() ? std::to_string(*json.as_int()) : csv_number(json.number());
}

bool has_interval(const TableBlock& table, std::size_t column) {
  for (const auto& row : table.rows())
    if (row[column].kind() == Cell::Kind::kInterval) return true;
  return false;
}

}  // namespace

std::string escape_markup(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text, 0);
    if (length == 1)
      append_escaped(text[0], out);
    else
      out += length == 0 ? kReplacement : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return out;
}

std::string coordinate(double value) {
  const double rounded = std::round(value * 10) / 10;
  if (!std::isfinite(rounded) || rounded == 0) return "0";
  return rounded == std::floor(rounded) ? format_number(rounded, 0) : format_number(rounded, 1);
}

std::string table_csv(const TableBlock& table) {
  std::vector<bool> intervals;
  std::string csv;
  for (std::size_t c = 0; c < table.headings().size(); ++c) {
    intervals.push_back(has_interval(table, c));
    const std::string& heading = table.headings()[c];
    if (c > 0) csv += ",";
    csv += intervals[c] ? csv_text(heading + " low") + "," + csv_text(heading + " high")
                        : csv_text(heading);
  }
  csv += "\r\n";
  for (const auto& row : table.rows()) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c > 0) csv += ",";
      const Json json = row[c].json();
      if (const Json::Array* ends = json.as_array())
        csv += csv_json((*ends)[0]) + "," + csv_json((*ends)[1]);
      else
        csv += csv_json(json) + (intervals[c] ? "," : "");
    }
    csv += "\r\n";
  }
  return csv;
}

std::string plot_csv(const PlotBlock& plot) {
  const bool bars = plot.shape == PlotBlock::Shape::kBars;
  bool ends = false, labels = false;
  for (const PlotBlock::Series& series : plot.series) {
    ends |= !series.low.empty();
    labels |= !series.labels.empty();
  }
  const auto name = [](const std::string& label, const char* otherwise) {
    return csv_text(label.empty() ? otherwise : label);
  };
  std::string csv = "series," + name(plot.x_label, bars ? "category" : "x") + "," +
                    name(plot.y_label, "y") + (ends ? ",low,high" : "") + (labels ? ",label" : "") +
                    "\r\n";
  for (const PlotBlock::Series& series : plot.series) {
    for (std::size_t i = 0; i < series.y.size(); ++i) {
      csv += csv_text(series.name) + ",";
      if (bars)
        csv += csv_text(plot.categories[i]);
      else if (plot.x_axis == PlotBlock::Axis::kTime)
        csv += std::isfinite(series.x[i]) ? value_text(plot.x_axis, series.x[i]) : "";
      else
        csv += csv_number(series.x[i]);
      csv += "," + csv_number(series.y[i]);
      if (ends)
        csv += series.low.empty()
                   ? ",,"
                   : "," + csv_number(series.low[i]) + "," + csv_number(series.high[i]);
      if (labels) csv += "," + (series.labels.empty() ? "" : csv_text(series.labels[i]));
      csv += "\r\n";
    }
  }
  return csv;
}

std::string data_address(std::string_view csv) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out = "data:text/csv;charset=utf-8,";
  for (const char c : csv) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '.' || c == '_' || c == ',';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

}  // namespace crossfade
