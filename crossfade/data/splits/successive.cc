// Counts questions and the lengths of their histories, then copies, user by user.
#include "crossfade/data/splits/successive.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

// Which source row stands where: per question, its row and its history's rows.
struct Layout {
  std::vector<std::int64_t> first_question;      // per user, and the end
  std::vector<std::int64_t> asked_row;           // per question
  std::vector<std::int64_t> history_offsets{0};  // per question, and the end
  std::vector<std::uint8_t> in_history;          // per source row
};

Layout lay_out(const Domain& domain, const std::vector<std::uint8_t>& parts, Part asked,
               const PartSet& known, AskFrom from) {
  Layout layout;
  layout.in_history.resize(parts.size());
  for (std::size_t user = 0; user + 1 < domain.offsets.size(); ++user) {
    layout.first_question.push_back(static_cast<std::int64_t>(layout.asked_row.size()));
    std::int64_t length = 0;
    bool asks = from == AskFrom::kFirst;
    for (auto row = domain.offsets[user]; row < domain.offsets[user + 1]; ++row) {
      const std::uint8_t part = parts[static_cast<std::size_t>(row)];
      if (part == asked && std::exchange(asks, true)) {
        layout.asked_row.push_back(row);
        layout.history_offsets.push_back(layout.history_offsets.back() + length);
      }
      if (part != asked && !known[part]) continue;
      layout.in_history[static_cast<std::size_t>(row)] = 1;
      ++length;
    }
  }
  layout.first_question.push_back(static_cast<std::int64_t>(layout.asked_row.size()));
  return layout;
}

Result<Vocabulary> with_questions(const Vocabulary& users, const Layout& layout) {
  const std::size_t questions = layout.asked_row.size();
  if (questions > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) -
                      static_cast<std::size_t>(users.size()))
    return data_invalid(format_count(static_cast<std::int64_t>(questions)) +
                        " questions are too many; hold out less");
  if (!users.is_text()) {
    std::vector<std::int64_t> ids(users.numbers().begin(), users.numbers().end());
    const std::int64_t last = ids.empty() ? 0 : *std::max_element(ids.begin(), ids.end());
    if (last > std::numeric_limits<std::int64_t>::max() - static_cast<std::int64_t>(questions))
      return data_invalid("the largest user id leaves no numbers for the questions");
    for (std::size_t i = 1; i <= questions; ++i) ids.push_back(last + static_cast<std::int64_t>(i));
    return Vocabulary(Array<std::int64_t>(std::move(ids)));
  }
  std::vector<std::string> ids;
  for (std::int32_t user = 0; user < users.size(); ++user) ids.push_back(users.id_text(user));
  for (std::int32_t user = 0; user < users.size(); ++user) {
    const auto at = static_cast<std::size_t>(user);
    const std::int64_t own = layout.first_question[at + 1] - layout.first_question[at];
    for (std::int64_t i = 1; i <= own; ++i)
      ids.push_back(users.id_text(user) + "/" + std::to_string(i));
  }
  return Vocabulary::checked(StringArray(ids));
}

// The column's values of every question's history.
template <class T>
Array<T> histories(const Domain& domain, const Array<T>& column, const Layout& layout,
                   ThreadPool& threads) {
  if (column.empty()) return {};
  std::vector<T> taken(static_cast<std::size_t>(layout.history_offsets.back()));
  threads.parallel_for(
      static_cast<std::int64_t>(domain.offsets.size()) - 1, 64,
      [&](std::int64_t begin, std::int64_t end, int) {
        for (auto user = static_cast<std::size_t>(begin); user < static_cast<std::size_t>(end);
             ++user)
          for (auto q = layout.first_question[user]; q < layout.first_question[user + 1]; ++q) {
            const auto question = static_cast<std::size_t>(q);
            auto place = static_cast<std::size_t>(layout.history_offsets[question]);
            for (auto row = domain.offsets[user]; row < layout.asked_row[question]; ++row)
              if (layout.in_history[static_cast<std::size_t>(row)])
                taken[place++] = column[static_cast<std::size_t>(row)];
          }
      });
  return taken;
}

template <class T>
Array<T> asked_values(const Array<T>& column, const Layout& layout) {
  if (column.empty()) return {};
  std::vector<T> taken;
  for (const std::int64_t row : layout.asked_row)
    taken.push_back(column[static_cast<std::size_t>(row)]);
  return taken;
}

// The domain with the columns that take(column) gives; `offsets` are of the questions alone.
template <class Take>
Domain make_domain(const Domain& domain, std::vector<std::int64_t> offsets, const Take& take) {
  Domain made;
  made.name = domain.name;
  made.items = domain.items;
  made.about = domain.about;
  offsets.insert(offsets.begin(), domain.offsets.size() - 1, 0);  // the dataset's users: no rows
  made.offsets = std::move(offsets);
  made.item = take(domain.item);
  made.weight = take(domain.weight);
  made.time_ns = take(domain.time_ns);
  made.kind = take(domain.kind);
  made.session = take(domain.session);
  return made;
}

}  // namespace

Result<Questions> ask_one_by_one(const Dataset& dataset, const RowParts& parts, Part asked,
                                 const PartSet& known, AskFrom from, Context& context) {
  if (dataset.domains().size() != 1)
    return usage_error(
        "targets that are asked for in turn (successive, following) need a store with one domain; "
        "this one has " +
        std::to_string(dataset.domains().size()));
  const Domain& domain = dataset.domains()[0];
  const Layout layout = lay_out(domain, parts[0], asked, known, from);
  if (layout.asked_row.empty())
    return data_invalid(std::string("no user has two interactions in the ") +
                        (asked == kTest ? "test" : "validation") +
                        ", of which the second would be asked for; hold out more per user, or take "
                        "--target successive");
  CROSSFADE_ASSIGN_OR_RETURN(const Vocabulary users, with_questions(dataset.users(), layout));
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  std::vector<std::int64_t> one_each(layout.asked_row.size() + 1);
  for (std::size_t i = 0; i < one_each.size(); ++i) one_each[i] = static_cast<std::int64_t>(i);
  Questions questions;
  questions.asked =
      Dataset(users,
              {make_domain(domain, std::move(one_each),
                           [&](const auto& column) { return asked_values(column, layout); })},
              dataset.user_attributes());
  questions.known = Dataset(
      users,
      {make_domain(
          domain, layout.history_offsets,
          [&](const auto& column) { return histories(domain, column, layout, context.threads); })},
      dataset.user_attributes());
  return questions;
}

}  // namespace crossfade
