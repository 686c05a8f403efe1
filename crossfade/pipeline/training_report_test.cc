// Curves of what models tell: the right numbers at the right epochs, marked where they were kept;
// what is not told is left out.
#include "crossfade/pipeline/training_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/base/artifact.h"
#include "crossfade/base/file.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Json told(const std::string& text) {
  return *parse_json(text);
}

ToldTraining sasrec() {
  return {"first", "sasrec",
          told(R"({"epochs": 3, "best_epoch": 2, "windows": 70, "loss": [3, 2, 1],
                   "validation ndcg@10": [0.1, 0.3, 0.2], "seconds": [100, 100, 40]})")};
}

ToldTraining other() {
  return {"second", "sasrec", told(R"({"epochs": 2, "best_epoch": 2, "loss": [3, 2],
                   "validation ndcg@10": [0.1, 0.25]})")};
}

ToldTraining contextual() {
  return {"third", "contextual",
          told(R"({"epochs": 2, "best_epoch": 1, "train mse": [0.2, 0.1], "test mse": 0.5,
                   "validation mse": [0.4, 0.5], "seconds": [1, 2]})")};
}

std::vector<PlotBlock> plots_of(const Document& document) {
  std::vector<PlotBlock> plots;
  for (const Document::Block& block : document.blocks())
    if (const auto* plot = std::get_if<PlotBlock>(&block)) plots.push_back(*plot);
  return plots;
}

std::vector<std::string> captions_of(const Document& document) {
  std::vector<std::string> captions;
  for (const PlotBlock& plot : plots_of(document)) captions.push_back(plot.caption);
  return captions;
}

TEST(TrainingReport, ACurveByEpochAndOneOverTime) {
  const Document document = training_document({sasrec()});
  EXPECT_THAT(captions_of(document),
              ElementsAre("validation ndcg@10 by epoch", "validation ndcg@10 over time of learning",
                          "loss by epoch", "loss over time of learning"));
  const auto plots = plots_of(document);
  EXPECT_THAT(plots[0].series[0].x, ElementsAre(1, 2, 3));
  EXPECT_THAT(plots[0].series[0].y, ElementsAre(0.1, 0.3, 0.2));
  EXPECT_THAT(plots[0].series[0].labels, ElementsAre("", "epoch 2", ""));
  EXPECT_EQ(plots[1].x_label, "minutes of learning, without validation");
  EXPECT_THAT(plots[1].series[0].x, ElementsAre(100 / 60., 200 / 60., 4));
  EXPECT_THAT(to_text(document),
              HasSubstr("The weights of epoch 2 of 3 were kept (validation ndcg@10 0.3000)."));
}

TEST(TrainingReport, SeveralStandInOnePicture) {
  const Document document = training_document({sasrec(), other()});
  const auto plots = plots_of(document);
  ASSERT_EQ(plots.size(), 4u);
  EXPECT_EQ(plots[0].series.size(), 2u);
  EXPECT_EQ(plots[1].series.size(), 1u);  // of the other the times are not known
  EXPECT_THAT(
      to_text(document),
      HasSubstr("first is best by validation ndcg@10: 0.3000 after epoch 2 and 3 min 20 s"));
  EXPECT_THAT(to_text(document), HasSubstr("only where they are the same loss"));
}

TEST(TrainingReport, MetricsThatFallAreBestWhereTheyAreLow) {
  ToldTraining worse = contextual();
  worse.name = "worse";
  worse.told.set("validation mse", json_list(std::vector<double>{0.7, 0.6}));
  EXPECT_THAT(to_text(training_document({worse, contextual()})),
              HasSubstr("third is best by validation mse: 0.4000 after epoch 1"));
}

TEST(TrainingReport, OtherMetricsGetOtherPictures) {
  const Document document = training_document({sasrec(), contextual()});
  EXPECT_THAT(
      captions_of(document),
      testing::UnorderedElementsAre(
          "validation ndcg@10 by epoch", "validation ndcg@10 over time of learning",
          "validation mse by epoch", "validation mse over time of learning", "loss by epoch",
          "loss over time of learning", "train mse by epoch", "train mse over time of learning"));
  EXPECT_THAT(to_text(document), Not(HasSubstr("is best by")));
}

TEST(TrainingReport, WhatTellsNothingIsLeftOut) {
  for (const char* text : {"null", "7", "{}", R"({"epochs": 2})", R"({"epochs": -1, "loss": []})",
                           R"({"epochs": 2, "loss": [1]})", R"({"epochs": "2", "loss": [1, 2]})"}) {
    const ToldTraining training{"x", "als", told(text)};
    EXPECT_FALSE(training.has_epochs()) << text;
    EXPECT_EQ(training_sentence(training.told), "") << text;
    EXPECT_EQ(captions_of(training_document({training, other()})).size(), 2u) << text;
  }
  // A best epoch that is none, a number that is none: no mark, a gap.
  const ToldTraining odd{
      "odd", "sasrec", told(R"({"epochs": 2, "best_epoch": 9, "loss": [1, null], "seconds": 3})")};
  EXPECT_TRUE(odd.has_epochs());
  EXPECT_EQ(captions_of(training_document({odd})).size(), 1u);
}

TEST(TrainingReport, ARefitIsALineOfItsOwn) {
  ToldTraining training = sasrec();
  training.told.set("refit", told(R"({"epochs": 2, "best_epoch": 2, "loss": [3, 2.5],
                                      "seconds": [110, 110]})"));
  const auto plots = plots_of(training_document({training}));
  EXPECT_EQ(plots[0].series.size(), 1u);  // it is judged by nothing
  ASSERT_EQ(plots[2].series.size(), 2u);
  EXPECT_EQ(plots[2].series[1].name, "first, refit");
  EXPECT_THAT(plots[2].series[1].y, ElementsAre(3, 2.5));
  EXPECT_THAT(training_sentence(training.told),
              HasSubstr("Epoch 2 of 3 was best (validation ndcg@10 0.3000); the weights are of as "
                        "many epochs on everything"));
}

TEST(TrainingReport, FoldersAreNamedByWhatTellsThemApart) {
  EXPECT_THAT(names_of_folders({}), IsEmpty());
  EXPECT_THAT(names_of_folders({"/a/b/model"}), ElementsAre(""));
  EXPECT_THAT(names_of_folders({"/k/ml/sasrec/1/model", "/k/ml/sasrec/2/model"}),
              ElementsAre("1", "2"));
  EXPECT_THAT(names_of_folders({"/k/ml/sasrec/1/model/", "/k/ml/bert/1/model"}),
              ElementsAre("sasrec", "bert"));
  EXPECT_THAT(names_of_folders({"/k/ml/sasrec/1/model", "/k/x/sasrec/2/model"}),
              ElementsAre("ml/sasrec/1", "x/sasrec/2"));
  EXPECT_THAT(names_of_folders({"/a/b", "/a/b/c"}), ElementsAre("b", "b/c"));
  EXPECT_THAT(names_of_folders({"/a/b", "/a/b"}), ElementsAre("b", "b"));
}

TEST(TrainingReport, ReadsTheManifestOfAModel) {
  const std::string folder = testing::TempDir() + "training_report";
  ASSERT_TRUE(remove_tree(folder).ok());
  EXPECT_EQ(find_training(folder, "m"), std::nullopt);
  EXPECT_FALSE(read_training(folder, "m").ok());
  auto writer = ArtifactWriter::create(folder, "model", 1);
  writer->metadata().set("model", "sasrec").set("training", sasrec().told);
  ASSERT_TRUE(writer->commit().ok());
  const auto found = find_training(folder, "m");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->generator, "sasrec");
  EXPECT_EQ(to_text(found->told), to_text(sasrec().told));
}

}  // namespace
}  // namespace crossfade
