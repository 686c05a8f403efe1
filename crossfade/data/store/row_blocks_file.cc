// Heads are written in the machine's own form: only the same program on the same machine reads a
// spill file again.
#include "crossfade/data/store/row_blocks_file.h"

#include <cstring>
#include <utility>

#include "crossfade/base/hash.h"

namespace crossfade {
namespace {

constexpr std::uint64_t kMagic = 0x3153574F52'4658ULL;  // "XFROWS1"
constexpr std::int64_t kMaxPartitions = std::int64_t{1} << 21;

struct Head {
  std::uint64_t magic = kMagic;
  std::int64_t rows = 0, bytes = 0, partitions = 0;
  std::uint64_t checksum = 0;       // of the block's bytes
  std::uint64_t head_checksum = 0;  // of this head, taken with a zero here, and the starts
  struct Column {
    std::int64_t base = 0, unit = 1, place = 0, width = 0, present = 0;
  };
  std::array<Column, std::tuple_size_v<decltype(RowBlocks::Block::columns)>> columns;
};
static_assert(std::has_unique_object_representations_v<Head>);

std::string_view bytes_of(const std::vector<std::uint32_t>& starts) {
  return {reinterpret_cast<const char*>(starts.data()), starts.size() * sizeof(std::uint32_t)};
}

std::uint64_t checksum_of(Head head, const std::vector<std::uint32_t>& starts) {
  head.head_checksum = 0;
  return hash_bytes(bytes_of(starts),
                    hash_bytes({reinterpret_cast<const char*>(&head), sizeof head}));
}

RowBlocks::Block to_block(const Head& head, std::vector<std::uint32_t> starts, std::int64_t place) {
  RowBlocks::Block block;
  block.rows = head.rows;
  block.bytes = head.bytes;
  block.checksum = head.checksum;
  block.starts = std::move(starts);
  block.place = place;
  for (std::size_t i = 0; i < head.columns.size(); ++i) {
    const Head::Column& column = head.columns[i];
    block.columns[i] = {column.base, column.unit, column.place,
                        static_cast<std::uint8_t>(column.width), column.present != 0};
  }
  return block;
}

}  // namespace

std::string block_head(const RowBlocks::Block& block) {
  Head head;
  head.rows = block.rows;
  head.bytes = block.bytes;
  head.partitions = std::ssize(block.starts) - 1;
  head.checksum = block.checksum;
  for (std::size_t i = 0; i < head.columns.size(); ++i) {
    const PackedColumn& column = block.columns[i];
    head.columns[i] = {column.base, column.unit, column.place, column.width, column.present};
  }
  head.head_checksum = checksum_of(head, block.starts);
  std::string text(reinterpret_cast<const char*>(&head), sizeof head);
  text += bytes_of(block.starts);
  return text;
}

Result<std::vector<RowBlocks::Block>> read_block_heads(const SpillFile& file) {
  const Status damaged =
      data_invalid(file.path() + " is not what was written (the head of a block is damaged)");
  std::vector<RowBlocks::Block> blocks;
  std::int64_t place = 0;
  while (place < file.size()) {
    Head head;
    CROSSFADE_RETURN_IF_ERROR(file.read(place, reinterpret_cast<char*>(&head), sizeof head));
    if (head.magic != kMagic || head.partitions < 0 || head.partitions > kMaxPartitions ||
        head.bytes < 0 || head.bytes > file.size())
      return damaged;
    std::vector<std::uint32_t> starts(static_cast<std::size_t>(head.partitions) + 1);
    place += static_cast<std::int64_t>(sizeof head);
    const std::size_t size = bytes_of(starts).size();
    CROSSFADE_RETURN_IF_ERROR(file.read(place, reinterpret_cast<char*>(starts.data()), size));
    if (checksum_of(head, starts) != head.head_checksum) return damaged;
    place += static_cast<std::int64_t>(size);
    blocks.push_back(to_block(head, std::move(starts), place));
    place += head.bytes;
  }
  if (place != file.size()) return damaged;
  return blocks;
}

}  // namespace crossfade
