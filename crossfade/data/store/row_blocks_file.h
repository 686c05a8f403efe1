// What stands in front of each block in a spill file, so that another process can read it back.
#pragma once

#include <string>
#include <vector>

#include "crossfade/data/store/row_blocks.h"

namespace crossfade {

// Magic, sizes, how the columns are packed, starts of the partitions, checksums of both.
std::string block_head(const RowBlocks::Block& block);

// All blocks of the file, without their bytes. Errors (data invalid): damaged heads.
Result<std::vector<RowBlocks::Block>> read_block_heads(const SpillFile& file);

}  // namespace crossfade
