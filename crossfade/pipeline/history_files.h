// HistoryFiles: the users to be served and their histories, read from files under their own ids,
// and put under the indices of saved models.
//
// So a process that has models and no store answers whoever a file names. Users are numbered as
// they come, over all files; none of them is a user of the training, so models fold them in.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"
#include "crossfade/data/dataset.h"
#include "crossfade/io/schema.h"
#include "crossfade/models/item_ids.h"

namespace crossfade {

// The files of one domain.
struct HistoryInput {
  std::string domain;
  std::vector<std::string> files;
};

// "FILE", or "DOMAIN=FILE" with one of `domains`; files of one domain together, in the order of the
// domains' first files. Without a domain the file is of `target`, the one that is recommended from.
// Errors (usage): a name that is no domain, a file without one where `target` is "".
Result<std::vector<HistoryInput>> parse_history_inputs(const std::vector<std::string>& texts,
                                                       const std::vector<std::string>& domains,
                                                       const std::string& target);

class HistoryFiles {
 public:
  // Errors: those of read_whole_log() and build_dataset().
  static Result<HistoryFiles> read(const std::vector<HistoryInput>& inputs, const LogSchema& schema,
                                   Context& context);

  const Vocabulary& users() const { return users_; }
  // Numbers further users, who have no history; gives the indices of all that are named.
  Result<std::vector<UserIndex>> add_users(const IdColumn& ids);
  // Whom the files of this domain name, in the order of users(); all users if there are no files of
  // it. Of files with rows that cannot be used also those who have no other (not of folders and
  // patterns).
  std::vector<UserIndex> users_of(const std::string& domain) const;

  // Histories under a model's indices: the domains that it reads at their places, others empty.
  struct Placed {
    Dataset dataset;
    std::int64_t rows = 0;          // of the domains that the model reads
    std::int64_t unknown_rows = 0;  // of items that it does not know: left out
    std::int64_t unknown_items = 0;
  };
  // Errors (data invalid): there are several items and none of them is known.
  Result<Placed> under(const ItemIds& ids) const;

 private:
  Vocabulary users_;
  std::vector<Domain> domains_;                       // under the files' own items
  std::map<std::string, std::set<UserIndex>> named_;  // by domain, where rows were dropped
};

}  // namespace crossfade
