#include "analysis/verdict/answered_nearby.hpp"

#include <algorithm>
#include <initializer_list>

#include "analysis/path/distance.hpp"
#include "analysis/path/silence.hpp"
#include "analysis/verdict/full_queue.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/reset_witnesses.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

using namespace std::chrono_literals;

/// No answer of a host takes so long on any path; a connect() that fails for want of a neighbour
/// does (Linux: 3 s).
constexpr Duration failed_late = 1s;

/// None, where only those flows are judged that the owner never answered.
std::vector<FrameId> first_of_owner(const Case& the_case) {
  for (const auto& exchange : the_case.exchanges)
    for (const auto& reply : exchange.replies)
      if (reply.from == the_case.owner()) return {reply.frame};
  return {};
}

Evidence nearby(const Case& the_case) {
  return {say("{} stands behind the gateway {}, yet its answers passed no router: something near "
              "makes them, and only it knows what became of the connection.",
              the_case.owner(), *the_case.run.facts.vantage.gateway),
          first_of_owner(the_case)};
}

Text from_outside(const Case& the_case) {
  return say("`hopblame {} {}` on the machine that runs this one: who answers there?",
             the_case.owner(), port_of(the_case));
}

Where place_of(const Case& the_case, Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::closed_port:
    case Mechanism::host_firewall_reset:
    case Mechanism::icmp_reject_host:
    case Mechanism::accept_queue_full: return {CulpritKind::destination, 1, {}, the_case.owner()};
    default: return {CulpritKind::unknown, 1, {}, {}};
  }
}

void put(std::vector<Explanation>& found, const Case& the_case,
         const std::vector<Evidence>& because, unsigned rank,
         std::initializer_list<Mechanism> mechanisms) {
  for (const auto mechanism : mechanisms)
    found.push_back({mechanism,
                     rank,
                     place_of(the_case, mechanism),
                     because,
                     {},
                     mechanism == Mechanism::accept_queue_full ? look_at_queue(the_case)
                                                               : from_outside(the_case)});
}

Evidence took(Duration span, FrameId frame) {
  return {say("The answer took {} s, as when somebody looks for a machine that does not answer: no "
              "host answers so late.",
              Seconds{span}),
          {frame}};
}

/// The ICMP messages that end a connect(): at once, or after a router, or the machine that runs
/// this one, has looked for a neighbour in vain.
void add_messages(std::vector<Explanation>& found, const Case& the_case,
                  const std::vector<Evidence>& because, bool late, unsigned rank) {
  put(found, the_case, because, late ? 1 : rank, {Mechanism::host_down});
  put(found, the_case, because, rank,
      {Mechanism::icmp_reject_host, Mechanism::icmp_reject_router, Mechanism::no_route});
}

bool is_given_up(const Exchange& exchange) {
  const auto& question = exchange.spec.question;
  return question.kind == ProbeKind::syn && question.aim == Aim::target && exchange.answered() &&
         exchange.replies.front().kind == ReplyKind::fin;
}

bool is_let_in(const Exchange& exchange) {
  const auto& question = exchange.spec.question;
  return question.kind == ProbeKind::syn && question.aim == Aim::target &&
         std::ranges::any_of(exchange.replies, [](const Reply& reply) {
           return reply.kind == ReplyKind::syn_ack || is_reset_ack(reply);
         });
}

}  // namespace

bool is_answered_nearby(const Case& the_case) {
  const auto& vantage = the_case.run.facts.vantage;
  if (!vantage.gateway || vantage.target_is_local || *vantage.gateway == the_case.owner())
    return false;
  bool heard = false;
  for (const auto& exchange : the_case.exchanges)
    for (const auto& reply : exchange.replies) {
      if (reply.kind == ReplyKind::time_exceeded) return false;
      if (reply.from != the_case.owner()) continue;
      const bool of_stack =
          reply.segment && reply.segment->is_reset() && the_case.made_by_stack(reply);
      if (return_hops(reply.hop_limit) != 0 || of_stack) return false;
      heard = true;
    }
  return heard;
}

std::vector<Explanation> refused_beyond(const Case& the_case, const Resets& resets) {
  auto because = list_of(arrival(the_case, resets), nearby(the_case));
  const auto span = resets.first.reply->at - resets.first.exchange->at;
  const bool late = span >= failed_late;
  if (late) because.push_back(took(span, resets.first.reply->frame));
  std::vector<Explanation> found;
  put(found, the_case, because, late ? 2 : 1,
      {Mechanism::closed_port, Mechanism::host_firewall_reset, Mechanism::middlebox_reset});
  add_messages(found, the_case, because, late, 2);
  return found;
}

std::vector<Explanation> silent_beyond(const Case& the_case, Evidence silence) {
  const auto because = list_of(std::move(silence), nearby(the_case));
  std::vector<Explanation> found;
  put(found, the_case, because, 1,
      {Mechanism::filter_drop, Mechanism::host_silent, Mechanism::blackhole});
  put(found, the_case, because, 2,
      {Mechanism::syn_filter, Mechanism::accept_queue_full, Mechanism::answer_lost});
  return found;
}

std::optional<Finding> judge_given_up(const Case& the_case) {
  const auto first = std::ranges::find_if(the_case.exchanges, is_given_up);
  if (first == the_case.exchanges.end() || std::ranges::any_of(the_case.exchanges, is_let_in))
    return {};
  const auto& fin = first->replies.front();
  std::vector<Evidence> because{
      {say("The SYN is answered with a FIN. No TCP answers so: a program in between (the network "
           "of a virtual machine or container) gave up its own connection to the port. Programs "
           "here ignore the FIN and go on waiting."),
       frames(*first, fin)}};
  const bool late = fin.at - first->at >= failed_late;
  if (late) because.push_back(took(fin.at - first->at, fin.frame));
  std::vector<Explanation> found;
  add_messages(found, the_case, because, late, late ? 2 : 1);
  if (late) put(found, the_case, because, 2, {Mechanism::filter_drop});
  if (!late) found.front().rank = 2;
  return Finding{Outcome::dropped, std::move(found), Confidence::weak};
}

Text told_of_nearby(const Case& the_case) {
  return say(
      "{} stands behind the gateway, yet its answers passed no router. This machine seems to be a "
      "virtual machine or container whose network is a program (slirp4netns, pasta, VirtualBox "
      "NAT, Docker Desktop): that program answers in the name of all others, and nothing beyond it "
      "can be seen from here. Run hopblame on the host itself, which runs that program. (A portal "
      "on the gateway looks the same, and an address of the gateway's own.)",
      the_case.owner());
}

}  // namespace hopblame
