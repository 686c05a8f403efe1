// Columns of ids of every type, and those that are none.
#include "crossfade/data/encode_column.h"

#include <gmock/gmock.h>

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(EncodeColumnTest, KnownIdsKeepTheirIndices) {
  const Vocabulary known(Array<std::int64_t>(std::vector<std::int64_t>{7, 8}));
  const Table wide{{{"user_id", std::vector<std::int64_t>{8, 9, 7, 9}}}};
  EXPECT_THAT(encode_column(known, wide, "user_id")->indices, ElementsAre(1, 2, 0, 2));
  const Table narrow{{{"user_id", std::vector<std::int32_t>{9, 7}}}};
  EXPECT_THAT(encode_column(known, narrow, "user_id")->indices, ElementsAre(2, 0));
  const Table texts{{{"user_id", std::vector<std::string>{"x", "y", "x"}}}};
  EXPECT_THAT(encode_column(Vocabulary(), texts, "user_id")->indices, ElementsAre(0, 1, 0));
}

TEST(EncodeColumnTest, WhatIsNoIdIsSaid) {
  const Vocabulary known(Array<std::int64_t>(std::vector<std::int64_t>{7}));
  const auto error = [&](const Column& column) {
    const Status status = encode_column(known, Table{{column}}, "user_id").status();
    EXPECT_EQ(status.kind(), StatusKind::kDataInvalid);
    return status.message();
  };
  EXPECT_THAT(error({"item_id", std::vector<std::int64_t>{7}}), HasSubstr("no column 'user_id'"));
  EXPECT_THAT(error({"user_id", std::vector<float>{7}}), HasSubstr("neither whole numbers"));
  EXPECT_THAT(error({"user_id", std::vector<std::string>{"x"}}), HasSubstr("column 'user_id'"));
  EXPECT_THAT(error({"user_id", std::vector<std::int64_t>{7, 8}, Column::Meaning::kPlain, {0, 1}}),
              HasSubstr("without a value"));
}

}  // namespace
}  // namespace crossfade
