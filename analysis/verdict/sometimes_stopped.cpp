#include "analysis/verdict/sometimes_stopped.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/own_rules.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

struct Tried {
  std::vector<const Exchange*> left, refused;
  [[nodiscard]] std::size_t all() const { return left.size() + refused.size(); }
};

/// EPERM is a filter's word, no chance (Linux nf_hook_slow).
Tried tried(const Case& the_case, Aim aim) {
  Tried tried;
  for (const auto& syn : the_case.exchanges) {
    const auto& question = syn.spec.question;
    if (question.kind != ProbeKind::syn || question.aim != aim || syn.origin == Origin::kernel)
      continue;
    if (syn.sent()) tried.left.push_back(&syn);
    if (!syn.sent() && syn.error == EPERM) tried.refused.push_back(&syn);
  }
  return tried;
}

/// No rule that looks at hop limits parts it from those that left.
bool is_like_others(const Exchange& refused, const std::vector<const Exchange*>& left) {
  const auto limit = refused.spec.question.hop_limit;
  return std::ranges::any_of(
      left, [&](const Exchange* syn) { return syn->spec.question.hop_limit <= limit; });
}

/// To connection tracking it is the first of its flow, or no worse than a later one that left.
bool is_welcome_on_flow(const Exchange& refused, const std::vector<const Exchange*>& left) {
  bool first = true;
  for (const auto* syn : left) {
    if (syn->spec.flow != refused.spec.flow) continue;
    if (syn->at > refused.at) return true;
    first = false;
  }
  return first;
}

Evidence of_another_port(const Case& the_case, const Tried& others) {
  if (others.refused.empty())
    return {say("It sent all of its SYNs to port {}: the rule is about port {}.",
                the_case.run.goal.control_port, port_of(the_case)),
            frames(others.left)};
  return {say("Of those to port {} it refused {} as well.", the_case.run.goal.control_port,
              others.refused.size()),
          {}};
}

}  // namespace

std::optional<Finding> judge_sometimes_stopped(const Case& the_case) {
  const auto syns = tried(the_case, Aim::target);
  const bool some_like_others = std::ranges::any_of(syns.refused, [&](const Exchange* syn) {
    return is_like_others(*syn, syns.left) && is_welcome_on_flow(*syn, syns.left);
  });
  if (!some_like_others) return {};
  Explanation rule{
      Mechanism::local_output_filter,
      1,
      this_host,
      list_of(Evidence{say("Of {} SYNs to port {} this machine refused to send {}: {} from the "
                           "kernel, which is the word of a filter. Others like them left.",
                           syns.all(), port_of(the_case), syns.refused.size(),
                           std::string_view("EPERM (operation not permitted)")),
                       frames(syns.left)}),
      {},
      fmt::format("{} And `sudo dmesg`: does it say \"nf_conntrack: table full\"?",
                  output_counters)};
  const auto others = tried(the_case, Aim::control);
  if (others.all() > 0) rule.because.push_back(of_another_port(the_case, others));
  return Finding{Outcome::intermittent, list_of(std::move(rule)), Confidence::strong};
}

}  // namespace hopblame
