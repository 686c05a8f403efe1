// The packing is told by magic numbers: names lie more often than bytes.
#include "crossfade/io/text_file.h"

#include <arrow/buffer.h>
#include <arrow/io/compressed.h>
#include <arrow/io/memory.h>
#include <arrow/util/compression.h>

#include <utility>

#include "crossfade/io/arrow_error.h"

namespace crossfade {
namespace {

struct Packing {
  std::string_view magic;
  arrow::Compression::type codec;
  const char* name;
};
constexpr Packing kPackings[] = {
    {"\x1F\x8B", arrow::Compression::GZIP, "gzip"},
    {"\x28\xB5\x2F\xFD", arrow::Compression::ZSTD, "zstd"},
    {"BZh", arrow::Compression::BZ2, "bzip2"},
    {"\x04\x22\x4D\x18", arrow::Compression::LZ4_FRAME, "lz4"},
};

const Packing* packing_of(std::string_view bytes) {
  for (const Packing& packing : kPackings)
    if (bytes.starts_with(packing.magic)) return &packing;
  return nullptr;
}

// Unpacks, and keeps the codec that does it.
class UnpackedStream final : public arrow::io::InputStream {
 public:
  static arrow::Result<std::shared_ptr<arrow::io::InputStream>> make(
      const Packing& packing, const std::shared_ptr<arrow::io::InputStream>& raw) {
    auto stream = std::make_shared<UnpackedStream>();
    ARROW_ASSIGN_OR_RAISE(stream->codec_, arrow::util::Codec::Create(packing.codec));
    ARROW_ASSIGN_OR_RAISE(stream->inner_,
                          arrow::io::CompressedInputStream::Make(stream->codec_.get(), raw));
    return stream;
  }
  arrow::Result<std::int64_t> Read(std::int64_t bytes, void* out) override {
    return inner_->Read(bytes, out);
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t bytes) override {
    return inner_->Read(bytes);
  }
  arrow::Result<std::int64_t> Tell() const override { return inner_->Tell(); }
  arrow::Status Close() override { return inner_->Close(); }
  bool closed() const override { return inner_->closed(); }

 private:
  std::unique_ptr<arrow::util::Codec> codec_;
  std::shared_ptr<arrow::io::CompressedInputStream> inner_;
};

}  // namespace

Result<TextFile> TextFile::open(const std::string& path) {
  TextFile text;
  text.path_ = path;
  CROSSFADE_ASSIGN_OR_RETURN(text.file_, MappedFile::open(path));
  if (text.file_.bytes().empty()) return data_invalid(path + " is empty (0 bytes); write it again");
  return text;
}

Result<std::shared_ptr<arrow::io::InputStream>> TextFile::stream() const {
  const std::string_view bytes = file_.bytes();
  std::shared_ptr<arrow::io::InputStream> raw =
      std::make_shared<arrow::io::BufferReader>(std::make_shared<arrow::Buffer>(
          reinterpret_cast<const std::uint8_t*>(bytes.data()), std::ssize(bytes)));
  const Packing* packing = packing_of(bytes);
  if (!packing) return raw;
  auto unpacked = UnpackedStream::make(*packing, raw);
  if (!unpacked.ok())
    return failed(path_ + " is packed with " + packing->name +
                  ", which this build cannot unpack; unpack it first");
  return *std::move(unpacked);
}

Result<std::string> TextFile::head(std::int64_t bytes) const {
  CROSSFADE_ASSIGN_OR_RETURN(const auto from, stream());
  std::string text;
  while (std::ssize(text) < bytes) {
    const auto block = from->Read(bytes - std::ssize(text));
    if (!block.ok()) return damaged(path_, block.status().message());
    if ((*block)->size() == 0) break;
    text.append(reinterpret_cast<const char*>((*block)->data()),
                static_cast<std::size_t>((*block)->size()));
  }
  return text;
}

}  // namespace crossfade
