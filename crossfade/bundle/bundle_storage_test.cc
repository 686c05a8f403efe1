// The way to disk and back, and every damage on the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "crossfade/base/manifest.h"
#include "crossfade/bundle/bundle.h"
#include "crossfade/bundle/test_bundle.h"
#include "crossfade/models/storage.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

class BundleStorageTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "bundle_" +
            testing::UnitTest::GetInstance()->current_test_info()->name();
    ASSERT_TRUE(remove_tree(path_).ok());
  }
  BundleInput input() { return full_input(path_ + "_catalog.json"); }
  Status create(BundleInput made) {
    TestContext run;
    return create_bundle(std::move(made), path_, run);
  }
  std::string open_error() {
    const auto bundle = open_bundle(path_);
    EXPECT_EQ(bundle.ok() ? StatusKind::kOk : bundle.status().kind(), StatusKind::kDataInvalid);
    return bundle.ok() ? "" : bundle.status().message();
  }
  void overwrite(const std::string& name, const std::string& bytes) {
    std::ofstream(path_ + "/" + name, std::ios::binary) << bytes;
  }
  std::string path_;
};

template <class T>
void expect_equal(const Array<T>& a, const Array<T>& b) {
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
}

TEST_F(BundleStorageTest, RoundTrips) {
  const Bundle before = *Bundle::assemble(input());
  TestContext run;
  ASSERT_TRUE(before.save(path_, run).ok());
  const auto opened = open_bundle(path_);
  ASSERT_TRUE(opened.ok()) << opened.status().message();
  const Bundle& after = *opened;
  EXPECT_EQ(before.dataset().fingerprint(), after.dataset().fingerprint());
  EXPECT_EQ(before.metadata(), after.metadata());
  EXPECT_EQ(after.fingerprint().size(), 64u);
  ASSERT_EQ(after.domains().size(), 2u);
  for (std::size_t d = 0; d < 2; ++d) {
    const BundleDomain &a = before.domains()[d], &b = after.domains()[d];
    expect_equal(a.popular, b.popular);
    expect_equal(a.popular_scores, b.popular_scores);
    expect_equal(a.list_offsets, b.list_offsets);
    expect_equal(a.list_items, b.list_items);
    expect_equal(a.list_scores, b.list_scores);
    expect_equal(a.hidden, b.hidden);
    EXPECT_EQ(a.num_items, b.num_items);
  }
  EXPECT_EQ(after.find_item(0, ExternalId(9)), before.find_item(0, ExternalId(9)));
  EXPECT_EQ(after.catalog().find(9)->title, "Two");
  ASSERT_EQ(after.models().size(), 2u);
  EXPECT_EQ(*after.models()[1].provenance["seed"].as_int(), 7);
  const DatasetUser user(after.dataset(), 4);
  const auto answer = [&](const Bundle& bundle) {
    return bundle.domains()[0].model->recommend(user.view(), 0, {});
  };
  EXPECT_EQ(answer(before), answer(after));
  EXPECT_FALSE(answer(after).empty());
}

// `json` without the members of these names, on every level.
Json without(const Json& json, const std::vector<std::string>& names) {
  if (const auto* elements = json.as_array()) {
    Json kept = Json::array();
    for (const Json& element : *elements) kept.push(without(element, names));
    return kept;
  }
  if (!json.is_object()) return json;
  Json kept = Json::object();
  for (const auto& [name, value] : *json.as_object())
    if (std::find(names.begin(), names.end(), name) == names.end())
      kept.set(name, without(value, names));
  return kept;
}

TEST_F(BundleStorageTest, BundlesOfSchemaOneAreRead) {
  ASSERT_TRUE(create(input()).ok());
  const std::string manifest = path_ + "/manifest.json";
  Json old = without(*parse_json(*read_file(manifest)),
                     {"checksum", "part", "parts", "parts_domain", "flows"});
  old.set("schema", 1);
  ASSERT_TRUE(write_file(manifest, seal_manifest(old)).ok());
  const auto bundle = open_bundle(path_);
  ASSERT_TRUE(bundle.ok()) << bundle.status().message();
  EXPECT_EQ(bundle->models()[1].name(), "als");
  EXPECT_NE(bundle->find_model("als"), nullptr);
  EXPECT_TRUE(bundle->parts().empty());
  EXPECT_TRUE(bundle->flows().is_null());
  EXPECT_EQ(bundle->catalog().find(9)->title, "Two");
}

TEST_F(BundleStorageTest, EqualContentMakesEqualBytes) {
  ASSERT_TRUE(create(input()).ok());
  const std::string first = open_bundle(path_)->fingerprint();
  ASSERT_TRUE(remove_tree(path_).ok());
  ASSERT_TRUE(create(input()).ok());
  EXPECT_EQ(open_bundle(path_)->fingerprint(), first);
}

TEST_F(BundleStorageTest, TheSmallestBundle) {
  BundleInput made;
  made.dataset = make_dataset({});
  ASSERT_TRUE(create(std::move(made)).ok());
  const auto bundle = open_bundle(path_);
  ASSERT_TRUE(bundle.ok()) << bundle.status().message();
  EXPECT_EQ(bundle->domains()[0].num_items, 0);
}

TEST_F(BundleStorageTest, EveryFilesDamageIsRefusedWithItsName) {
  ASSERT_TRUE(create(input()).ok());
  const auto files = *list_files(path_);
  EXPECT_GE(files.size(), 30u);
  for (const std::string& name : files) {
    const std::string whole = *read_file(path_ + "/" + name);
    for (const std::size_t at : {std::size_t{0}, whole.size() / 2, whole.size() - 1}) {
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ 4);
      overwrite(name, flipped);
      EXPECT_THAT(open_error(), HasSubstr(name)) << "flipped at " << at;
    }
    for (const std::size_t size : {std::size_t{0}, whole.size() / 2, whole.size() - 1}) {
      overwrite(name, whole.substr(0, size));
      EXPECT_THAT(open_error(), HasSubstr(name)) << "cut to " << size;
    }
    overwrite(name, whole + "x");
    EXPECT_THAT(open_error(), HasSubstr(name)) << "longer";
    ASSERT_TRUE(remove_tree(path_ + "/" + name).ok());
    EXPECT_THAT(open_error(), HasSubstr(name)) << "missing";
    overwrite(name, whole);
  }
  EXPECT_TRUE(open_bundle(path_).ok());
}

TEST_F(BundleStorageTest, ForeignFoldersAreRefused) {
  EXPECT_EQ(open_bundle(path_).status().kind(), StatusKind::kFailed);
  ASSERT_TRUE(save_model(*input().models[1].model, path_, Json::object()).ok());
  EXPECT_THAT(open_error(), HasSubstr("is a model, and a bundle is needed here"));
}

TEST_F(BundleStorageTest, AWholeFolderWhosePartsDoNotFitIsRefused) {
  // Sealed like a bundle of ours, with popular items that are not all items.
  auto writer = *ArtifactWriter::create(path_, "bundle", kBundleSchema);
  const std::vector<std::int64_t> ids{7}, offsets{0, 0};
  const std::vector<ItemIndex> popular{3};
  const std::vector<float> scores{1};
  ASSERT_TRUE(writer.add<std::int64_t>("users.numbers.npy", ids).ok());
  ASSERT_TRUE(writer.add<std::int64_t>("domain-0/items.numbers.npy", ids).ok());
  ASSERT_TRUE(writer.add<std::int64_t>("domain-0/offsets.npy", offsets).ok());
  ASSERT_TRUE(writer.add<ItemIndex>("domain-0/item.npy", {}).ok());
  ASSERT_TRUE(writer.add<float>("domain-0/weight.npy", {}).ok());
  ASSERT_TRUE(writer.add<ItemIndex>("domain-0/popular.npy", popular).ok());
  ASSERT_TRUE(writer.add<float>("domain-0/popular_scores.npy", scores).ok());
  writer.metadata()
      .set("domains", Json::array().push(Json::object().set("name", "music")))
      .set("models", Json::array());
  ASSERT_TRUE(writer.commit().ok());
  EXPECT_THAT(open_error(), HasSubstr("popular items that are not all of its items once"));
}

TEST_F(BundleStorageTest, AnExistingFolderIsAUsageErrorAndLeftAlone) {
  ASSERT_TRUE(make_folder(path_).ok());
  EXPECT_EQ(create(input()).kind(), StatusKind::kUsage);
  EXPECT_TRUE(list_files(path_)->empty());
}

TEST_F(BundleStorageTest, AStopLeavesNothingBehind) {
  TestContext run;
  run.stop = true;
  EXPECT_EQ(create_bundle(input(), path_, run).kind(), StatusKind::kInterrupted);
  EXPECT_FALSE(path_exists(path_));
}

TEST_F(BundleStorageTest, InspectTellsWhatIsInside) {
  ASSERT_TRUE(create(input()).ok());
  const Json facts = *inspect_bundle(path_);
  EXPECT_EQ(*facts["fingerprint"].as_string(), open_bundle(path_)->fingerprint());
  EXPECT_EQ(*(*facts["domains"].as_array())[1]["name"].as_string(), "goods");
  EXPECT_EQ(*(*facts["domains"].as_array())[0]["hidden"].as_int(), 1);
  EXPECT_EQ(*(*facts["models"].as_array())[1]["name"].as_string(), "als");
  EXPECT_EQ(*facts["catalog"]["beyond_vocabulary"].as_int(), 2);
  EXPECT_NE(facts["files"].find("models/als-0/item_factors.npy"), nullptr);
  EXPECT_EQ(*facts["engine"].as_string(), CROSSFADE_VERSION);
  EXPECT_EQ(inspect_bundle(path_ + "_nowhere").status().kind(), StatusKind::kFailed);
}

TEST_F(BundleStorageTest, AModelFolderBecomesAPart) {
  const BundleModel trained = input().models[1];
  ASSERT_TRUE(save_model(*trained.model, path_, trained.provenance).ok());
  const auto part = read_bundle_model(path_);
  ASSERT_TRUE(part.ok()) << part.status().message();
  EXPECT_EQ(part->model->name(), "als");
  EXPECT_EQ(part->provenance, trained.provenance);
  EXPECT_FALSE(read_bundle_model(path_ + "_nowhere").ok());
}

}  // namespace
}  // namespace crossfade
