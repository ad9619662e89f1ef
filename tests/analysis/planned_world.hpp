#pragma once
// A network as a function: what comes back to a question. The planner is driven through it in
// virtual time, by the real Correlator, and what it asked is noted in order.

#include <functional>
#include <string>
#include <vector>

#include "analysis/plan/planner.hpp"

namespace hopblame::trace {

/// The answers of a trace line ("rst-ack ttl=61 marked"), several with "<" between; empty: silence;
/// "unsent": it never leaves.
using World = std::function<std::string(const Question&)>;

struct Planned {
  std::vector<std::string> asked;  ///< "syn target", "syn target @3", "echo", in order
  std::vector<double> at;          ///< when each was asked
  double seconds = 0;              ///< until the planner was done
  bool done = false;               ///< false: it was stopped after far too many steps
  std::string trace;               ///< all of it as a trace, to be judged

  [[nodiscard]] std::size_t count(const std::string& question) const;
  /// Position of the first time; asked.size() when it never was.
  [[nodiscard]] std::size_t first(const std::string& question) const;
};

/// `facts`: lines of a trace put before everything else; a connect line may be among them.
[[nodiscard]] Planned plan(const World& world, Family family = Family::ipv4,
                           const std::string& facts = "");

/// Routers at 1..distance-1 pass probes that die there; what arrives gets `at_end`.
[[nodiscard]] std::string along(const Question& question, int distance, const std::string& at_end);

/// Worlds with the host at hop 4. The port is closed; r2 rejects or resets what is for the port in
/// FORWARD; the host drops that; the port is open; nothing answers at all.
[[nodiscard]] std::string closed_host(const Question& question);
[[nodiscard]] std::string rejecting_r2(const Question& question);
[[nodiscard]] std::string resetting_r2(const Question& question);
[[nodiscard]] std::string dropping_host(const Question& question);
[[nodiscard]] std::string open_host(const Question& question);
[[nodiscard]] std::string nothing(const Question& question);

[[nodiscard]] bool to_target(const Question& question);
[[nodiscard]] bool is_tcp(const Question& question);

[[nodiscard]] std::string verdict_of(const Planned& planned, Family family);

}  // namespace hopblame::trace
