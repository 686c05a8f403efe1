// Document: what a command or a room tells a person, as data, before anyone decides how it looks.
//
// Every room makes its own Document out of typed cells (a count is not a string); this room alone
// knows how a cell is written for a terminal, for Markdown and for machines. So all tables of the
// program line up and round alike, and --json carries full precision.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "crossfade/base/json.h"

namespace crossfade {

// One cell of a table. Text stands at the left of its column, everything else at the right.
class Cell {
 public:
  enum class Kind { kMissing, kText, kCount, kNumber, kInterval, kRatio, kPercent };

  Cell() = default;  // missing: "-" for people, null for machines
  static Cell text(std::string text);
  static Cell count(std::int64_t count);                        // "1,234,567"
  static Cell number(double value, int decimals);               // "0.1235"
  static Cell interval(double low, double high, int decimals);  // "[0.12, 0.14]"
  static Cell ratio(double value, int decimals = 1);            // "5.2x"
  static Cell percent(double share, int decimals = 1);          // 0.123: "12.3%"
  // A number that is NaN or infinite is written as a missing one.

  Kind kind() const { return kind_; }
  bool is_numeric() const { return kind_ != Kind::kText; }
  int decimals() const { return decimals_; }  // of numbers, intervals and ratios
  // As people read it.
  std::string formatted() const;
  // With full precision: null, a string, a number, or [low, high].
  Json json() const;

 private:
  Kind kind_ = Kind::kMissing;
  std::string text_;
  std::int64_t count_ = 0;
  double value_ = 0, high_ = 0;
  int decimals_ = 0;
};

// A table with a heading per column. Rows shorter than the headings are filled with missing cells;
// a longer row is our own mistake (checked when it is added).
class TableBlock {
 public:
  explicit TableBlock(std::vector<std::string> headings, std::string caption = "");
  void add_row(std::vector<Cell> cells);

  const std::string& caption() const { return caption_; }
  const std::vector<std::string>& headings() const { return headings_; }
  const std::vector<std::vector<Cell>>& rows() const { return rows_; }
  // True if no cell of the column is text: then its heading stands at the right too.
  bool is_numeric(std::size_t column) const;

 private:
  std::string caption_;
  std::vector<std::string> headings_;
  std::vector<std::vector<Cell>> rows_;
};

// A plot as data: who draws it decides colours and sizes, and whoever reads it can have the
// numbers.
struct PlotBlock {
  enum class Shape {
    kLine,   // points joined in their order
    kBars,   // one bar per category, series side by side
    kPoints  // points alone: a scatter
  };
  enum class Axis { kLinear, kLog, kTime };  // kTime: x is seconds since 1970, UTC

  // y over x. `low` and `high`, if not empty, are an interval around each y. For bars x is empty
  // and y has one value per category. NaN is a gap. A series of points may label each ("als, 64"),
  // one of a line those points that are to stand out ("epoch 12"); the others' labels are empty.
  struct Series {
    std::string name;
    std::vector<double> x = {}, y = {};
    std::vector<double> low = {}, high = {};
    std::vector<std::string> labels = {};
  };

  std::string caption = "";  // one sentence: what is to be seen
  Shape shape = Shape::kLine;
  std::string x_label = "", y_label = "";
  Axis x_axis = Axis::kLinear, y_axis = Axis::kLinear;
  bool y_from_zero = false;  // lines and points: show how large, not only how different
  std::vector<std::string> categories = {};  // of bars
  std::vector<Series> series = {};
};

// A few numbers to see first, each with its name and, in small letters, a note.
struct FactsBlock {
  struct Fact {
    std::string name;
    Cell value;
    std::string note = "";
  };
  std::vector<Fact> facts;
};

class Document {
 public:
  using Paragraph = std::string;
  struct Heading {
    std::string text;  // begins a section
    int level = 1;     // 2: a part of one
  };
  using Block = std::variant<Paragraph, TableBlock, Heading, PlotBlock, FactsBlock>;

  explicit Document(std::string title) : title_(std::move(title)) {}
  // Sentences; a line break inside is kept (in HTML only after the end of one).
  void add_paragraph(std::string sentences) { blocks_.emplace_back(std::move(sentences)); }
  void add_table(TableBlock table) { blocks_.emplace_back(std::move(table)); }
  void add_heading(std::string text, int level = 1) {
    blocks_.emplace_back(Heading{std::move(text), level});
  }
  void add_facts(std::vector<FactsBlock::Fact> facts) {
    blocks_.emplace_back(FactsBlock{std::move(facts)});
  }
  // All of another document as a section of this one; its own sections become parts of that.
  void append(const Document& part, const std::string& title);
  void append(const Document& part) { append(part, part.title()); }
  // Lengths that contradict each other are our own mistake (checked).
  void add_plot(PlotBlock plot);

  const std::string& title() const { return title_; }
  const std::vector<Block>& blocks() const { return blocks_; }

 private:
  std::string title_;
  std::vector<Block> blocks_;
};

// For a terminal or a log: aligned columns, two spaces between them, no colours; ends with a line
// break. Widths count code points of UTF-8, so accented and Cyrillic names line up. Plots are drawn
// in blocks (text_plot.h).
std::string to_text(const Document& document);

// GitHub's Markdown: the title as a heading of the second level, pipe tables, plots in blocks.
std::string to_markdown(const Document& document);

// One page of HTML that needs nothing else: no network, fonts or libraries. Sections with a table
// of contents, tables that sort, plots as SVG with the numbers behind each as a CSV to save; light
// and dark; for wide screens, phones, print and screen readers. Text is escaped wherever it came
// from.
std::string to_html(const Document& document);

// {"title": .., "blocks": [..]}, each block one of {"paragraph": ..}, {"heading": .., "level": 2},
// {"caption": .., "headings": [..], "rows": [[..]]}, {"facts": {name: value}}, {"plot": ..}
Json to_json(const Document& document);
// {"heading": ..}, and "level" if it is not 1.
Json to_json(const Document::Heading& heading);

}  // namespace crossfade
