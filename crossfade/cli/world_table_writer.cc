// Opens files with the first block, which shows the columns.
#include "crossfade/cli/world_table_writer.h"

#include <utility>
#include <variant>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

void add_value(std::string& line, const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) {
    line += text;
    return;
  }
  line += '"';
  for (const char character : text) line.append(character == '"' ? 2 : 1, character);
  line += '"';
}

template <class T>
void add_value(std::string& line, T number) {
  if constexpr (std::is_floating_point_v<T>)
    line += format_shortest(double{number});
  else
    line += std::to_string(number);
}

}  // namespace

std::string comma_lines(const Table& block) {
  std::string lines;
  for (std::size_t row = 0; row < block.num_rows(); ++row) {
    for (std::size_t c = 0; c < block.columns.size(); ++c) {
      if (c > 0) lines += ',';
      std::visit(
          [&](const auto& values) {
            // CSV has no lists; a world's CSV tables have none.
            if constexpr (!kIsLists<std::decay_t<decltype(values)>>) add_value(lines, values[row]);
          },
          block.columns[c].values);
    }
    lines += '\n';
  }
  return lines;
}

std::string object_lines(const Table& block) {
  std::string lines;
  for (std::size_t row = 0; row < block.num_rows(); ++row) {
    Json object = Json::object();
    for (const Column& column : block.columns) {
      const auto add = [&](const auto& values) {
        if constexpr (kIsLists<std::decay_t<decltype(values)>>) {
          Json list = Json::array();
          for (const auto& value : values[row]) list.push(Json(value));
          object.set(column.name, std::move(list));
        } else {
          object.set(column.name, Json(values[row]));
        }
      };
      std::visit(add, column.values);
    }
    lines += to_text(object) + "\n";
  }
  return lines;
}

Status WorldTableWriter::open(const Table& first) {
  if (!lines_path_.empty()) {
    CROSSFADE_ASSIGN_OR_RETURN(lines_, FileWriter::create(lines_path_));
  }
  if (!comma_text_) {
    std::vector<ColumnView> views;
    for (const Column& column : first.columns) views.push_back(view_of(column));
    CROSSFADE_ASSIGN_OR_RETURN(
        parquet_, ParquetWriter::create(path_, views, std::vector<bool>(views.size(), false)));
    return ok_status();
  }
  CROSSFADE_ASSIGN_OR_RETURN(text_, FileWriter::create(path_));
  std::vector<std::string> names;
  for (const Column& column : first.columns) names.push_back(column.name);
  return text_->write(join(names, ",") + "\n");
}

Status WorldTableWriter::write(const Table& block, Context& context) {
  if (!parquet_ && !text_) CROSSFADE_RETURN_IF_ERROR(open(block));
  rows_ += static_cast<std::int64_t>(block.num_rows());
  if (lines_) CROSSFADE_RETURN_IF_ERROR(lines_->write(object_lines(block)));
  if (text_) return text_->write(comma_lines(block));
  std::vector<ColumnView> views;
  for (const Column& column : block.columns) views.push_back(view_of(column));
  return parquet_->write(views, context);
}

Status WorldTableWriter::close() {
  if (lines_) CROSSFADE_RETURN_IF_ERROR(lines_->close());
  return text_ ? text_->close() : parquet_->close();
}

}  // namespace crossfade
