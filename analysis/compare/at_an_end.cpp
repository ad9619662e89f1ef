#include "analysis/compare/at_an_end.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hopblame::compare {

Where AtAnEnd::from_capture_on() const {
  return {CulpritKind::unknown, comparison_.distance, {}, {}};
}

Where AtAnEnd::host_or_beyond() const {
  auto where = host();
  where.last_hop.reset();
  return where;
}

void AtAnEnd::host_drops() {
  const bool segments_pass =
      std::ranges::any_of(alone_.verdict.explanations, [](const Explanation& explanation) {
        return explanation.mechanism == M::syn_filter && explanation.rank == 1;
      });
  const auto settle =
      "on the server: its firewall rules, `ss -ltn` (Recv-Q above Send-Q: the "
      "queue is full), `nstat -az TcpExtListenDrops`";
  const auto where = finding_.mute ? from_capture_on() : host();
  add(segments_pass ? M::syn_filter : M::filter_drop, where, settle);
  add(M::accept_queue_full, finding_.mute ? host_or_beyond() : host(), settle);
  add(M::port_forward, finding_.mute ? host_or_beyond() : host(),
      "the port forwarding (DNAT) rules on the server: to which host or container does the port "
      "go, and is that alive?",
      2);
  // The client's handshake was with another.
  if (finding_.stranger) return blame(host(), Confidence::strong);
  if (finding_.mute) return nothing_comes_back(settle);
  const bool hears_answers = comparison_.at_server.back.service;
  if (comparison_.server_limit && !hears_answers)
    add(M::answer_lost, between(),
        "a capture on the server without a filter: does an answer leave?", 2);
  if (comparison_.server_limit) return blame(host(), Confidence::certain);
  // Nothing shows that what the server sends to this client leaves where the capture was made.
  add(M::host_silent, host(), settle);
  add(M::answer_lost, between(), "a capture on all interfaces of the server: does an answer leave?",
      2);
  blame(host(), Confidence::strong);
}

void AtAnEnd::says_nothing() {
  const auto settle =
      "on the server: is the program that listens alive, and what does it wait for?";
  const std::initializer_list<M> both = {M::tarpit, M::data_blocked};
  at_host(both, settle);
  if (!finding_.asked || cause_.explanations.size() < both.size()) return;
  std::ranges::reverse(cause_.explanations);
  cause_.explanations.back().rank = 2;
}

void AtAnEnd::nothing_comes_back(const char* settle) {
  add(M::host_silent, host_or_beyond(), settle);
  add(M::answer_lost, between(),
      "a capture without a filter, on all interfaces of the server: does an answer leave?",
      finding_.leaves_out ? 1 : 2);
  if (finding_.leaves_out) return blame(Where{}, Confidence::weak);
  blame(from_capture_on(), Confidence::strong);
}

void AtAnEnd::at_host(std::initializer_list<M> mechanisms, const Text& settled_by) {
  for (const auto mechanism : mechanisms)
    if (!ruled_out(mechanism, mechanisms)) add(mechanism, host(), settled_by);
  blame(host(), Confidence::certain);
}

void AtAnEnd::forwarded() {
  const auto inner = *inner_host();
  const auto shown =
      fmt::format("The captures show that {} port {} is passed on to {} port {}.",
                  to_string(target_.address), target_.port, to_string(inner.address), inner.port);
  also(shown);
  const Where outer{CulpritKind::destination, {}, comparison_.server_distance(), target_.address};
  add(M::port_forward, outer,
      fmt::format("the port forwarding (DNAT) rules of {}: is {} port {} the right place for "
                  "port {}?",
                  to_string(target_.address), to_string(inner.address), inner.port, target_.port),
      2);
  cause_.explanations.back().because.clear();
  also(shown);
}

bool AtAnEnd::ruled_out(M mechanism, std::initializer_list<M> mechanisms) const {
  const auto judged = [&](M wanted) {
    return std::ranges::any_of(alone_.verdict.explanations, [&](const Explanation& explanation) {
      return explanation.mechanism == wanted;
    });
  };
  return std::ranges::any_of(mechanisms, judged) && !judged(mechanism);
}

void AtAnEnd::at_client() {
  add(M::local_input_filter, this_host, "the client's own firewall: `nft list ruleset`");
  blame(this_host, Confidence::strong);
}

}  // namespace hopblame::compare
