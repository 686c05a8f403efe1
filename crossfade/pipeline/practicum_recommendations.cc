// One file after the other; personal lists a block of users at a time. See the header.
#include "crossfade/pipeline/practicum_recommendations.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/staged_folder.h"
#include "crossfade/base/text.h"
#include "crossfade/data/item_counts.h"
#include "crossfade/evaluation/join.h"
#include "crossfade/features/item_scores.h"
#include "crossfade/features/user_activity.h"
#include "crossfade/io/parquet_writer.h"

namespace crossfade {
namespace {

constexpr std::int64_t kUsersAtOnce = 1 << 14;

std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

// Writes blocks to one file, which begins with the first.
class BlockWriter {
 public:
  explicit BlockWriter(std::string path) : path_(std::move(path)) {}
  Status write(const Table& block, Context& context) {
    std::vector<ColumnView> views;
    for (const Column& column : block.columns) views.push_back(view_of(column));
    if (writer_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(
          ParquetWriter opened,
          ParquetWriter::create(path_, views, std::vector<bool>(views.size(), false)));
      writer_.push_back(std::move(opened));
    }
    return writer_[0].write(views, context);
  }
  Status close() { return writer_[0].close(); }

 private:
  std::string path_;
  std::vector<ParquetWriter> writer_;
};

class ListsWriter {
 public:
  ListsWriter(const PracticumLists& asked, std::string folder, Context& context)
      : asked_(asked),
        domain_(asked.train.domains()[asked.domain_index]),
        folder_(std::move(folder)),
        context_(context) {}

  Status write_popular(PracticumServed& served);
  // Also keeps the lists of the users of the truth.
  Status write_personal(const Truth& truth, PracticumServed& served);
  Status write_similar(PracticumServed& served) const;
  Status write_user_features() const;
  // The popular list of cold and of warm users, and the personal lists.
  Status judge(const Truth& truth, PracticumServed& served) const;

 private:
  std::string path(const char* name) const { return folder_ + "/" + name; }
  std::int64_t item_id(ItemIndex item) const { return domain_.items.numbers()[at(item)]; }
  std::int64_t user_id(UserIndex user) const { return asked_.train.users().numbers()[at(user)]; }
  std::vector<std::int64_t> users_since() const;
  Table popular_rows(const std::vector<std::int64_t>& users_top) const;

  const PracticumLists& asked_;
  const Domain& domain_;
  const std::string folder_;
  Context& context_;
  std::vector<ItemIndex> popular_;     // best first
  std::vector<float> popular_scores_;  // users_top_norm
  Candidates personal_;                // of the users of the truth
};

// Distinct users of every item since the day.
std::vector<std::int64_t> ListsWriter::users_since() const {
  std::vector<std::int64_t> users(at(domain_.items.size())), stamp(users.size(), -1);
  for (std::int64_t user = 0; user < asked_.train.num_users(); ++user) {
    const History history = domain_.history(static_cast<UserIndex>(user));
    for (std::size_t i = history.size(); i-- > 0 && history.time_ns[i] >= asked_.since_ns;) {
      const auto item = at(history.items[i]);
      users[item] += std::exchange(stamp[item], user) != user;
    }
  }
  return users;
}

Table ListsWriter::popular_rows(const std::vector<std::int64_t>& users_top) const {
  const std::vector<double> norm =
      between_least_and_most(count_plays(domain_, context_.threads).users);
  std::vector<std::int64_t> ids, users;
  std::vector<double> top_norm, all_norm;
  std::vector<std::string> names;
  Lists<std::string> albums, artists, genres;
  const auto list = [](Lists<std::string>& lists, const std::vector<std::string>& values) {
    lists.push_back(values);
  };
  for (std::size_t i = 0; i < popular_.size(); ++i) {
    const auto item = at(popular_[i]);
    ids.push_back(item_id(popular_[i]));
    users.push_back(users_top[item]);
    top_norm.push_back(static_cast<double>(popular_scores_[i]));
    all_norm.push_back(norm[item]);
    const std::int64_t track = asked_.catalogue.find(ids.back());
    names.push_back(track < 0 ? "" : asked_.catalogue.name(track));
    list(albums, track < 0 ? std::vector<std::string>() : asked_.catalogue.albums(track));
    list(artists, track < 0 ? std::vector<std::string>() : asked_.catalogue.artists(track));
    list(genres, track < 0 ? std::vector<std::string>() : asked_.catalogue.genre_names(track));
  }
  Table table;
  table.columns.push_back({"item_id", std::move(ids)});
  table.columns.push_back({"users_top", std::move(users)});
  table.columns.push_back({"users_top_norm", std::move(top_norm)});
  table.columns.push_back({"num_users_norm", std::move(all_norm)});
  table.columns.push_back({"name", std::move(names)});
  table.columns.push_back({"albums", std::move(albums)});
  table.columns.push_back({"artists", std::move(artists)});
  table.columns.push_back({"genres", std::move(genres)});
  return table;
}

Status ListsWriter::write_popular(PracticumServed& served) {
  const std::vector<std::int64_t> users_top = users_since();
  const std::vector<double> norm = between_least_and_most(users_top);
  std::vector<ItemIndex> order(users_top.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](ItemIndex a, ItemIndex b) { return users_top[at(a)] > users_top[at(b)]; });
  for (const ItemIndex item : order) {
    if (std::ssize(popular_) >= asked_.tracks || users_top[at(item)] == 0) break;
    popular_.push_back(item);
    popular_scores_.push_back(static_cast<float>(norm[at(item)]));
  }
  if (popular_.empty())
    return data_invalid(
        "nobody was heard in train since the day that the popular tracks are "
        "counted from; give an earlier one");
  const Table table = popular_rows(users_top);
  served.most_popular = std::get<std::vector<std::string>>(table.find("name")->values)[0];
  return write_parquet(table, path("top_popular.parquet"), context_);
}

Status ListsWriter::write_personal(const Truth& truth, PracticumServed& served) {
  RecommendOptions options;
  options.k = asked_.tracks;
  options.stored_users = true;
  BlockWriter writer(path("personal_als.parquet"));
  context_.progress.begin("personal lists", asked_.train.num_users(), "users");
  personal_.source_names = {std::string(asked_.personal.name())};
  for (std::int64_t begin = 0; begin == 0 || begin < asked_.train.num_users();
       begin += kUsersAtOnce) {
    std::vector<UserIndex> users;
    for (std::int64_t user = begin; user < std::min(begin + kUsersAtOnce, asked_.train.num_users());
         ++user)
      if (!domain_.history(static_cast<UserIndex>(user)).empty())
        users.push_back(static_cast<UserIndex>(user));
    const DatasetUsers views(asked_.train, users);
    CROSSFADE_ASSIGN_OR_RETURN(
        const Candidates lists,
        asked_.personal.recommend_batch(views.views(), asked_.domain_index, options, context_));
    std::vector<std::int64_t> ids, items;
    std::vector<std::int32_t> ranks;
    for (std::int64_t l = 0; l < lists.num_lists(); ++l) {
      const UserIndex user = lists.users[at(l)];
      for (std::size_t i = 0; i < lists.list(l).size(); ++i) {
        ids.push_back(user_id(user));
        items.push_back(item_id(lists.list(l)[i]));
        ranks.push_back(static_cast<std::int32_t>(i) + 1);
      }
      if (!std::binary_search(truth.users.begin(), truth.users.end(), user)) continue;
      personal_.users.push_back(user);
      personal_.items.insert(personal_.items.end(), lists.list(l).begin(), lists.list(l).end());
      personal_.scores.insert(personal_.scores.end(), lists.list_scores(l).begin(),
                              lists.list_scores(l).end());
      personal_.offsets.push_back(std::ssize(personal_.items));
    }
    served.users += lists.num_lists();
    Table block;
    block.columns.push_back({"user_id", std::move(ids)});
    block.columns.push_back({"item_id", std::move(items)});
    block.columns.push_back({"score", lists.scores});
    block.columns.push_back({"rank", std::move(ranks)});
    CROSSFADE_RETURN_IF_ERROR(writer.write(block, context_));
  }
  personal_.sources.assign(personal_.items.size(), 0);
  context_.progress.end();
  return writer.close();
}

Status ListsWriter::write_similar(PracticumServed& served) const {
  const std::vector<std::int64_t> users = count_plays(domain_, context_.threads).users;
  std::vector<ItemIndex> played;
  for (std::size_t item = 0; item < users.size(); ++item)
    if (users[item] > 0) played.push_back(static_cast<ItemIndex>(item));
  context_.progress.begin("similar tracks", std::ssize(played), "tracks");
  CROSSFADE_ASSIGN_OR_RETURN(const auto lists,
                             asked_.similar.similar_batch(played, asked_.neighbours, context_));
  context_.progress.end();
  std::vector<std::int64_t> first, second;
  std::vector<float> scores;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    served.tracks += !lists[i].empty();
    for (const ScoredItem& near : lists[i]) {
      first.push_back(item_id(played[i]));
      second.push_back(item_id(near.item));
      scores.push_back(near.score);
    }
  }
  served.pairs = std::ssize(first);
  Table table;
  table.columns.push_back({"item_id_1", std::move(first)});
  table.columns.push_back({"item_id_2", std::move(second)});
  table.columns.push_back({"score", std::move(scores)});
  return write_parquet(table, path("similar.parquet"), context_);
}

Status ListsWriter::write_user_features() const {
  std::vector<std::int64_t> ids, tracks;
  std::vector<double> months, per_month;
  for (UserIndex user = 0; user < asked_.train.users().size(); ++user) {
    const History history = domain_.history(user);
    if (history.empty()) continue;
    const UserActivity activity = activity_of(history);
    ids.push_back(user_id(user));
    months.push_back(activity.listening_month);
    tracks.push_back(static_cast<std::int64_t>(activity.tracks_listened));
    per_month.push_back(activity.tracks_per_month);
  }
  Table table;
  table.columns.push_back({"user_id", std::move(ids)});
  table.columns.push_back({"listening_month", std::move(months)});
  table.columns.push_back({"tracks_listened", std::move(tracks)});
  table.columns.push_back({"tracks_per_month", std::move(per_month)});
  return write_parquet(table, path("user_features.parquet"), context_);
}

Status ListsWriter::judge(const Truth& truth, PracticumServed& served) const {
  for (const bool warm : {false, true}) {
    Truth group;
    Candidates popular;
    popular.source_names = {"top_popular"};
    for (std::int64_t i = 0; i < truth.num_users(); ++i) {
      const UserIndex user = truth.users[at(i)];
      if (domain_.history(user).empty() == warm) continue;
      group.users.push_back(user);
      const auto relevant = truth.relevant(i);
      group.items.insert(group.items.end(), relevant.begin(), relevant.end());
      group.offsets.push_back(std::ssize(group.items));
      popular.users.push_back(user);
      popular.items.insert(popular.items.end(), popular_.begin(), popular_.end());
      popular.scores.insert(popular.scores.end(), popular_scores_.begin(), popular_scores_.end());
      popular.offsets.push_back(std::ssize(popular.items));
    }
    popular.sources.assign(popular.items.size(), 0);
    const auto add = [&](const Candidates& lists, const char* name) -> Status {
      CROSSFADE_ASSIGN_OR_RETURN(PracticumQuality quality,
                                 judge_practicum(lists, group, domain_, context_));
      quality.list = name;
      quality.users_are = warm ? "warm" : "cold";
      served.quality.push_back(std::move(quality));
      return ok_status();
    };
    CROSSFADE_RETURN_IF_ERROR(add(popular, "top_popular"));
    if (warm) CROSSFADE_RETURN_IF_ERROR(add(personal_, "personal_als"));
  }
  return ok_status();
}

}  // namespace

Result<PracticumServed> write_practicum_lists(const PracticumLists& asked, const std::string& out,
                                              Context& context) {
  const Domain& domain = asked.train.domains()[asked.domain_index];
  if (asked.train.users().is_text() || domain.items.is_text())
    return usage_error("the practicum's ids are numbers, and this store's are text");
  if (domain.time_ns.empty())
    return usage_error("the practicum's files are about months and days, and the domain '" +
                       domain.name + "' was imported without times; import it with --time");
  CROSSFADE_ASSIGN_OR_RETURN(StagedFolder folder, StagedFolder::create(out));
  EvalJoin join(asked.train.users(), domain.items);
  CROSSFADE_ASSIGN_OR_RETURN(const Truth truth, join.truth(asked.test, {}, context.threads));
  PracticumServed served;
  ListsWriter writer(asked, folder.path(), context);
  CROSSFADE_RETURN_IF_ERROR(writer.write_popular(served));
  CROSSFADE_RETURN_IF_ERROR(writer.write_personal(truth, served));
  CROSSFADE_RETURN_IF_ERROR(writer.write_similar(served));
  CROSSFADE_RETURN_IF_ERROR(writer.write_user_features());
  CROSSFADE_RETURN_IF_ERROR(writer.judge(truth, served));
  CROSSFADE_RETURN_IF_ERROR(
      write_file(folder.path() + "/metrics.json", to_text(to_json(served)) + "\n"));
  CROSSFADE_RETURN_IF_ERROR(folder.commit());
  return served;
}

Json to_json(const PracticumServed& served) {
  Json quality = Json::array();
  for (const PracticumQuality& of : served.quality) quality.push(to_json(of));
  return Json::object()
      .set("users_with_lists", served.users)
      .set("tracks_with_neighbours", served.tracks)
      .set("similar_pairs", served.pairs)
      .set("quality", std::move(quality));
}

Document practicum_document(const PracticumServed& served, const std::string& out) {
  Document document("The practicum's recommendations in " + out);
  document.add_paragraph("Personal lists for " + format_count(served.users) +
                         " users, neighbours of " + format_count(served.tracks) +
                         " tracks. Most popular: " + served.most_popular + ".");
  document.add_table(quality_table(served.quality));
  return document;
}

}  // namespace crossfade
