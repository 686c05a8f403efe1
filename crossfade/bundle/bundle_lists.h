// BundleLists: one named file of lists in a bundle, under the bundle's indices.
//
// A bundle may hold many such parts beside its models; flows (serving/) say which of them answers
// whom. Users keep their external ids here, since a list may be of a user that the data has not
// met.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "crossfade/base/artifact.h"
#include "crossfade/bundle/list_file.h"
#include "crossfade/data/vocabulary.h"

namespace crossfade {

// A part as it comes into a bundle.
struct ListPart {
  std::string name;  // letters, digits, '_', '-': it is a folder of the bundle
  ListFile lists;
  std::string path;  // of the file, for sentences
};

struct BundleLists {
  std::string name;
  ListsBy by = ListsBy::kUser;
  Vocabulary users;             // kUser: list l is of user l here
  Array<std::int64_t> offsets;  // kItem: one list per item of the domain; kNothing: one list
  Array<ItemIndex> items;       // best first, repeats kept

  std::span<const ItemIndex> list(std::int32_t row) const {
    const auto at = static_cast<std::size_t>(row);
    return items.span().subspan(static_cast<std::size_t>(offsets[at]),
                                static_cast<std::size_t>(offsets[at + 1] - offsets[at]));
  }
  // Empty if there is none.
  std::span<const ItemIndex> list_of_user(const ExternalId& user) const;
  std::span<const ItemIndex> list_of_item(ItemIndex item) const;

  // Offsets and items fit a domain of so many items; data invalid names what does not.
  Status check(std::int64_t num_items) const;
  // Writes and reads the columns FOLDER/*.
  Status save(ArtifactWriter& writer, const std::string& folder) const;
  static Result<BundleLists> load(const Artifact& artifact, const std::string& folder,
                                  std::string name, ListsBy by);
};

// Errors: a name that is no folder's (usage); an id that `find_item` does not know, naming it; a
// user or item with two lists (data invalid).
Result<BundleLists> make_bundle_lists(const ListPart& part, std::int64_t num_items,
                                      const std::function<ItemIndex(const ExternalId&)>& find_item);

}  // namespace crossfade
