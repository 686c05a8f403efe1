// The measured side of bench/sequence_engine.py: one process that loads a sequence model and then
// answers as often as it is told to, so that its runs can be interleaved with another library's.
//
//   sequence_driver FILE ITEMS GENERATOR name=value...     FILE: weights in safetensors
//
// Commands, one a line on stdin, each answered by one line of JSON:
//   scores ITEM...   the score of every item after this window
//   whole N          N answers (10 items) to full windows never seen before: microseconds
//   append N         N answers to windows that grew by one item, and were not full
//   stream N         N answers to listeners who play on from a full window, which slides: plays 201
//                    to 600 of each
//   live N           N answers to a listener whose newest 500 to 1,000 plays are known, as a
//   service
//                    keeps them, from his first play on
//   batch N THREADS  the lists of N users at once: seconds
//   judge FILE       lines of a target and the items before it: the place of each target among the
//                    ten best that are not in its history, from 1; 0 where it is none of them
// Of answers: the median and the mean of the thread's CPU time, which holds on a busy machine.
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include "crossfade/base/clock.h"
#include "crossfade/base/rng.h"
#include "crossfade/base/text.h"
#include "crossfade/kernels/isa.h"
#include "crossfade/models/sequence/sequence_model.h"

namespace crossfade {
namespace {

double cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e6 * static_cast<double>(now.tv_sec) + 1e-3 * static_cast<double>(now.tv_nsec);
}

class Bench {
 public:
  explicit Bench(std::unique_ptr<Model> model) : model_(std::move(model)) {}

  Json scores(std::istream& words) const {
    std::vector<ItemIndex> items;
    for (ItemIndex item = 0; words >> item;) items.push_back(item);
    Json list = Json::array();
    std::vector<double> by_item(static_cast<std::size_t>(model_->num_items()));
    for (const ScoredItem& scored : ask(items, {model_->num_items(), true}))
      by_item[static_cast<std::size_t>(scored.item)] = scored.score;
    return json_list(by_item);
  }

  Json whole(std::int64_t count) {
    return timed(count, [&] { return listen(full()); });
  }

  Json append(std::int64_t count) {
    std::vector<ItemIndex> items;
    return timed(count, [&] {
      if (items.size() < full() / 2 || items.size() + 1 > full()) {
        items = listen(full() / 2);
        (void)ask(items, {10});  // read once, not timed
      }
      items.push_back(item());
      return items;
    });
  }

  Json stream(std::int64_t count) {
    std::vector<ItemIndex> items;
    return timed(count, [&] {
      if (items.empty() || items.size() > 3 * full()) items = listen(full());
      items.push_back(item());
      return items;
    });
  }

  Json live(std::int64_t count) {
    constexpr std::size_t kKept = 500;
    std::vector<ItemIndex> items;
    return timed(count, [&] {
      if (items.size() == 2 * kKept) items.erase(items.begin(), items.end() - (kKept - 1));
      items.push_back(item());
      return items;
    });
  }

  Json judge(const std::string& path) const {
    std::ifstream file(path);
    Json places = Json::array();
    for (std::string line; std::getline(file, line);) {
      std::istringstream words(line);
      std::vector<ItemIndex> items;
      for (ItemIndex item = 0; words >> item;) items.push_back(item);
      if (items.empty()) continue;
      const std::vector<ItemIndex> before(items.begin() + 1, items.end());
      const auto list = ask(before, {10});
      const auto found = std::find_if(list.begin(), list.end(), [&](const ScoredItem& scored) {
        return scored.item == items[0];
      });
      places.push(found == list.end() ? std::int64_t{0} : found - list.begin() + 1);
    }
    return places;
  }

  Json batch(std::int64_t count, int num_threads) {
    std::vector<std::vector<ItemIndex>> items;
    std::vector<History> histories;
    std::vector<UserView> views;
    for (std::int64_t user = 0; user < count; ++user) items.push_back(listen(full()));
    for (const auto& own : items) histories.push_back(history(own));
    for (std::size_t user = 0; user < items.size(); ++user)
      views.push_back({static_cast<UserIndex>(user), {&histories[user], 1}});
    ThreadPool threads(num_threads);
    SilentProgress progress;
    const std::atomic<bool> stop{false};
    Context context{threads, progress, stop};
    const std::int64_t start_ns = clock_.steady_ns();
    const auto lists = model_->recommend_batch(views, 0, {10}, context);
    const double seconds = static_cast<double>(clock_.steady_ns() - start_ns) * 1e-9;
    return Json::object().set("seconds", seconds).set("lists", lists->num_lists());
  }

 private:
  std::size_t full() const {
    const auto& model = dynamic_cast<const SequenceModel&>(*model_);
    return static_cast<std::size_t>(model.engine().config().window());
  }
  ItemIndex item() {
    return static_cast<ItemIndex>(rng_.below(static_cast<std::uint64_t>(model_->num_items())));
  }
  std::vector<ItemIndex> listen(std::size_t count) {
    std::vector<ItemIndex> items(count);
    for (ItemIndex& played : items) played = item();
    return items;
  }
  History history(const std::vector<ItemIndex>& items) const {
    if (ones_.size() < items.size()) ones_.assign(2 * items.size(), 1);
    History history;
    history.items = items;
    history.weights = std::span(ones_).first(items.size());
    return history;
  }
  std::vector<ScoredItem> ask(const std::vector<ItemIndex>& items,
                              const RecommendOptions& options) const {
    const History one = history(items);
    return model_->recommend({kUnknown, {&one, 1}}, 0, options);
  }
  template <class Next>
  Json timed(std::int64_t count, const Next& next) {
    // Some at a time, because asking the clock costs as much as a small part of an answer.
    constexpr std::int64_t kTogether = 8;
    std::vector<double> microseconds;
    std::vector<std::vector<ItemIndex>> windows(kTogether);
    for (std::int64_t i = 0; i < count; i += kTogether) {
      for (auto& window : windows) window = next();
      std::size_t places = 0;
      const double start_us = cpu_us();
      for (const auto& window : windows) places += ask(window, {10}).size();
      microseconds.push_back((cpu_us() - start_us) / kTogether);
      if (places != 10 * kTogether) std::abort();
    }
    const double mean = std::accumulate(microseconds.begin(), microseconds.end(), 0.0) /
                        static_cast<double>(microseconds.size());
    std::sort(microseconds.begin(), microseconds.end());
    return Json::object().set("median", microseconds[microseconds.size() / 2]).set("mean", mean);
  }

  std::unique_ptr<Model> model_;
  mutable std::vector<float> ones_ = std::vector<float>(4096, 1);
  Rng rng_{1};
  SystemClock clock_;
};

Status run(const std::vector<std::string>& args) {
  if (args.size() < 3) return usage_error("sequence_driver FILE ITEMS GENERATOR name=value...");
  CROSSFADE_RETURN_IF_ERROR(kernels::choose_isa(std::getenv("CROSSFADE_ISA")));
  SequenceConfig config = sequence_config(args[2]);
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, args[2], {args.begin() + 3, args.end()}));
  CROSSFADE_ASSIGN_OR_RETURN(SequenceWeights weights,
                             read_weights(args[0], config, std::atoll(args[1].c_str())));
  CROSSFADE_ASSIGN_OR_RETURN(auto model,
                             SequenceModel::make(args[2], "bench", config, std::move(weights)));
  Bench bench(std::move(model));
  std::cout << to_text(Json::object().set("isa", kernels::isa_name())) << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string command;
    std::int64_t count = 0;
    words >> command;
    Json answer;
    if (command == "scores") {
      answer = bench.scores(words);
    } else if (command == "judge") {
      std::string path;
      words >> path;
      answer = bench.judge(path);
    } else if (words >> count; command == "batch") {
      int threads = 1;
      words >> threads;
      answer = bench.batch(count, threads);
    } else {
      answer = command == "whole"    ? bench.whole(count)
               : command == "append" ? bench.append(count)
               : command == "live"   ? bench.live(count)
                                     : bench.stream(count);
    }
    std::cout << to_text(answer) << std::endl;
  }
  return ok_status();
}

}  // namespace
}  // namespace crossfade

int main(int argc, char** argv) {
  const crossfade::Status status = crossfade::run({argv + 1, argv + argc});
  if (!status.ok()) std::fprintf(stderr, "sequence_driver: %s\n", status.message().c_str());
  return status.exit_code();
}
