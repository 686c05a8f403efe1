// Stores: what is written comes back, growth keeps every index, a crash leaves the old store, and
// each way of damage is named.
#include "crossfade/data/store/store.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/manifest.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "store_" +
            testing::UnitTest::GetInstance()->current_test_info()->name();
    ASSERT_TRUE(remove_tree(path_).ok());
  }
  void write() { ASSERT_TRUE(create_store(path_, make_dataset({{7, 50, 2}, {8, 51, 1}})).ok()); }
  Dataset grow(const Dataset& base, const std::string& name) {
    return *build_dataset(base, name, make_log({{9, 1, 0, 2}, {8, 2, 5, 3}}), run_);
  }
  std::string error() { return open_store(path_).status().message(); }
  // Flips the last bit of a file, or cuts its last byte off.
  void damage(const std::string& name, bool cut = false) {
    std::string bytes = *read_file(path_ + "/" + name);
    if (cut)
      bytes.pop_back();
    else
      bytes.back() ^= 1;
    ASSERT_TRUE(write_file(path_ + "/" + name, bytes).ok());
  }
  void replace_in(const std::string& name, const std::string& from, const std::string& to) {
    std::string text = *read_file(path_ + "/" + name);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, from.size(), to);
    ASSERT_TRUE(write_file(path_ + "/" + name, text).ok());
  }

  TestContext run_;
  std::string path_;
};

TEST_F(StoreTest, ComesBackWhole) {
  TestContext run;
  const Dataset d = *build_dataset(Dataset(), "music", random_log(3000, 4), run);
  ImportReport report;
  report.rows_read = 3001;
  report.drop("missing user id", "row 5");
  ASSERT_TRUE(create_store(path_, d, {report}).ok());
  const auto store = open_store(path_);
  ASSERT_TRUE(store.ok()) << store.status().message();
  EXPECT_EQ(store->dataset.fingerprint(), d.fingerprint());
  EXPECT_EQ(store->fingerprint.size(), 64U);
  EXPECT_EQ(store->reports[0].sentence(), report.sentence());
}

TEST_F(StoreTest, AbsentColumnsStayAbsent) {
  LogColumns log;
  log.users = std::vector<std::string>{"b", ""};
  log.items = std::vector<std::string>{"x", "x"};
  const Dataset d = *build_dataset(Dataset(), "music", log, run_);
  ASSERT_TRUE(create_store(path_, d).ok());
  const Store store = *open_store(path_);
  EXPECT_TRUE(store.dataset.domains()[0].time_ns.empty());
  EXPECT_EQ(store.dataset.users().find(std::string_view("")), 1);
  EXPECT_EQ(store.dataset.fingerprint(), d.fingerprint());
}

TEST_F(StoreTest, EmptyLogIsAStoreToo) {
  ASSERT_TRUE(create_store(path_, make_dataset({})).ok());
  const auto store = open_store(path_);
  ASSERT_TRUE(store.ok()) << store.status().message();
  EXPECT_EQ(store->dataset.num_users(), 0);
  ASSERT_TRUE(add_domain(*store, grow(store->dataset, "shop")).ok());
  EXPECT_EQ(open_store(path_)->dataset.num_users(), 2);
}

TEST_F(StoreTest, GrowsByADomainAndKeepsEveryIndex) {
  write();
  const Store before = *open_store(path_);
  const Dataset grown = grow(before.dataset, "shop");
  ImportReport report;
  report.source = "shop.parquet";
  ASSERT_TRUE(add_domain(before, grown, report).ok());
  const auto after = open_store(path_);
  ASSERT_TRUE(after.ok()) << after.status().message();
  EXPECT_EQ(after->dataset.fingerprint(), grown.fingerprint());
  EXPECT_NE(after->fingerprint, before.fingerprint);
  EXPECT_THAT(after->dataset.users().numbers(), ElementsAre(7, 8, 9));
  EXPECT_THAT(after->dataset.domains()[0].offsets, ElementsAre(0, 1, 2, 2));
  EXPECT_EQ(after->reports[1].source, "shop.parquet");
  EXPECT_EQ(before.dataset.num_users(), 2);  // still shows the old state
}

TEST_F(StoreTest, TextUsersOfTwoSegmentsAreJoined) {
  LogColumns log;
  log.users = std::vector<std::string>{"ann", "bob"};
  log.items = std::vector<std::int64_t>{1, 2};
  ASSERT_TRUE(create_store(path_, *build_dataset(Dataset(), "music", log, run_)).ok());
  const Store before = *open_store(path_);
  log.users = std::vector<std::string>{"cy", "ann"};
  ASSERT_TRUE(add_domain(before, *build_dataset(before.dataset, "shop", log, run_)).ok());
  const Store after = *open_store(path_);
  EXPECT_EQ(after.dataset.users().find(std::string_view("cy")), 2);
  EXPECT_EQ(after.dataset.users().id_text(0), "ann");
  EXPECT_THAT(after.dataset.domains()[1].offsets, ElementsAre(0, 1, 1, 2));
}

TEST_F(StoreTest, SeveralDomainsAtOnce) {
  const Dataset both = grow(make_dataset({{7, 50, 2}}), "shop");
  ASSERT_TRUE(create_store(path_, both).ok());
  EXPECT_EQ(open_store(path_)->dataset.fingerprint(), both.fingerprint());
}

TEST_F(StoreTest, CrashBeforeTheManifestLeavesTheOldStore) {
  write();
  const std::string manifest = *read_file(path_ + "/manifest.json");
  const Store before = *open_store(path_);
  ASSERT_TRUE(add_domain(before, grow(before.dataset, "shop")).ok());
  ASSERT_TRUE(write_file(path_ + "/manifest.json", manifest).ok());  // the crash: all but this
  const Store recovered = *open_store(path_);
  EXPECT_EQ(recovered.dataset.fingerprint(), before.dataset.fingerprint());
  ASSERT_TRUE(add_domain(recovered, grow(recovered.dataset, "shop")).ok());
  EXPECT_EQ(open_store(path_)->dataset.domains().size(), 2U);
}

TEST_F(StoreTest, ChangedStoreIsNotOverwritten) {
  write();
  const Store first = *open_store(path_), second = *open_store(path_);
  ASSERT_TRUE(add_domain(first, grow(first.dataset, "shop")).ok());
  EXPECT_THAT(add_domain(second, grow(second.dataset, "films")).message(),
              HasSubstr("was changed by another program"));
  EXPECT_EQ(open_store(path_)->dataset.domains()[1].name, "shop");
}

TEST_F(StoreTest, ExistingOutputAndEmptyDataAreRefused) {
  write();
  EXPECT_EQ(create_store(path_, make_dataset({})).kind(), StatusKind::kUsage);
  EXPECT_THAT(create_store(path_ + "2", Dataset()).message(), HasSubstr("has no domain"));
  EXPECT_FALSE(path_exists(path_ + "2"));
}

TEST_F(StoreTest, DamageIsNamed) {
  for (const std::string name : {"item.npy", "weight.npy", "offsets.npy", "users.numbers.npy"}) {
    ASSERT_TRUE(remove_tree(path_).ok());
    write();
    damage("segments/000-music/" + name);
    EXPECT_THAT(error(), HasSubstr(name + " is not what was written"));
    damage("segments/000-music/" + name, true);
    EXPECT_THAT(error(), HasSubstr(name + " has"));
    ASSERT_TRUE(remove_tree(path_ + "/segments/000-music/" + name).ok());
    EXPECT_THAT(error(), HasSubstr(name + " is missing"));
    EXPECT_EQ(open_store(path_).status().kind(), StatusKind::kDataInvalid);
  }
  ASSERT_TRUE(remove_tree(path_ + "/segments/000-music").ok());
  EXPECT_THAT(error(), HasSubstr("000-music is missing"));
}

TEST_F(StoreTest, DamagedManifestsAreNamed) {
  write();
  replace_in("segments/000-music/manifest.json", "\"rows_read\": 0", "\"rows_read\": 1");
  EXPECT_THAT(error(), HasSubstr("000-music/manifest.json is not what was written"));
  replace_in("manifest.json", "000-music", "000-musik");
  EXPECT_THAT(error(), HasSubstr("manifest.json is not what was written"));
  ASSERT_TRUE(write_file(path_ + "/manifest.json", "{").ok());
  EXPECT_THAT(error(), HasSubstr("manifest.json"));
}

TEST_F(StoreTest, SegmentOfAnotherStoreIsRefused) {
  write();
  const std::string other = path_ + "_other";
  ASSERT_TRUE(remove_tree(other).ok());
  ASSERT_TRUE(create_store(other, make_dataset({{7, 50, 2}})).ok());
  ASSERT_TRUE(remove_tree(path_ + "/segments/000-music").ok());
  ASSERT_TRUE(rename_path(other + "/segments/000-music", path_ + "/segments/000-music").ok());
  EXPECT_THAT(error(), HasSubstr("000-music/manifest.json is not the one that belongs"));
}

// The manifest as members, those named left out.
Json members_without(const std::string& path, const std::vector<std::string>& names) {
  const Json all = *parse_json(*read_file(path));
  Json kept = Json::object();
  for (const auto& [name, value] : *all.as_object())
    if (std::find(names.begin(), names.end(), name) == names.end()) kept.set(name, value);
  return kept;
}

TEST_F(StoreTest, SchemaOneIsRead) {
  write();
  const std::string fingerprint = open_store(path_)->dataset.fingerprint();
  // As the first version wrote it: no transpose, no first item, and the store's own kind of seal.
  const std::string segment = path_ + "/segments/000-music";
  Json facts = members_without(segment + "/manifest.json", {"checksum"});
  Json files = Json::object(), metadata = Json::object();
  for (const auto& [name, file] : *facts["files"].as_object())
    if (name.find("item_") == std::string::npos) files.set(name, file);
  for (const auto& [name, fact] : *facts["metadata"].as_object())
    if (name != "first_item") metadata.set(name, fact);
  facts.set("schema", 1).set("files", files).set("metadata", metadata);
  const std::string sealed = seal_manifest(facts);
  ASSERT_TRUE(write_file(segment + "/manifest.json", sealed).ok());
  for (const std::string file : {"/item_offsets.npy", "/item_user.npy"})
    ASSERT_TRUE(remove_tree(segment + file).ok());
  Json manifest = members_without(path_ + "/manifest.json", {"checksum"});
  manifest.set("schema", 1)
      .set("segments", Json::array().push(Json::object()
                                              .set("folder", "segments/000-music")
                                              .set("fingerprint", sha256_hex(sealed))));
  manifest.set("sha256", sha256_hex(to_text(manifest)));
  ASSERT_TRUE(write_file(path_ + "/manifest.json", to_pretty_text(manifest)).ok());

  const auto store = open_store(path_, Verify::kFull);
  ASSERT_TRUE(store.ok()) << store.status().message();
  EXPECT_EQ(store->dataset.fingerprint(), fingerprint);
  EXPECT_TRUE(store->dataset.domains()[0].item_user.empty());
  ASSERT_TRUE(add_domain(*store, grow(store->dataset, "shop")).ok());  // and grows
  EXPECT_EQ(open_store(path_)->dataset.domains().size(), 2U);
  replace_in("manifest.json", "segments/000-music", "segments/000-magic");
  EXPECT_THAT(error(), HasSubstr("its checksum differs"));
}

TEST_F(StoreTest, ASchemaOneManifestThatWasChangedIsRefused) {
  write();
  Json manifest = members_without(path_ + "/manifest.json", {"checksum"});
  manifest.set("schema", 1).set("sha256", std::string(64, '0'));
  ASSERT_TRUE(write_file(path_ + "/manifest.json", to_text(manifest)).ok());
  EXPECT_THAT(error(), HasSubstr("is not what was written (its checksum differs)"));
}

TEST_F(StoreTest, ForeignFoldersAreRefused) {
  EXPECT_EQ(open_store(path_).status().kind(), StatusKind::kFailed);
  ASSERT_TRUE(make_folder(path_).ok());
  EXPECT_THAT(error(), HasSubstr("is not a store: it has no manifest.json"));
  ASSERT_TRUE(write_file(path_ + "/manifest.json", "[]").ok());
  EXPECT_THAT(error(), HasSubstr("not a manifest of ours"));
  ASSERT_TRUE(write_file(path_ + "/manifest.json", R"({"kind": "model", "schema": 1})").ok());
  EXPECT_THAT(error(), HasSubstr("is a model, and a store is needed"));
  ASSERT_TRUE(write_file(path_ + "/manifest.json", R"({"kind": "store", "schema": 9})").ok());
  EXPECT_THAT(error(), HasSubstr("schema 9, this one reads up to 2"));
}

}  // namespace
}  // namespace crossfade
