#include "analysis/verdict/path_caveats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/path/branching.hpp"
#include "analysis/path/overtaken.hpp"
#include "analysis/path/own_words.hpp"
#include "analysis/path/port_flows.hpp"
#include "analysis/path/silence.hpp"
#include "analysis/verdict/by_few_hops.hpp"
#include "analysis/verdict/by_form.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/connect_form.hpp"
#include "analysis/verdict/delivery.hpp"
#include "analysis/verdict/large_lost.hpp"
#include "analysis/verdict/limit_rewritten.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

using Said = std::optional<Text>;

bool walked(const Walk& walk) {
  return std::ranges::any_of(walk.steps, [](const auto& entry) {
    return entry.first < full_hop_limit.value && entry.second.asked > 0;
  });
}

/// The farthest hop that sent time exceeded, on any flow; 0: none did.
std::uint8_t farthest_passed(const Case& the_case) {
  return std::max(the_case.target.last_passed().value_or(0),
                  the_case.control.last_passed().value_or(0));
}

bool heard_from_router(const Case& the_case) {
  return std::ranges::any_of(the_case.exchanges, [&](const Exchange& exchange) {
    return std::ranges::any_of(exchange.replies, [&](const Reply& reply) {
      return reply.icmp && reply.from != the_case.owner();
    });
  });
}

Said no_icmp(const Case& the_case) {
  const bool none = !heard_from_router(the_case);
  const bool neighbour = the_case.target.first_end() == 1 || the_case.control.first_end() == 1;
  const auto& vantage = the_case.run.facts.vantage;
  const bool direct = !is_foreign(the_case.run) && !vantage.gateway && !vantage.off_network;
  if (!walked(the_case.target) || !none || neighbour || direct) return {};
  return say(
      "No router on the path sent a single ICMP message, or something drops them all on the way "
      "back: the path cannot be walked.");
}

/// With a message of its own: a rule of it rejects what it would have let die.
bool rejects(const Case& the_case, std::uint8_t hop) {
  return std::ranges::any_of(
      std::array{&the_case.target, &the_case.control}, [&](const Walk* walk) {
        const auto step = walk->steps.find(hop);
        return step != walk->steps.end() &&
               std::ranges::any_of(step->second.ends, [&](const Reply* reply) {
                 return reply->icmp && reply->from != the_case.owner();
               });
      });
}

bool is_asked(const Case& the_case, std::uint8_t hop) {
  return the_case.target.asked_at(hop) + the_case.control.asked_at(hop) > 0;
}

Said silent_hops(const Case& the_case) {
  std::vector<unsigned> silent;
  const auto last = farthest_passed(the_case);
  for (std::uint8_t hop = 1; hop < last; ++hop)
    if (is_asked(the_case, hop) && !the_case.time_exceeded_at(hop) && !rejects(the_case, hop))
      silent.push_back(hop);
  if (silent.empty()) return {};
  return fmt::format("Hop{} {} did not answer; later hops did, so this alone is no fault.",
                     silent.size() == 1 ? "" : "s", fmt::join(silent, ", "));
}

/// Some probes that died at a hop drew its answer, others did not, and nothing else got lost.
Said icmp_rate_limited(const Case& the_case) {
  const auto last = farthest_passed(the_case);
  if (last == 0) return {};
  const auto direct = direct_answers(the_case);
  if (direct.due == 0 || direct.lost > 0) return {};
  std::vector<unsigned> limited;
  for (unsigned at = 1; at <= last; ++at) {
    const auto hop = static_cast<std::uint8_t>(at);
    if (!the_case.time_exceeded_at(hop)) continue;
    DueAnswers sum = due_answers(the_case.target, hop, hop);
    sum += due_answers(the_case.control, hop, hop);
    if (sum.lost > 0) limited.push_back(hop);
  }
  if (limited.empty()) return {};
  return fmt::format(
      "Hop{} {} answered only some of the probes that died there: a router sends few such messages "
      "a second, and its silence alone is no fault.",
      limited.size() == 1 ? "" : "s", fmt::join(limited, ", "));
}

Said several_paths(const Case& the_case) {
  const auto hop = branches_at(the_case.target, the_case.control);
  if (!hop) return {};
  return say(
      "Different routers answer at hop {}: the path divides there, and one flow may meet what "
      "another does not.",
      *hop);
}

bool control_answered_with(const Case& the_case, ReplyKind kind) {
  return std::ranges::any_of(the_case.control.steps, [&](const auto& entry) {
    return std::ranges::any_of(entry.second.ends,
                               [&](const Reply* reply) { return reply->kind == kind; });
  });
}

Said control_silent(const Case& the_case) {
  const auto probes = the_case.probes(ProbeKind::syn, Aim::control);
  const bool ended = the_case.control.first_end().has_value();
  // In a loop a router answers what was meant to arrive.
  const bool circled = std::ranges::any_of(probes, [](const Exchange* probe) {
    return probe->spec.question.hop_limit == full_hop_limit && probe->answered();
  });
  if (probes.empty() || ended || circled || the_case.run.goal.control_port == 0) return {};
  // The way may be as long.
  const auto waited = the_case.run.ended - (*probes.begin())->at;
  if (waited < first_repetition)
    return say(
        "The comparison port {} had not answered within {} s, so how this host's own stack answers "
        "is not known.",
        the_case.run.goal.control_port, Seconds{waited});
  return say(
      "The comparison port {} does not answer, so how this host's own stack answers is not "
      "known.",
      the_case.run.goal.control_port);
}

Said control_open(const Case& the_case) {
  if (!control_answered_with(the_case, ReplyKind::syn_ack)) return {};
  return say("The comparison port {} is open, so it cannot show how the host refuses.",
             the_case.run.goal.control_port);
}

Said class_not_echoed(const Case& the_case, const Finding& finding) {
  if (finding.outcome != Outcome::refused || !the_case.host.control_answers) return {};
  if (the_case.host.echoes_class || !control_answered_with(the_case, ReplyKind::reset_ack))
    return {};
  if (the_case.written_mark)
    return say(
        "Answers to SYNs without the mark of our probes carry it as well, so a rule on the host "
        "and its own TCP stack cannot be told apart by it.");
  return say(
      "The host's answers never carry the mark of our probes, so a rule on the host and its own "
      "TCP "
      "stack cannot be told apart by it.");
}

/// The walk reads our packet back from each hop: the first hop that quotes it changed, and how.
Said quote_rewritten(const Case& the_case) {
  const bool waits_on = told_in_vain(the_case);
  for (const auto& [distance, step] : the_case.target.steps) {
    for (const auto* exchange : step.exchanges) {
      if (exchange->origin == Origin::kernel || !exchange->answered()) continue;
      const auto& reply = exchange->replies.front();
      if (!reply.icmp || !reply.icmp->quote) continue;
      const auto& quote = *reply.icmp->quote;
      const bool moved = quote.flow != exchange->spec.flow;
      if (!moved && quote.traffic_class == exchange->spec.traffic_class) continue;
      const auto say_of = [&](const auto& who) {
        return say(
            "{} quotes our packet with another {}: something on the way there rewrites it.{}", who,
            moved ? "address or port" : "traffic class",
            waits_on ? " This machine finds no connection for such a message, so connect() "
                       "goes on waiting."
                     : "");
      };
      return reply.kind == ReplyKind::time_exceeded ? say_of(hop_named(the_case, distance))
                                                    : say_of(reply.from);
    }
  }
  return {};
}

/// Segments of the real connection that had to be sent again before they were acknowledged, and not
/// because a router asked for smaller ones.
unsigned segments_lost(const Case& the_case) {
  if (the_case.kernel_syn == nullptr || too_big(the_case)) return 0;
  const auto acknowledged = acknowledged_bytes(*the_case.kernel_syn);
  const auto segments = own_segments(the_case.run.observations, *the_case.kernel_syn);
  return static_cast<unsigned>(std::ranges::count_if(segments, [&](const OwnSegment& own) {
    return own.frames.size() > 1 && own.offset < acknowledged;
  }));
}

/// Loss where others of the same kind got through, and no rule explains it.
Said path_loss(const Case& the_case, const Finding& finding) {
  // Who answers nearby takes several SYNs of one flow for one, and is reached without a path.
  if (the_case.answered_nearby) return {};
  if (finding.outcome == Outcome::intermittent) return {};
  if (finding.outcome == Outcome::open && lists(finding.explanations, Mechanism::syn_filter))
    return {};
  // A silence that is told of beside what was found, as of an outage.
  if (std::ranges::any_of(finding.explanations, &Explanation::beside)) return {};
  const auto answer_due_by = the_case.run.ended - largest_round_trip(the_case.exchanges);
  auto syns = answered_syns(the_case.target, the_case.control, answer_due_by);
  if (!is_foreign(the_case.run) && !has_lone_silence(the_case.target) &&
      !has_lone_silence(the_case.control))
    syns.lost = 0;
  if (syns.lost > 0 && told_by_form(the_case)) return {};
  if (syns.lost == 1 && ecn_goes_unanswered(the_case)) return {};
  if (syns.lost > 0 && some_stay_silent(flows_to(the_case.exchanges, Aim::control)))
    return say(
        "{} of {} SYNs went unanswered: some flows to the comparison port were asked again in "
        "vain, others lost none. One of several equal paths may lose what is sent over it.",
        syns.lost, syns.due);
  if (syns.lost > 0 && is_foreign(the_case.run))
    return say(
        "{} of {} SYNs went unanswered while others were answered: they or their answers got lost "
        "on the path, the host had no room for them then, or a rule lets only some through.",
        syns.lost, syns.due);
  if (syns.lost > 0)
    return say(
        "{} of {} SYNs went unanswered while others like them were answered: packets get lost on "
        "the path{}.",
        syns.lost, syns.due,
        // FreeBSD, macOS and Solaris limit them, and so may a rule that sends them.
        finding.outcome == Outcome::refused ? ", or who refuses sends only so many RSTs a second"
                                            : "");
  const auto late = answered_by_repetition(the_case.exchanges);
  if (!late.empty() && finding.outcome == Outcome::open)
    return say(
        "{} SYN/ACK{} came a second or more later than the host's other answers, as when it sends "
        "them again: the first got lost on the path, or was held back.",
        late.size(), plural(late.size()));
  const auto segments = segments_lost(the_case);
  if (segments == 0) return {};
  return say("{} segment{} of the connection had to be sent again: packets get lost on the path.",
             segments, plural(segments));
}

/// The verdict is what programs meet; some probes do not.
Said by_form(const Case& the_case, const Finding& finding) {
  // Those of programs are given too few hops here: nothing on the way needs to look at them.
  if (lists(finding.explanations, Mechanism::local_route)) return {};
  auto told = finding.probes_fare_otherwise ? told_by_form(the_case) : std::nullopt;
  if (finding.probes_fare_otherwise && !told) told = told_by_few_hops(the_case);
  if (finding.outcome == Outcome::open && !told) told = ecn_goes_unanswered(the_case);
  return told ? std::optional(std::move(told->text)) : std::nullopt;
}

}  // namespace

void add_path_caveats(std::vector<Caveat>& caveats, const Case& the_case, const Finding& finding) {
  const auto add = [&](CaveatId id, const Said& text) {
    if (text) caveats.push_back({id, *text});
  };
  if (finding.outcome != Outcome::local) {
    add(CaveatId::no_icmp, no_icmp(the_case));
    add(CaveatId::silent_hops, silent_hops(the_case));
    add(CaveatId::icmp_rate_limited, icmp_rate_limited(the_case));
    add(CaveatId::several_paths, several_paths(the_case));
    add(CaveatId::control_silent, control_silent(the_case));
    add(CaveatId::control_open, control_open(the_case));
    add(CaveatId::path_loss, path_loss(the_case, finding));
    add(CaveatId::by_form, by_form(the_case, finding));
    add(CaveatId::quote_rewritten, quote_rewritten(the_case));
    add(CaveatId::hop_limit_rewritten, hop_limit_rewritten(the_case, finding));
  }
  add(CaveatId::class_not_echoed, class_not_echoed(the_case, finding));
}

}  // namespace hopblame
