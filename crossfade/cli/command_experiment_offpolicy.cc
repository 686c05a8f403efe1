// crossfade experiment offpolicy TABLE: what another policy would have earned, from logged answers.
#include <type_traits>
#include <unordered_map>

#include "crossfade/cli/command.h"
#include "crossfade/cli/experiment_arguments.h"
#include "crossfade/experiments/off_policy.h"
#include "crossfade/io/table_reader.h"

namespace crossfade {
namespace {

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
  for (std::size_t row = 0; row < column->size(); ++row)
    if (column->is_null(row))
      return data_invalid("the column '" + name + "' has no value in row " +
                          std::to_string(row + 1));
  return numbers;
}

// Whose answer each row is, numbered in the order of first appearance; empty without users.
std::vector<std::int64_t> clusters_of(const Table& table) {
  std::vector<std::int64_t> clusters;
  const Column* users = table.find("user_id");
  if (users == nullptr) return clusters;
  std::visit(
      [&](const auto& values) {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_same_v<Value, std::int64_t> || std::is_same_v<Value, std::int32_t> ||
                      std::is_same_v<Value, std::string>) {
          std::unordered_map<Value, std::int64_t> known;
          for (const Value& value : values)
            clusters.push_back(
                known.emplace(value, static_cast<std::int64_t>(known.size())).first->second);
        }
      },
      users->values);
  return clusters;
}

class ExperimentOffpolicyCommand final : public Command {
 public:
  std::string name() const override { return "experiment offpolicy"; }
  std::string summary() const override {
    return "estimate another policy from logged answers and their propensities";
  }
  void declare(Arguments& arguments) override {
    arguments.positional("TABLE", table_,
                         "reward, propensity, target; predicted and predicted_target; user_id");
    arguments.option("--alpha", alpha_, "intervals hold 1 - alpha");
    arguments.footer(
        "Columns, one row per answer:\n"
        "  reward, propensity: what it earned, and with which probability it was given\n"
        "  target: the probability with which the other policy would have given it\n"
        "  predicted, predicted_target: a reward model's guess of this answer, and its mean over\n"
        "    the other policy's answers; with them the doubly robust estimates come too\n"
        "  user_id: whose answer; rows of one user are not independent\n");
  }

  Status run(Session& session) override {
    CROSSFADE_ASSIGN_OR_RETURN(const double alpha, number_option("--alpha", alpha_));
    if (!(alpha > 0 && alpha < 1)) return usage_error("--alpha lies between 0 and 1");
    auto result = estimate(1 - alpha, session.context);
    if (!result.ok())
      return result.status().kind() == StatusKind::kDataInvalid ? result.status().at(table_)
                                                                : result.status();
    session.print(off_policy_document(*result), to_json(*result));
    return ok_status();
  }

 private:
  Result<OffPolicyResult> estimate(double confidence, Context& context) const {
    CROSSFADE_ASSIGN_OR_RETURN(const Table table,
                               read_table(table_,
                                          {{"reward", "propensity", "target"},
                                           {"predicted", "predicted_target", "user_id"}},
                                          context));
    CROSSFADE_ASSIGN_OR_RETURN(const auto rewards, numbers_of(table, "reward"));
    CROSSFADE_ASSIGN_OR_RETURN(const auto propensities, numbers_of(table, "propensity"));
    CROSSFADE_ASSIGN_OR_RETURN(const auto target, numbers_of(table, "target"));
    CROSSFADE_ASSIGN_OR_RETURN(const auto predicted, numbers_of(table, "predicted"));
    CROSSFADE_ASSIGN_OR_RETURN(const auto of_target, numbers_of(table, "predicted_target"));
    if (predicted.empty() != of_target.empty())
      return data_invalid("predicted and predicted_target come together; one of them is missing");
    return estimate_off_policy(
        {rewards, propensities, target, predicted, of_target, clusters_of(table)}, confidence);
  }

  std::string table_, alpha_ = "0.05";
};

}  // namespace

std::unique_ptr<Command> make_experiment_offpolicy_command() {
  return std::make_unique<ExperimentOffpolicyCommand>();
}

}  // namespace crossfade
