// One row per item: rank, id, score.
#include "crossfade/cli/item_list.h"

namespace crossfade {

void print_items(const Session& session, const std::string& title, const std::string& meaning,
                 const std::vector<ScoredItem>& items, const Vocabulary& vocabulary) {
  TableBlock table({"rank", "item", meaning});
  Json list = Json::array();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string id = vocabulary.id_text(items[i].item);
    table.add_row({Cell::count(static_cast<std::int64_t>(i) + 1), Cell::text(id),
                   Cell::number(items[i].score, 4)});
    list.push(Json::object().set("item", id).set(meaning, static_cast<double>(items[i].score)));
  }
  Document document(title);
  if (items.empty()) document.add_paragraph("The model has nothing to say here.");
  document.add_table(std::move(table));
  session.print(document, Json::object().set("items", std::move(list)));
}

}  // namespace crossfade
