// The one list of protocols. docs/protocols.md compares what they give with what was published.
#include <utility>

#include "crossfade/data/splits/protocol.h"

namespace crossfade {
namespace {

const char* const kSasRec =
    "Kang and McAuley, Self-Attentive Sequential Recommendation, ICDM 2018, with full ranking as "
    "in "
    "Klenitskiy and Vasilev, Turning Dross Into Gold Loss, RecSys 2023";
const char* const kTimeToSplit = "Gusak et al., Time to Split, RecSys 2025";
const char* const kLiang =
    "Liang et al., Variational Autoencoders for Collaborative Filtering, WWW 2018";
const char* const kVariability = "Shevchenko et al., From Variability to Stability, KDD 2024";

Protocol leave_one_out(const std::string& name, const std::string& summary,
                       std::vector<std::string> filters) {
  Protocol protocol{name, summary, kSasRec, {std::move(filters), "last:1", {}}, {}};
  protocol.plan.settings.fold_in = true;
  protocol.conventions = {
      false,
      true,
      {10},
      {"ndcg", "hit_rate", "coverage"},
      {"The order among equal times is that of the log; another order changes up to a quarter of "
       "the targets on MovieLens-1M."}};
  return protocol;
}

Protocol time_to_split(const std::string& name, const std::string& summary,
                       std::vector<std::string> filters, bool keep_seen) {
  Protocol protocol{name, summary, kTimeToSplit, {std::move(filters), "time:0.9", {}}, {}};
  protocol.plan.settings.target = "last";
  protocol.conventions = {keep_seen,
                          true,
                          {10, 5, 20, 50, 100},
                          {"ndcg", "hit_rate", "mrr", "coverage"},
                          {"Other targets of the paper: --target first, random, all, successive."}};
  return protocol;
}

Protocol held_out_users(const std::string& name, const std::string& summary,
                        std::vector<std::string> filters, const std::string& by) {
  Protocol protocol{name, summary, kLiang, {std::move(filters), by, {}}, {}};
  protocol.plan.settings.cold_items = "drop";
  protocol.conventions = {false,
                          true,
                          {100, 50, 20},
                          {"ndcg", "recall_capped"},
                          {"The paper shows NDCG@100, and Recall@20 and @50 divided by min(k, "
                           "targets): recall_capped."}};
  return protocol;
}

Protocol variability(const std::string& name, const std::string& summary,
                     std::vector<std::string> filters) {
  Protocol protocol{name, summary, kVariability, {std::move(filters), "time:0.9", {}}, {}};
  protocol.plan.settings.cold_users = protocol.plan.settings.cold_items = "drop";
  protocol.conventions = {
      false,
      false,
      {10, 5, 20, 100},
      {"ndcg", "hit_rate", "map", "mrr", "precision", "recall", "coverage", "novelty"},
      {"Models are tuned on validation and then fitted on train and validation: split again with "
       "--no-validation for the last step."}};
  return protocol;
}

Protocol hackathon() {
  Protocol protocol{"hackathon",
                    "the last tenth of the time; every user of it is served",
                    "the MegaMarket and Zvuk hackathon",
                    {{}, "time:0.9", {}},
                    {}};
  protocol.conventions = {false,
                          false,
                          {10},
                          {"ndcg"},
                          {"The score over both domains is the geometric mean of their NDCG@10.",
                           "The challenge's own targets were never published: this cut stands in "
                           "for them."}};
  return protocol;
}

Protocol challenge() {
  Protocol protocol{"hse-challenge",
                    "10.6% of all rows hidden: every user's last ones",
                    "the challenge on MovieLens-1M in disguise",
                    {{}, "hide:0.106038", {}},
                    {}};
  protocol.plan.settings.fold_in = true;
  protocol.conventions = {false,
                          true,
                          {10},
                          {"recall", "ndcg"},
                          {"The challenge divides the hits of all users by the hidden rows of all; "
                           "recall here is the mean over users."}};
  return protocol;
}

Protocol lightgcn() {
  Protocol protocol{"lightgcn",
                    "train and test as published (--given TEST)",
                    "He et al., LightGCN, SIGIR 2020",
                    {{}, "", {}},
                    {}};
  protocol.conventions = {false, false, {20}, {"ndcg", "recall"}, {}};
  return protocol;
}

}  // namespace

std::vector<Protocol> protocols() {
  return {
      leave_one_out("sasrec-loo", "leave one out on the 5-core (MovieLens-1M: 3,416 items)",
                    {"kcore:5"}),
      leave_one_out("sasrec-loo-whole", "leave one out on the whole log (3,706 items)", {}),
      time_to_split("time-to-split", "last item of everybody who comes after the 0.9 quantile",
                    {"kcore:5,repeats"}, false),
      time_to_split("time-to-split-music", "the same for 20,000 users, with items seen before",
                    {"sample_users:20000", "kcore:5,repeats"}, true),
      held_out_users("liang", "10,000 users held out, 80% of them given (MovieLens-20M)",
                     {"min_weight:4", "min_users:5"}, "users:10000,0.8"),
      held_out_users("liang-netflix", "the same with 40,000 users", {"min_weight:4", "min_users:5"},
                     "users:40000,0.8"),
      held_out_users("liang-msd", "the same with 50,000 users, for counts of plays",
                     {"min_items:200", "min_users:20"}, "users:50000,0.8"),
      held_out_users("strong-generalisation", "the same with a tenth of the users, for any log",
                     {"min_weight:4", "min_users:5"}, "users:0.1,0.8"),
      variability("kdd24", "ratings from 3.5, pairs once, 5 per item and user, last 10% of time",
                  {"unique:first", "min_weight:3.5", "min_items:5", "min_users:5"}),
      variability("kdd24-smm",
                  "the same for MegaMarket: clicks and purchases, 50 per item and user",
                  {"strongest:2,0", "weigh:0=1.554808,2=2.802427", "merge:last",
                   "cap_weight:0=1.554808", "min_items:50", "min_users:50"}),
      variability("kdd24-zvuk", "the same for Zvuk: plays of 60 s counted, 50 per item and user",
                  {"min_weight:60", "set_weight:1", "merge:last", "min_items:50", "min_users:50"}),
      hackathon(),
      challenge(),
      lightgcn(),
  };
}

}  // namespace crossfade
