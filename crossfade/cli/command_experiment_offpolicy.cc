// crossfade experiment offpolicy DATA: what another policy would have earned, from logged answers.
#include <type_traits>
#include <unordered_map>

#include "crossfade/base/counted.h"
#include "crossfade/base/text.h"
#include "crossfade/bundle/list_file.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/experiment_arguments.h"
#include "crossfade/experiments/logged_answers.h"
#include "crossfade/experiments/off_policy.h"
#include "crossfade/experiments/traffic_reader.h"
#include "crossfade/io/table_reader.h"

namespace crossfade {
namespace {

Status check_no_nulls(const Column& column) {
  for (std::size_t row = 0; row < column.size(); ++row)
    if (column.is_null(row))
      return data_invalid("the column '" + column.name + "' has no value in row " +
                          std::to_string(row + 1));
  return ok_status();
}

// A column of numbers as doubles; a null is data invalid.
Result<std::vector<double>> numbers_of(const Table& table, const std::string& name) {
  std::vector<double> numbers;
  const Column* column = table.find(name);
  if (column == nullptr) return numbers;
  const bool is_numeric = std::visit(
      [&](const auto& values) {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_arithmetic_v<Value>) numbers.assign(values.begin(), values.end());
        return std::is_arithmetic_v<Value>;
      },
      column->values);
  if (!is_numeric) return data_invalid("the column '" + name + "' holds no numbers");
  CROSSFADE_RETURN_IF_ERROR(check_no_nulls(*column));
  return numbers;
}

// Whose answer each row is, numbered in the order of first appearance; empty without users.
Result<std::vector<std::int64_t>> clusters_of(const Table& table) {
  std::vector<std::int64_t> clusters;
  const Column* users = table.find("user_id");
  if (users == nullptr) return clusters;
  CROSSFADE_RETURN_IF_ERROR(check_no_nulls(*users));
  const bool are_ids = std::visit(
      [&](const auto& values) {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        constexpr bool kAreIds = std::is_same_v<Value, std::int64_t> ||
                                 std::is_same_v<Value, std::int32_t> ||
                                 std::is_same_v<Value, std::string>;
        if constexpr (kAreIds) {
          std::unordered_map<Value, std::int64_t> known;
          for (const Value& value : values)
            clusters.push_back(
                known.emplace(value, static_cast<std::int64_t>(known.size())).first->second);
        }
        return kAreIds;
      },
      users->values);
  if (!are_ids) return data_invalid("the column 'user_id' holds neither text nor whole numbers");
  return clusters;
}

// A file of lists as a policy that draws from them.
Result<ListPolicy> list_policy(const std::string& path) {
  ListPolicy policy;
  if (path.empty()) return policy;
  CROSSFADE_ASSIGN_OR_RETURN(const ListFile file, read_list_file(path));
  policy.by = file.by == ListsBy::kUser   ? ListPolicy::By::kUser
              : file.by == ListsBy::kItem ? ListPolicy::By::kTrack
                                          : ListPolicy::By::kNothing;
  const auto* keys = std::get_if<std::vector<std::int64_t>>(&file.keys);
  const auto* items = std::get_if<std::vector<std::int64_t>>(&file.items);
  if (items == nullptr || (keys == nullptr && file.by != ListsBy::kNothing))
    return data_invalid(path + ": ids of lists have to be numbers, as a log's tracks are");
  for (std::size_t list = 0; list + 1 < file.offsets.size(); ++list)
    policy.lists[file.by == ListsBy::kNothing ? 0 : (*keys)[list]].assign(
        items->begin() + file.offsets[list], items->begin() + file.offsets[list + 1]);
  return policy;
}

class ExperimentOffpolicyCommand final : public Command {
 public:
  std::string name() const override { return "experiment offpolicy"; }
  std::string summary() const override {
    return "estimate another policy from logged answers and their propensities";
  }
  void declare(Arguments& arguments) override {
    arguments.positional("DATA", data_, "a table of answers; or a log, with --lists or --tracks");
    arguments.option("--lists", lists_,
                     "of a log: the other policy draws evenly from these lists, by track or user");
    arguments.option("--tracks", tracks_,
                     "of a log: where it has no list, it draws evenly from so many tracks");
    arguments.option("--experiment", experiment_, "of a log: of this experiment");
    arguments.option("--arm", arm_, "the answers of this arm only, as T1");
    arguments.option("--alpha", alpha_, "intervals hold 1 - alpha");
    arguments.footer(
        "Columns of a table, one row per answer:\n"
        "  reward, propensity: what it earned, and with which probability it was given\n"
        "  target: the probability with which the other policy would have given it\n"
        "  predicted, predicted_target: a reward model's guess of this answer, and its mean over\n"
        "    the other policy's answers; with them the doubly robust estimates come too\n"
        "  user_id: whose answer; rows of one user are not independent\n"
        "Of a log: reward is the share of the answered track that was heard.\n");
  }

  Status run(Session& session) override {
    CROSSFADE_ASSIGN_OR_RETURN(const double alpha, number_option("--alpha", alpha_));
    if (!(alpha > 0 && alpha < 1)) return usage_error("--alpha lies between 0 and 1");
    if (tracks_ < 0) return usage_error("--tracks is a number of tracks");
    if (experiment_.empty() != arm_.empty())
      return usage_error("--experiment and --arm come together");
    const bool is_log = !lists_.empty() || tracks_ > 0;
    if (!is_log && !arm_.empty())
      return usage_error("--arm takes answers of a log, which comes with --lists or --tracks");
    CROSSFADE_ASSIGN_OR_RETURN(
        const OffPolicyResult result,
        is_log ? of_log(1 - alpha, session.context) : of_table(1 - alpha, session.context));
    session.print(off_policy_document(result), to_json(result));
    return ok_status();
  }

 private:
  Result<OffPolicyResult> of_table(double confidence, Context& context) const {
    CROSSFADE_ASSIGN_OR_RETURN(const Table table,
                               read_table(data_,
                                          {{"reward", "propensity", "target"},
                                           {"predicted", "predicted_target", "user_id"}},
                                          context));
    auto result = of_rows(table, confidence);
    if (!result.ok()) return result.status().at(data_);
    return result;
  }

  static Result<OffPolicyResult> of_rows(const Table& table, double confidence) {
    CROSSFADE_ASSIGN_OR_RETURN(const auto rewards, numbers_of(table, "reward"));
    CROSSFADE_ASSIGN_OR_RETURN(const auto propensities, numbers_of(table, "propensity"));
    CROSSFADE_ASSIGN_OR_RETURN(const auto target, numbers_of(table, "target"));
    CROSSFADE_ASSIGN_OR_RETURN(const auto predicted, numbers_of(table, "predicted"));
    CROSSFADE_ASSIGN_OR_RETURN(const auto of_target, numbers_of(table, "predicted_target"));
    if (predicted.empty() != of_target.empty())
      return data_invalid("predicted and predicted_target come together; one of them is missing");
    CROSSFADE_ASSIGN_OR_RETURN(const auto clusters, clusters_of(table));
    return estimate_off_policy({rewards, propensities, target, predicted, of_target, clusters},
                               confidence);
  }

  Result<OffPolicyResult> of_log(double confidence, Context& context) const {
    CROSSFADE_ASSIGN_OR_RETURN(ListPolicy policy, list_policy(lists_));
    policy.num_tracks = tracks_;
    CROSSFADE_ASSIGN_OR_RETURN(const Traffic traffic, read_traffic({data_}, context));
    const std::vector<TreatmentIndex>* arms = nullptr;
    if (!experiment_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(const std::size_t at, traffic.log.find_experiment(experiment_));
      arms = &traffic.log.experiments[at].treatments;
    }
    const TreatmentIndex arm = treatment_from_name(arm_);
    if (arms != nullptr && arm == kNoTreatment)
      return usage_error("--arm is C, T1, T2, ..; '" + arm_ + "' is not");
    const LoggedAnswers answers =
        answers_of_log(traffic.log, order_rows(traffic.log, context.threads),
                       [&](std::size_t row) { return arms == nullptr || (*arms)[row] == arm; });
    if (answers.size() == 0)
      return data_invalid(data_ + ": no answer has both a propensity and a reward (" +
                          format_count(answers.without_propensity) + " have no propensity, " +
                          format_count(answers.without_reward) +
                          " no reward); serve with "
                          "propensities in the log");
    CROSSFADE_ASSIGN_OR_RETURN(const auto target, policy.probabilities(answers, traffic.log));
    auto result = estimate_off_policy(
        {answers.rewards, answers.propensities, target, {}, {}, answers.users}, confidence);
    if (result.ok() && answers.without_propensity + answers.without_reward > 0)
      result->warnings.push_back(
          counted(answers.without_propensity, "answer", "answers") + " without a propensity and " +
          format_count(answers.without_reward) + " without a reward are left out.");
    return result;
  }

  std::string data_, lists_, experiment_, arm_, alpha_ = "0.05";
  std::int64_t tracks_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_experiment_offpolicy_command() {
  return std::make_unique<ExperimentOffpolicyCommand>();
}

}  // namespace crossfade
