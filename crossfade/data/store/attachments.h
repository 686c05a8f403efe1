// Attachments: what is known of a domain's items, or of the users, beside its segments in a store.
//
//   STORE/attachments/000-zvuk/    one folder per attach, an artifact that is never changed again;
//                                  000-about-users/ is of no domain: its rows are users
//     a0.*.npy, a1.*.npy ...       attributes, in the order of the metadata: numbers are a0.npy,
//                                  texts a0.offsets.npy and a0.bytes.npy, labels a0.starts.npy,
//                                  a0.codes.npy, a0.labels.* and a0.names.*
//     vectors.npy, present.npy     items x dimension, and which items have one
//
// An attachment covers the items that the domain had when it was made; items that come later have
// missing values until more is attached. Later attachments win over earlier ones, name by name.
// Wherever a domain is named here, "" stands for the users, and items are users then.
#pragma once

#include <string>

#include "crossfade/base/artifact.h"
#include "crossfade/data/dataset.h"
#include "crossfade/data/id_list.h"
#include "crossfade/data/item_table.h"
#include "crossfade/data/store/store_manifest.h"

namespace crossfade {

// Writes the folder of one attachment. `report` tells what became of the side tables' rows.
Status write_attachment(const std::string& path, const std::string& domain, const ItemTable& about,
                        std::int64_t num_items, const Json& report);
// Its table, extended to the `num_items` items that the domain has by now. Errors (data invalid):
// missing, damaged, made for more items than there are.
Result<ItemTable> read_attachment(const std::string& path, std::int64_t num_items, Verify verify);

// Writes what is known of a domain's items below a store that is being written, and names it in its
// manifest.
Status add_attachment(const std::string& store, const std::string& domain, const ItemTable& about,
                      std::int64_t num_items, StoreManifest& manifest);

// Adds an attachment to the domain of a store that has `num_items` items. Errors: no such domain
// (usage), another program writes to the store (failed), the disk is full. `new_items` are items
// that nobody took, counted in `num_items`, behind those of the domain: they come into the store in
// the same step, as a segment without rows.
Status attach_to_store(const std::string& store, const std::string& domain, const ItemTable& about,
                       std::int64_t num_items, const Json& report, const IdList& new_items = {});
// The same for a store that has no name yet, which nobody else can write to: no lock is taken.
Status attach_to_new_store(const std::string& store, const std::string& domain,
                           const ItemTable& about, std::int64_t num_items, const Json& report,
                           const IdList& new_items = {});

}  // namespace crossfade
