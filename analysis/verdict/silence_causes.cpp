#include "analysis/verdict/silence_causes.hpp"

#include "analysis/model/icmp_codes.hpp"
#include "analysis/path/rest.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/full_queue.hpp"
#include "analysis/verdict/link_before.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/silence_witnesses.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// ARP and Neighbour Discovery take 3.0 to 3.1 s to give up (measured).
constexpr Duration neighbour_says_so = std::chrono::milliseconds(3200);

Text capture_on_host(const Case& the_case) {
  return say(
      "`sudo tcpdump -ni any tcp port {}` on {} while somebody connects: does the SYN arrive "
      "there, and does an answer leave?",
      port_of(the_case), the_case.owner());
}

Text counters_in(const Case& the_case, const Where& where) {
  if (where.last_hop == 0)
    return say("the rule counters on this machine: which one counts the SYNs?");
  if (!where.last_hop) return say("captures along the path: where is the SYN seen last?");
  const auto first = hop_named(the_case, *where.first_hop);
  if (where.last_hop == std::uint8_t{1})
    return say(
        "the rule counters on {}, and on the switch or hypervisor it is reached through: which one "
        "counts the dropped SYNs?",
        first);
  if (where.last_hop == where.first_hop)
    return say("the rule counters on {}: which one counts the dropped SYNs?", first);
  const auto last = hop_named(the_case, *where.last_hop);
  if (*where.last_hop - *where.first_hop > 1)
    return say(
        "the rule counters on {}, on {} and on each hop between: which one counts the dropped "
        "SYNs?",
        first, last);
  if (the_case.host.distance == where.last_hop)
    return say("the rule counters on {} and on the host itself: which one counts the dropped SYNs?",
               first);
  return say("the rule counters on {} and on {}: which one counts the dropped SYNs?", first, last);
}

Evidence way_back(const SilenceFacts& facts) {
  if (facts.half_open)
    return {say("An ACK of the host counts one of these SYNs as received: it arrived, and the "
                "SYN/ACK to "
                "it did not come back."),
            {facts.half_open->frame}};
  return {say("Nothing shows that the SYN was stopped on its way there; its answer may be dropped "
              "on the "
              "way back."),
          {}};
}

std::vector<Evidence> against_the_way_there(const SilenceFacts& facts) {
  if (!facts.half_open) return {};
  return {{say("The host acknowledges one of the SYNs: that one was let through."),
           {facts.half_open->frame}}};
}

/// A routing rule may send this port alone to a router that is dead. Whoever looks for that one in
/// vain has counted the hop limit down before, and says so later than this run listened.
bool ends_before_neighbour_fails(const Case& the_case, const SilenceFacts& facts) {
  const bool routed = facts.alive && facts.passed && facts.host.value_or(0) > *facts.passed;
  if (!routed || is_foreign(the_case.run)) return false;
  return the_case.run.ended - facts.unanswered.front()->at < neighbour_says_so;
}

Text or_wait(const Text& look) {
  return look.str() +
         " Or run again with `--patience 4`: a router whose next router for this port is dead says "
         "so after 3 s.";
}

/// Stacks that begin at 64 or 128; those that hide closed ports drop SYNs to them without a rule:
/// FreeBSD and macOS by blackhole(4), Windows by its stealth mode (signatures section 10). Then no
/// other closed port answers either.
Text or_hides_closed_ports(const Case& the_case, const SilenceFacts& facts, const Where& where,
                           Text look) {
  constexpr std::uint8_t of_bsd = 64, of_windows = 128, farthest = 32;
  const bool asked = !the_case.probes(ProbeKind::syn, Aim::control).empty();
  const bool may_be_host = facts.alive && where.last_hop && where.last_hop == facts.host;
  if (!may_be_host || !asked || the_case.control.first_end()) return look;
  const auto received = facts.alive->hop_limit.value;
  if (received > of_bsd - farthest && received <= of_bsd)
    return look.str() +
           " Does anything listen there at all? A BSD or Mac with `sysctl "
           "net.inet.tcp.blackhole` above 0 drops SYNs to closed ports.";
  if (received > of_windows - farthest && received <= of_windows)
    return look.str() +
           " Does anything listen there at all? Windows drops SYNs to closed ports "
           "(the firewall's stealth mode).";
  return look;
}

/// Between the last hop that lets it pass and the next one that is known: whoever keeps back the
/// one message keeps back the other.
std::optional<Evidence> mute_hop(const Case& the_case, const SilenceFacts& facts) {
  if (facts.farthest == 0) return {};  // nobody sends any
  for (unsigned hop = facts.passed.value_or(0) + 1u; hop < facts.bound.value_or(0); ++hop) {
    const auto distance = static_cast<std::uint8_t>(hop);
    if (the_case.time_exceeded_at(distance) || the_case.target.asked_at(distance) == 0) continue;
    const auto probes = frames(the_case.target.steps.find(distance)->second.exchanges);
    if (has_rested(the_case.run) && the_case.owner().family == Family::ipv4)
      return Evidence{say("Hop {} sent no message at all, not even after two seconds' rest, when a "
                          "router that sends few could have sent one.",
                          hop),
                      probes};
    return Evidence{
        say("Hop {} sent no message at all. Some routers never do, others send few a "
            "second: if it rejects the port with a message, that was kept back as well. "
            "After ten seconds without probes the first of them may be heard.",
            hop),
        probes};
  }
  return {};
}

/// Somebody on this machine asked the same port just before, and his packets waited first for the
/// neighbour that is not found. Nothing proves that the message is about them: it decides nothing.
std::optional<Evidence> told_another(const Case& the_case) {
  const auto& run = the_case.run;
  const auto is_ours = [&](const Flow& flow) {
    return std::ranges::any_of(the_case.exchanges,
                               [&](const Exchange& one) { return one.spec.flow == flow; });
  };
  for (const auto& seen : run.observations) {
    const auto* error = std::get_if<IcmpError>(&seen.message);
    if (!error || !error->quote || is_foreign(run)) continue;
    const auto& flow = error->quote->flow;
    const bool of_this_machine = flow.transport == Transport::tcp &&
                                 flow.source.address == run.facts.vantage.local &&
                                 flow.destination == run.goal.target;
    if (!of_this_machine || is_ours(flow)) continue;
    if (!is_host_unreachable(the_case.owner().family, error->type, error->code)) continue;
    return Evidence{
        say("{} says \"{}\" of another connection from here to the same port, which "
            "seems to have been tried just before; such messages are few a second, and "
            "none may have been left for these SYNs.",
            seen.flow.source.address, IcmpCode{the_case.owner().family, error->type, error->code}),
        {seen.frame}};
  }
  return {};
}

}  // namespace

Explanation filter_drop(const Case& the_case, const SilenceFacts& facts) {
  const auto where = gap_after(the_case, facts);
  auto because = about_the_silence(the_case, facts);
  if (auto up = host_alive(the_case, facts); up && !facts.host) because.push_back(*up);
  auto look = counters_in(the_case, where);
  if (ends_before_neighbour_fails(the_case, facts)) look = or_wait(look);
  look = or_hides_closed_ports(the_case, facts, where, std::move(look));
  Explanation found{Mechanism::filter_drop, 1, where, std::move(because), {}, std::move(look)};
  tell_link_before(the_case, found);
  add(found.because, mute_hop(the_case, facts));
  return found;
}

std::optional<Explanation> drop_at_hidden_hop(const Case& the_case, const SilenceFacts& facts) {
  const auto& host = the_case.host.distance;
  if (!the_case.may_hide_hops() || facts.bound != facts.host || facts.bound != host) return {};
  // No stack's own initial value is that far from the usual ones.
  const auto last = the_case.distance_by_way_back(the_case.host.witness->hop_limit);
  if (last > the_case.run.goal.max_hops) return {};
  const auto where = within(the_case, std::max<std::uint8_t>(1, facts.passed.value_or(0)), last);
  return Explanation{
      Mechanism::filter_drop,
      2,
      where,
      {{say("The host's answers pass {} routers more than there seem to be on the way there. "
            "Usually "
            "they take a longer way; but where a device gives packets a new {}, as many hops hide "
            "before the host, and one of these may drop them.",
            unsigned{the_case.extra_way_back()}, limit_word(the_case)),
        {the_case.host.witness->frame}}},
      {},
      counters_in(the_case, where)};
}

/// The whole way there and back is under suspicion, but the cause is rarer than a rule on the way
/// in.
Explanation answer_lost(const Case& the_case, const SilenceFacts& facts, unsigned rank) {
  return {Mechanism::answer_lost,
          rank,
          anywhere_up_to(the_case, facts.host ? facts.host : facts.bound),
          list_of(silence(the_case, facts), way_back(facts)),
          {},
          capture_on_host(the_case)};
}

Explanation syn_filter(const Case& the_case, const SilenceFacts& facts) {
  auto because = about_the_silence(the_case, facts);
  if (facts.to_ack) because.push_back(ack_passes(the_case, facts));
  if (facts.to_fin)
    because.push_back(
        {say("A lone FIN to port {} is answered with a RST: nothing listens behind the filter.",
             port_of(the_case)),
         {facts.to_fin->frame}});
  const auto where = gap_after(the_case, facts);
  Explanation found{Mechanism::syn_filter,
                    1,
                    where,
                    std::move(because),
                    against_the_way_there(facts),
                    or_hides_closed_ports(the_case, facts, where, counters_in(the_case, where))};
  tell_link_before(the_case, found);
  add(found.because, mute_hop(the_case, facts));
  return found;
}

Explanation queue_full(const Case& the_case, const SilenceFacts& facts) {
  auto because = about_the_silence(the_case, facts);
  if (facts.to_ack) because.push_back(ack_passes(the_case, facts));
  if (facts.to_ack && facts.fin_counts)
    because.push_back(
        {say("A lone FIN is ignored, as a listening service does: a closed port would reset it."),
         {}});
  return {Mechanism::accept_queue_full,         1,
          at_destination(the_case, facts.host), std::move(because),
          against_the_way_there(facts),         look_at_queue(the_case)};
}

Explanation silent_behind(const Case& the_case, const SilenceFacts& facts) {
  return {Mechanism::host_silent,
          1,
          gap_after(the_case, facts),
          about_the_silence(the_case, facts),
          {},
          say("the console of the host to which {} passes the port: is it up, does a capture there "
              "see the SYNs?",
              the_case.owner())};
}

Explanation host_silent(const Case& the_case, const SilenceFacts& facts) {
  return {Mechanism::host_silent,
          1,
          end_of_all(the_case, facts),
          nothing_beyond(the_case, facts),
          {},
          say("the console of {}: is it up, does a capture there see the probes, has it a route "
              "back?",
              the_case.owner())};
}

std::optional<Explanation> host_down_unheard(const Case& the_case, const SilenceFacts& facts) {
  auto why = told_another(the_case);
  if (!why && !facts.forwarded && answers_of_routers(the_case).lost > 0)
    why = Evidence{say("A router that does not find the host says so, but such messages are few, "
                       "and of those that were due here some did not come."),
                   {}};
  if (!why) return {};
  const bool behind = facts.forwarded;
  auto because = behind ? about_the_silence(the_case, facts) : nothing_beyond(the_case, facts);
  because.push_back(std::move(*why));
  return Explanation{
      Mechanism::host_down,
      2,
      behind ? gap_after(the_case, facts) : end_of_all(the_case, facts),
      std::move(because),
      {},
      say("the ARP or neighbour table of the last router named, and the machine itself: is it "
          "on?")};
}

Explanation blackhole(const Case& the_case, const SilenceFacts& facts) {
  const auto where = end_of_all(the_case, facts);
  return {
      Mechanism::blackhole,
      1,
      where,
      nothing_beyond(the_case, facts),
      {},
      say("the routes and reverse-path filter counters on the devices named: `ip route get ...`, "
          "`nstat -az TcpExtIPReversePathFilter`.")};
}

}  // namespace hopblame
