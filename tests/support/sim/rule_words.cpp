#include "tests/support/sim/rule_words.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <utility>

namespace hopblame::sim {
namespace {

template <class Value, std::size_t size>
std::optional<Value> look_up(const std::array<std::pair<const char*, Value>, size>& table,
                             const std::string& word) {
  for (const auto& [name, value] : table)
    if (word == name) return value;
  return {};
}

constexpr std::array hooks{
    std::pair{"ingress", Hook::ingress}, std::pair{"prerouting", Hook::prerouting},
    std::pair{"forward", Hook::forward}, std::pair{"postrouting", Hook::postrouting},
    std::pair{"input", Hook::input},     std::pair{"output", Hook::output},
};

constexpr std::array actions{
    std::pair{"drop", Action::drop},         std::pair{"reset", Action::reset},
    std::pair{"pf-reset", Action::pf_reset}, std::pair{"careless-reset", Action::careless_reset},
    std::pair{"reject", Action::icmp},
};

constexpr std::array reasons{
    std::pair{"no-route", Reason::no_route},
    std::pair{"unreachable", Reason::unreachable},
    std::pair{"prohibit", Reason::prohibit},
    std::pair{"net", Reason::net},
    std::pair{"host", Reason::host},
    std::pair{"port", Reason::port},
    std::pair{"net-prohibited", Reason::net_prohibited},
    std::pair{"host-prohibited", Reason::host_prohibited},
    std::pair{"admin", Reason::admin},
};

constexpr std::array states{
    std::pair{"syn", State::syn},           std::pair{"new", State::fresh},
    std::pair{"invalid", State::invalid},   std::pair{"stray", State::stray},
    std::pair{"synack", State::syn_ack},    std::pair{"unestablished", State::unestablished},
    std::pair{"data", State::data},         std::pair{"marked", State::marked},
    std::pair{"unmarked", State::unmarked},
};

void take_transport(Words& words, Rule& rule, Family family) {
  if (words.take_if("tcp"))
    rule.transport = Transport::tcp;
  else if (words.take_if("udp"))
    rule.transport = Transport::udp;
  else if (words.take_if("icmp"))
    rule.transport = family == Family::ipv4 ? Transport::icmp : Transport::icmp6;
  const auto next = words.peek();
  if (rule.transport && !next.empty() && std::isdigit(static_cast<unsigned char>(next.front())))
    rule.port = words.port();
}

void take_limits(Words& words, Rule& rule) {
  if (words.take_if("after")) rule.after = words.number("a count");
  if (words.take_if("ban")) rule.source = true;
  if (words.take_if("over")) rule.per_second = words.real("a rate");
  if (words.take_if("burst")) rule.burst = words.real("SYNs at once");
}

}  // namespace

Reason take_reason(Words& words) {
  const auto word = words.take("a reason");
  const auto reason = look_up(reasons, word);
  if (!reason) words.fail(fmt::format("'{}' is not a reason such as admin", word));
  return *reason;
}

std::optional<Rule> take_rule(Words& words, Family family) {
  const auto hook = look_up(hooks, words.peek());
  if (!hook) return {};
  (void)words.take("a hook");
  Rule rule;
  rule.hook = *hook;
  rule.back = words.take_if("back") || *hook == Hook::output;
  const auto word = words.take("an action");
  const auto action = look_up(actions, word);
  if (!action) words.fail(fmt::format("'{}' is not an action such as drop", word));
  rule.action = *action;
  if (rule.action == Action::icmp) rule.reason = take_reason(words);
  take_transport(words, rule, family);
  if (const auto state = look_up(states, words.peek())) {
    rule.state = *state;
    (void)words.take("a state");
  }
  take_limits(words, rule);
  return rule;
}

}  // namespace hopblame::sim
