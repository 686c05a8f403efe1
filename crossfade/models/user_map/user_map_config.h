// The knobs of the map from one domain's users to another's.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/models/als/als_config.h"

namespace crossfade {

struct UserMapConfig {
  std::int64_t factors = 64, source_factors = 64;
  double regularization = 0.003, source_regularization = 0.003;
  double unobserved_weight = 0.1, source_unobserved_weight = 0.1;
  std::string weighting = "binary";
  std::int64_t iterations = 16;
  double l2 = 3;
  double prior = 5;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("factors", factors, between(1, 8192).tuned_log(32, 256),
         "numbers per user and item of the domain to recommend from");
    knob("source_factors", source_factors, between(1, 8192).tuned_log(32, 128),
         "the same of each domain that helps");
    knob("regularization", regularization, between(1e-9, 1e6).tuned_log(1e-4, 0.03),
         "how strongly factors are drawn to zero (als: lambda, nu = 1)");
    knob("source_regularization", source_regularization, between(1e-9, 1e6).tuned_log(1e-4, 0.03),
         "the same in the domains that help");
    knob("unobserved_weight", unobserved_weight, between(1e-9, 1e6).tuned_log(0.03, 0.3),
         "how much a pair that is not in the log counts as a zero (als: alpha_0)");
    knob("source_unobserved_weight", source_unobserved_weight,
         between(1e-9, 1e6).tuned_log(0.03, 0.3), "the same in the domains that help");
    knob("weighting", weighting, one_of({"binary", "linear", "log"}).tuned(),
         "confidence of a pair of weight r: 1, r or log(1 + r)");
    knob("iterations", iterations, between(1, 1000).effort(4),
         "times that users and items of a domain are solved");
    knob("l2", l2, between(1e-6, 1e9).tuned_log(0.5, 50),
         "how strongly the map is drawn to the mean of all users");
    knob("prior", prior, between(0, 1e6).tuned_log(0.5, 50),
         "so many interactions of a user's own in the domain count as much as the map");
  }

  AlsConfig target() const { return als(factors, regularization, unobserved_weight); }
  AlsConfig source() const {
    return als(source_factors, source_regularization, source_unobserved_weight);
  }

 private:
  AlsConfig als(std::int64_t numbers, double lambda, double unobserved) const {
    AlsConfig config;
    config.factors = numbers;
    config.regularization = lambda;
    config.unobserved_weight = unobserved;
    config.weighting = weighting;
    config.iterations = iterations;
    return config;
  }
};

}  // namespace crossfade
