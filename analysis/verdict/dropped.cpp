#include "analysis/verdict/dropped.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/path/distance.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

struct Facts {
  std::vector<const Exchange*> unanswered;  ///< full-length SYNs to the port
  unsigned tries = 0;
  std::optional<std::uint8_t> passed;  ///< k: the last hop that let the SYN pass
  std::optional<std::uint8_t> bound;   ///< the next hop known to exist, where the SYN never got
  std::optional<std::uint8_t> host;    ///< the host's distance, measured or else guessed
  const Reply* alive = nullptr;        ///< any answer of the host to anything
  const Reply* to_ack = nullptr;       ///< the stack behind the port answers a bare ACK
  const Reply* to_fin = nullptr;
  bool fin_counts = false;  ///< a lone FIN reaches the stack of this host on other ports
  bool acks_eaten =
      false;  ///< bare ACKs to the control port vanish as well: silence proves nothing
};

const Reply* answer_of_host(const Case& the_case) {
  for (const auto& exchange : the_case.exchanges)
    for (const auto& reply : exchange.replies)
      if (reply.from == the_case.owner() && reply.kind != ReplyKind::time_exceeded) return &reply;
  return nullptr;
}

const Reply* reset_from_host(const Case& the_case, ProbeKind kind, Aim aim) {
  const auto* reply = the_case.first_reply(kind, aim);
  const bool reset =
      reply && (reply->kind == ReplyKind::reset || reply->kind == ReplyKind::reset_ack);
  return reset ? reply : nullptr;
}

/// The next distance beyond k at which anything answered on the control flow: the SYN to the port
/// was stopped before it. Silent routers in between only widen the interval.
std::optional<std::uint8_t> next_known(const Case& the_case, std::uint8_t passed,
                                       std::optional<std::uint8_t> host) {
  for (const auto& [distance, step] : the_case.control.steps)
    if (distance > passed && distance < full_hop_limit.value &&
        !(step.time_exceeded.empty() && step.ends.empty()))
      return distance;
  if (host && *host > passed) return host;
  return {};
}

std::optional<std::uint8_t> distance_of_host(const Case& the_case, const Reply* alive) {
  if (the_case.host.distance) return the_case.host.distance;
  if (alive) return guessed_distance(alive->hop_limit);
  return {};
}

Facts facts_of(const Case& the_case) {
  Facts facts;
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target)) {
    if (exchange->spec.question.hop_limit != full_hop_limit && exchange->origin == Origin::raw)
      continue;
    facts.unanswered.push_back(exchange);
    facts.tries += static_cast<unsigned>(exchange->left.size());
  }
  facts.alive = answer_of_host(the_case);
  facts.host = distance_of_host(the_case, facts.alive);
  facts.passed = the_case.target.last_passed();
  facts.bound = next_known(the_case, facts.passed.value_or(0), facts.host);
  facts.to_ack = reset_from_host(the_case, ProbeKind::ack, Aim::target);
  facts.to_fin = reset_from_host(the_case, ProbeKind::fin, Aim::target);
  facts.fin_counts = reset_from_host(the_case, ProbeKind::fin, Aim::control) != nullptr;
  facts.acks_eaten =
      the_case.host.control_answers && the_case.silent_tries(ProbeKind::ack, Aim::control) > 0;
  return facts;
}

// ---- places ------------------------------------------------------------------------------------

/// Hop k after its hop-limit check, the link after it, or hop k+1 before its own check: silence
/// cannot tell these apart (measured, signatures section 2). Hop 0, this host, is not in it: the
/// capture saw the packet leave.
Where gap_after(const Case& the_case, const Facts& facts) {
  const auto first = std::max<std::uint8_t>(1, facts.passed.value_or(0));
  if (facts.bound) return within(the_case, first, facts.bound);
  if (facts.passed) return within(the_case, first, static_cast<std::uint8_t>(first + 1));
  return within(the_case, 1, std::nullopt);
}

/// The SYN reached the last router before the host, so nothing on the way there stopped it.
bool reached_last_router(const Facts& facts) {
  return facts.passed && facts.host && *facts.passed + 1 >= *facts.host;
}

// ---- witnesses ---------------------------------------------------------------------------------

Evidence silence(const Case& the_case, const Facts& facts) {
  return {fmt::format("{} SYN{} to {} left this machine and got no answer of any kind.",
                      facts.tries, facts.tries == 1 ? "" : "s", port_text(the_case)),
          frames(facts.unanswered)};
}

std::optional<Evidence> progress(const Case& the_case, const Facts& facts) {
  if (!facts.passed) return {};
  const auto* reply = the_case.target.time_exceeded_at(*facts.passed);
  return Evidence{fmt::format("The SYN to {} still passes {}; nothing shows it any farther.",
                              port_text(the_case), hop_text(the_case, *facts.passed)),
                  {reply->frame}};
}

std::optional<Evidence> control_goes_on(const Case& the_case, const Facts& facts) {
  const auto passed = facts.passed.value_or(0);
  for (const auto& [distance, step] : the_case.control.steps) {
    if (distance <= passed) continue;
    const auto& replies = step.time_exceeded.empty() ? step.ends : step.time_exceeded;
    if (replies.empty()) continue;
    const auto port = the_case.run.goal.control_port;
    if (replies.front()->from == the_case.owner())
      return Evidence{
          fmt::format("The same SYN to port {} is answered by the host itself: the path is "
                      "fine, {} is treated differently.",
                      port, port_text(the_case)),
          {replies.front()->frame}};
    return Evidence{fmt::format("The same SYN to port {} gets on to {}: {} is treated differently.",
                                port, hop_text(the_case, distance), port_text(the_case)),
                    {replies.front()->frame}};
  }
  return {};
}

std::optional<Evidence> host_alive(const Case& the_case, const Facts& facts) {
  if (!facts.alive) return {};
  const char* what =
      facts.alive->kind == ReplyKind::echo_reply ? "answers ping" : "answers other probes";
  return Evidence{fmt::format("The host is up: {} {}.", to_string(the_case.owner()), what),
                  {facts.alive->frame}};
}

std::vector<Evidence> common(const Case& the_case, const Facts& facts) {
  std::vector<Evidence> because{silence(the_case, facts)};
  for (auto evidence : {progress(the_case, facts), control_goes_on(the_case, facts)})
    if (evidence) because.push_back(std::move(*evidence));
  return because;
}

Evidence ack_passes(const Case& the_case, const Facts& facts) {
  return {fmt::format(
              "A bare ACK to {} is answered by the host with a RST: other segments get through.",
              port_text(the_case)),
          {facts.to_ack->frame}};
}

// ---- mechanisms --------------------------------------------------------------------------------

std::string capture_on_host(const Case& the_case) {
  return fmt::format(
      "`sudo tcpdump -ni any tcp port {}` on {} while somebody connects: does the SYN "
      "arrive there, and does an answer leave?",
      the_case.run.goal.target.port, to_string(the_case.owner()));
}

std::string counters_in(const Case& the_case, const Where& where) {
  if (!where.last_hop) return "captures along the path: where is the SYN seen last?";
  std::string text = "the rule counters on ";
  text += hop_text(the_case, *where.first_hop);
  if (*where.last_hop != *where.first_hop) {
    const bool to_host = the_case.host.distance == where.last_hop;
    text += " and on " +
            (to_host ? std::string("the host itself") : hop_text(the_case, *where.last_hop));
  }
  return text + ": which one counts the dropped SYNs?";
}

Explanation filter_drop(const Case& the_case, const Facts& facts) {
  const auto where = gap_after(the_case, facts);
  auto because = common(the_case, facts);
  if (auto up = host_alive(the_case, facts); up && !facts.host) because.push_back(*up);
  return {Mechanism::filter_drop, 1, where, std::move(because), {}, counters_in(the_case, where)};
}

/// The whole way there and back is under suspicion, but the cause is rarer than a rule on the way
/// in.
Explanation answer_lost(const Case& the_case, const Facts& facts, unsigned rank) {
  Where where{CulpritKind::between, 1, facts.host ? facts.host : facts.bound, {}};
  if (!where.last_hop) where.kind = CulpritKind::unknown;
  return {Mechanism::answer_lost,
          rank,
          where,
          {silence(the_case, facts),
           {"Nothing shows that the SYN was stopped on its way there; its answer may be dropped on "
            "the way "
            "back.",
            {}}},
          {},
          capture_on_host(the_case)};
}

Explanation syn_filter(const Case& the_case, const Facts& facts) {
  auto because = common(the_case, facts);
  if (facts.to_ack) because.push_back(ack_passes(the_case, facts));
  if (facts.to_fin)
    because.push_back(
        {fmt::format("A lone FIN to {} is answered with a RST: nothing listens behind the "
                     "filter.",
                     port_text(the_case)),
         {facts.to_fin->frame}});
  const auto where = gap_after(the_case, facts);
  return {Mechanism::syn_filter, 1, where, std::move(because), {}, counters_in(the_case, where)};
}

Explanation queue_full(const Case& the_case, const Facts& facts) {
  auto because = common(the_case, facts);
  if (facts.to_ack) because.push_back(ack_passes(the_case, facts));
  if (facts.to_ack && facts.fin_counts)
    because.push_back(
        {"A lone FIN is ignored, as a listening service does: a closed port would reset it.", {}});
  return {Mechanism::accept_queue_full,
          1,
          at_destination(the_case, facts.host),
          std::move(because),
          {},
          fmt::format(
              "`ss -ltn 'sport = :{}'` on {}: Recv-Q above Send-Q means that the service does not "
              "accept; `nstat -az TcpExtListenOverflows` counts it.",
              the_case.run.goal.target.port, to_string(the_case.owner()))};
}

std::vector<Evidence> nothing_beyond(const Case& the_case, const Facts& facts) {
  std::vector<Evidence> because{silence(the_case, facts)};
  if (facts.passed) {
    const auto* reply = the_case.target.time_exceeded_at(*facts.passed);
    because.push_back(
        {fmt::format("{} is the last device that answers anything; beyond it nothing answers "
                     "any probe: no port, no ping.",
                     hop_text(the_case, *facts.passed)),
         {reply->frame}});
  } else {
    because.push_back({"Nothing at all answered, on no port and at no distance.", {}});
  }
  return because;
}

Explanation host_silent(const Case& the_case, const Facts& facts) {
  return {Mechanism::host_silent,
          1,
          gap_after(the_case, facts),
          nothing_beyond(the_case, facts),
          {},
          fmt::format(
              "the console of {}: is it up, does a capture there see the probes, has it a route "
              "back?",
              to_string(the_case.owner()))};
}

Explanation blackhole(const Case& the_case, const Facts& facts) {
  const auto where = gap_after(the_case, facts);
  std::string look =
      "the routes and reverse-path filter counters on the devices named: "
      "`ip route get ...`, `nstat -az TcpExtIPReversePathFilter`.";
  return {Mechanism::blackhole, 1, where, nothing_beyond(the_case, facts), {}, std::move(look)};
}

// ---- which of them fit -------------------------------------------------------------------------

/// Other segments reach the port's own stack; only the SYN, or its answer, is missing.
std::vector<Explanation> only_syn_missing(const Case& the_case, const Facts& facts) {
  std::vector<Explanation> found{syn_filter(the_case, facts)};
  if (facts.to_fin) return found;  // the port is closed: no queue, and a RST would have come back
  if (!facts.bound || !facts.host || *facts.bound >= *facts.host) {
    found.push_back(queue_full(the_case, facts));
    found.push_back(answer_lost(the_case, facts, 2));
  }
  return found;
}

std::vector<Explanation> port_missing(const Case& the_case, const Facts& facts) {
  std::vector<Explanation> found{filter_drop(the_case, facts)};
  const bool no_walk = !facts.passed && !the_case.control.last_passed();
  const bool arrived = reached_last_router(facts);
  // A NAT on the way may eat lone ACKs: then they cannot show whether only the SYN is unwelcome.
  if (facts.acks_eaten && arrived) {
    found.push_back(queue_full(the_case, facts));
    found.back().rank = 2;
  }
  // With a walk that ends at the last router the request may have arrived; one that ends earlier
  // shows where it stopped. Without any walk nothing prefers the way there to the way back.
  if (no_walk) found.push_back(answer_lost(the_case, facts, 1));
  if (arrived) found.push_back(answer_lost(the_case, facts, 2));
  return found;
}

std::vector<Explanation> nothing_heard(const Case& the_case, const Facts& facts) {
  const auto control_passed = the_case.control.last_passed().value_or(0);
  if (control_passed > facts.passed.value_or(0)) return {filter_drop(the_case, facts)};
  auto filter = filter_drop(the_case, facts);
  filter.because = nothing_beyond(the_case, facts);
  return {host_silent(the_case, facts), std::move(filter), blackhole(the_case, facts)};
}

std::vector<Explanation> suspects(const Case& the_case, const Facts& facts) {
  if (facts.to_ack || facts.to_fin) return only_syn_missing(the_case, facts);
  if (facts.alive) return port_missing(the_case, facts);
  return nothing_heard(the_case, facts);
}

}  // namespace

std::optional<Finding> judge_dropped(const Case& the_case) {
  const auto facts = facts_of(the_case);
  if (facts.tries == 0) return {};
  Finding finding{Outcome::dropped, suspects(the_case, facts), Confidence::strong};
  const bool bounded = gap_after(the_case, facts).last_hop.has_value();
  const auto after = static_cast<std::uint8_t>(facts.passed.value_or(0) + 1);
  const bool asked_there = facts.bound == facts.host || the_case.target.asked_at(after) >= 2;
  const bool asked_enough = facts.tries >= 3 && asked_there;
  // Silence alone is never certain; without a control that answers it may even be somebody else's.
  if (!bounded || !asked_enough || !facts.alive || the_case.run.facts.dropped > 0)
    finding.confidence = Confidence::weak;
  return finding;
}

}  // namespace hopblame
