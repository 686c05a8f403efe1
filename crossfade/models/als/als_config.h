// The knobs of implicit ALS, and how a weight of the log becomes a confidence.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"

namespace crossfade {

struct AlsConfig {
  std::int64_t factors = 128;
  std::int64_t iterations = 16;
  std::string solver = "cg";
  std::int64_t cg_steps = 3;
  double regularization = 0.003;
  double nu = 1;
  double unobserved_weight = 0.03;
  std::string unobserved = "all";
  std::string weighting = "binary";
  double alpha = 1;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("factors", factors, between(1, 8192).tuned_log(8, 256), "numbers per user and per item");
    knob("iterations", iterations, between(1, 1000).effort(4),
         "times that users and items are solved");
    knob("solver", solver, one_of({"cg", "cholesky"}),
         "cg: a few steps of conjugate gradients from the last solution; cholesky: exact");
    knob("cg_steps", cg_steps, between(1, 100), "steps of conjugate gradients per row");
    knob("regularization", regularization, between(1e-9, 1e6).tuned_log(1e-4, 1),
         "lambda: how strongly factors are drawn to zero");
    knob("nu", nu, between(0, 2),
         "0: lambda for every row alike; 1: times what the row weighs (Rendle 2021)");
    knob("unobserved_weight", unobserved_weight, between(1e-9, 1e6).tuned_log(1e-3, 1),
         "alpha_0: how much a pair that is not in the log counts as a zero");
    knob("unobserved", unobserved, one_of({"all", "missing"}),
         "all: every pair counts as a zero (Rendle 2021); missing: only pairs not in the log "
         "(Hu, Koren, Volinsky 2008)");
    knob("weighting", weighting, one_of({"binary", "linear", "log"}).tuned(),
         "confidence of a pair of weight r: alpha, alpha * r or alpha * log(1 + r)");
    knob("alpha", alpha, between(1e-9, 1e9), "scale of the confidences");
  }

  // The confidence w of a pair whose weights in the log sum to r > 0; always > 0. Beyond 1e9 it
  // grows no more: such a pair outweighs all others already, and its squares must stay a float.
  float confidence(float r) const {
    const double g = weighting == "binary" ? 1 : weighting == "linear" ? r : std::log1p(r);
    return static_cast<float>(std::clamp(alpha * g, 1e-30, 1e9));
  }
  // What the right-hand side has more than w: in Hu, Koren and Volinsky's form an observed pair
  // counts 1 + w wherever a missing one counts 1.
  float extra_pull() const {
    return unobserved == "missing" ? static_cast<float>(unobserved_weight) : 0.0F;
  }
  // lambda_u of a row with `count` observed of `others` possible pairs.
  float penalty(std::int64_t count, std::int64_t others) const {
    const double scale =
        static_cast<double>(count) + unobserved_weight * static_cast<double>(others);
    const double power = nu == 0 ? 1 : nu == 1 ? scale : std::pow(scale, nu);
    return static_cast<float>(regularization * power);
  }
};

}  // namespace crossfade
