#pragma once
// The targets of a capture: finished attempts are counted here, and of each target a few are kept
// for the judges.

#include <array>
#include <map>
#include <set>
#include <unordered_map>
#include <vector>

#include "analysis/model/verdict.hpp"
#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

struct Target {
  Endpoint endpoint;
  IpAddress client;              ///< the first that asked
  bool several_clients = false;  ///< the sample is of the first one, as far as it goes
  Attempts attempts;
  TimePoint first, last;          ///< of the attempts
  std::optional<Outcome> latest;  ///< how the last attempt ended
  std::optional<Outcome> worst;   ///< of all of them
  TimePoint ended;                ///< last packet of any of them
  TimePoint since;                ///< when `latest` began to be so
  unsigned changes = 0;           ///< how often the outcome changed
  bool seen = false, question_unseen = false, answer_unseen = false;
  bool repeated = false;  ///< some SYN was sent again: its sender got no answer
  unsigned misfits = 0;
  std::vector<Attempt> sample;
};

struct BookLimits {
  std::size_t targets = 1'000'000;
  std::size_t kept_of_outcome = 4, kept_of_step = 3;  ///< attempts of one target
  std::size_t kept = 200'000;                         ///< attempts of all targets
};

class Book {
 public:
  explicit Book(const BookLimits& limits = {}) : limits_(limits) {}

  /// `horizon`: the capture saw everything up to then.
  void add(Attempt&& attempt, TimePoint horizon);
  /// After the last attempt: a walk that was never answered at its end was one attempt, in vain.
  void settle();

  [[nodiscard]] const std::vector<Target>& targets() const { return targets_; }
  /// Indexes of the targets with this address.
  [[nodiscard]] const std::vector<std::size_t>& of_address(const IpAddress& address) const;
  /// Answered echo requests to this address, a few.
  [[nodiscard]] const std::vector<Attempt>& echoes(const IpAddress& address) const;
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }  ///< attempts without a target

 private:
  struct Host {
    std::vector<std::size_t> targets;
    std::vector<Attempt> echoes;
  };
  Target* target_of(const Flow& flow);
  void count(Target& target, const Attempt& attempt, Outcome outcome);
  void keep(Target& target, Attempt&& attempt);

  BookLimits limits_;
  std::vector<Target> targets_;
  struct EndpointHash {
    std::size_t operator()(const Endpoint& end) const;
  };
  std::unordered_map<Endpoint, std::size_t, EndpointHash> index_;
  std::map<IpAddress, Host> hosts_;
  std::size_t kept_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace hopblame::offline
