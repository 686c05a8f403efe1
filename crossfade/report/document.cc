// Cells know how they are written; blocks only keep what they are given.
#include "crossfade/report/document.h"

#include <cmath>

#include "crossfade/base/text.h"

namespace crossfade {

Cell Cell::text(std::string text) {
  Cell cell;
  cell.kind_ = Kind::kText;
  cell.text_ = std::move(text);
  return cell;
}

Cell Cell::count(std::int64_t count) {
  Cell cell;
  cell.kind_ = Kind::kCount;
  cell.count_ = count;
  return cell;
}

Cell Cell::number(double value, int decimals) {
  Cell cell;
  if (!std::isfinite(value)) return cell;
  cell.kind_ = Kind::kNumber;
  cell.value_ = value;
  cell.decimals_ = decimals;
  return cell;
}

Cell Cell::interval(double low, double high, int decimals) {
  Cell cell;
  if (!std::isfinite(low) || !std::isfinite(high)) return cell;
  cell.kind_ = Kind::kInterval;
  cell.value_ = low;
  cell.high_ = high;
  cell.decimals_ = decimals;
  return cell;
}

Cell Cell::ratio(double value, int decimals) {
  Cell cell = number(value, decimals);
  if (cell.kind_ == Kind::kNumber) cell.kind_ = Kind::kRatio;
  return cell;
}

Cell Cell::percent(double share, int decimals) {
  Cell cell = number(share, decimals);
  if (cell.kind_ == Kind::kNumber) cell.kind_ = Kind::kPercent;
  return cell;
}

std::string Cell::formatted() const {
  switch (kind_) {
    case Kind::kMissing:
      return "-";
    case Kind::kText:
      return text_;
    case Kind::kCount:
      return format_count(count_);
    case Kind::kNumber:
      return format_number(value_, decimals_);
    case Kind::kInterval:
      return "[" + format_number(value_, decimals_) + ", " + format_number(high_, decimals_) + "]";
    case Kind::kRatio:
      return format_number(value_, decimals_) + "x";
    case Kind::kPercent:
      return format_number(100 * value_, decimals_) + "%";
  }
  return "";
}

Json Cell::json() const {
  switch (kind_) {
    case Kind::kMissing:
      return {};
    case Kind::kText:
      return text_;
    case Kind::kCount:
      return count_;
    case Kind::kNumber:
    case Kind::kRatio:
    case Kind::kPercent:
      return value_;
    case Kind::kInterval:
      return Json::array().push(value_).push(high_);
  }
  return {};
}

TableBlock::TableBlock(std::vector<std::string> headings, std::string caption)
    : caption_(std::move(caption)), headings_(std::move(headings)) {}

void TableBlock::add_row(std::vector<Cell> cells) {
  CROSSFADE_CHECK(cells.size() <= headings_.size(), "a row has more cells than the table headings");
  cells.resize(headings_.size());
  rows_.push_back(std::move(cells));
}

void Document::append(const Document& part, const std::string& title) {
  if (!title.empty()) add_heading(title);
  for (Block block : part.blocks_) {
    if (auto* heading = std::get_if<Heading>(&block)) heading->level = 2;
    blocks_.push_back(std::move(block));
  }
}

void Document::add_plot(PlotBlock plot) {
  for (const PlotBlock::Series& series : plot.series) {
    const std::size_t points = series.y.size();
    const bool bars = plot.shape == PlotBlock::Shape::kBars;
    CROSSFADE_CHECK(bars ? points == plot.categories.size() : points == series.x.size(),
                    "a plot's series has one y per x, or per category");
    CROSSFADE_CHECK(series.low.size() == series.high.size() &&
                        (series.low.empty() || series.low.size() == points),
                    "a plot's intervals have two ends for every y");
    CROSSFADE_CHECK(series.labels.empty() || series.labels.size() == points,
                    "a plot's labels belong to its points");
  }
  blocks_.emplace_back(std::move(plot));
}

bool TableBlock::is_numeric(std::size_t column) const {
  for (const auto& row : rows_)
    if (!row[column].is_numeric()) return false;
  return !rows_.empty();
}

}  // namespace crossfade
