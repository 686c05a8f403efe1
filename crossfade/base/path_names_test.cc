// Path names: beginnings of paths are replaced wherever they stand, and nothing else is.
#include "crossfade/base/path_names.h"

#include <gtest/gtest.h>

namespace crossfade {
namespace {

TEST(PathNames, ReplaceEveryBeginningInEveryText) {
  const PathNames names{{"/run/.crossfade/work/", ""}, {"/run/", ""}, {"/data/", "data:"}};
  const Json json = Json::object()
                        .set("source", "/data/log.parquet, /run/world/log.parquet")
                        .set("list", Json::array().push("/run/.crossfade/work/store").push(7))
                        .set("/run/key", Json());
  EXPECT_EQ(to_text(with_names(json, names)),
            R"({"source": "data:log.parquet, world/log.parquet", "list": ["store", 7], )"
            R"("/run/key": null})");
  EXPECT_EQ(with_names(json, {}), json);
}

}  // namespace
}  // namespace crossfade
