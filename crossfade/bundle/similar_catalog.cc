// Tracks in blocks on all threads, their lines in order; see similar_catalog.h.
#include "crossfade/bundle/similar_catalog.h"

#include <atomic>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/base/json.h"

namespace crossfade {
namespace {

Json recommendations_of(const SimilarCatalog& input, std::int64_t track) {
  Json list = Json::array();
  const ItemIndex item = input.items.find(ExternalId(track));
  if (item == kUnknown) return list;
  for (const ScoredItem& scored : input.model.similar(item, input.k))
    if (const std::int64_t other = input.items.numbers()[static_cast<std::size_t>(scored.item)];
        input.catalog.find(other))
      list.push(other);
  return list;
}

}  // namespace

Result<std::int64_t> write_similar_catalog(const SimilarCatalog& input, const std::string& path,
                                           Context& context) {
  if (input.items.is_text())
    return usage_error("the items of the domain " + input.model.domain() +
                       " have texts for ids, and a catalogue's tracks are numbers");
  std::vector<std::string> lines(static_cast<std::size_t>(input.catalog.size()));
  std::atomic<std::int64_t> with_any{0};
  context.progress.begin("Finding what goes with each track", input.catalog.size(), "tracks");
  context.threads.parallel_for(input.catalog.size(), 64,
                               [&](std::int64_t begin, std::int64_t end, int) {
                                 if (context.stop.load()) return;
                                 for (std::int64_t row = begin; row < end; ++row) {
                                   const CatalogEntry entry = input.catalog.entry(row);
                                   Json list = recommendations_of(input, entry.track);
                                   with_any += list.as_array()->empty() ? 0 : 1;
                                   lines[static_cast<std::size_t>(row)] =
                                       to_text(Json::object()
                                                   .set("artist", entry.artist)
                                                   .set("title", entry.title)
                                                   .set("track", entry.track)
                                                   .set("recommendations", std::move(list))) +
                                       "\n";
                                 }
                                 context.progress.advance(end - begin);
                               });
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  context.progress.end("");
  std::string text;
  for (const std::string& line : lines) text += line;
  CROSSFADE_RETURN_IF_ERROR(replace_file(path, text));
  return with_any.load();
}

}  // namespace crossfade
