#include "analysis/verdict/connect_form.hpp"

#include <algorithm>

#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

struct SeenSyn {
  const Observation* seen = nullptr;
  const TcpSegment* segment = nullptr;
};

std::optional<SeenSyn> syn_in(const Case& the_case, FrameId frame) {
  const auto& all = the_case.run.observations;
  const auto found = std::ranges::find(all, frame, &Observation::frame);
  if (found == all.end()) return {};
  const auto* segment = std::get_if<TcpSegment>(&found->message);
  return segment ? std::optional(SeenSyn{&*found, segment}) : std::nullopt;
}

std::optional<SeenSyn> first_syn(const Case& the_case) {
  if (!connect_left(the_case)) return {};
  return syn_in(the_case, the_case.kernel_syn->left.front());
}

bool asks_for_ecn(const TcpSegment& syn) { return (syn.flags & tcp_flag::ecn) == tcp_flag::ecn; }

/// Our SYNs have what Linux gives its own by default (capture/craft).
bool is_unlike_ours(const TcpSegment& syn) {
  return !syn.timestamps || !syn.sack_permitted || !syn.window_scale ||
         (syn.flags & tcp_flag::ecn) != 0;
}

/// The next one went without, and what came back came after it.
bool went_on_without(const Case& the_case) {
  const auto& syn = *the_case.kernel_syn;
  if (syn.left.size() < 2 || !syn.answered()) return false;
  const auto next = syn_in(the_case, syn.left[1]);
  return next && !asks_for_ecn(*next->segment) && syn.replies.front().at >= next->seen->at;
}

}  // namespace

bool connect_is_unlike_ours(const Case& the_case) {
  const auto first = first_syn(the_case);
  return first && is_unlike_ours(*first->segment);
}

std::optional<TwoMss> mss_unlike_ours(const Case& the_case) {
  const auto first = first_syn(the_case);
  if (!first || !first->segment->mss) return {};
  for (const auto* probe : the_case.probes(ProbeKind::syn, Aim::target)) {
    if (probe->origin != Origin::raw || !probe->sent()) continue;
    const auto ours = syn_in(the_case, probe->left.front());
    if (!ours || !ours->segment->mss || ours->segment->mss == first->segment->mss) return {};
    return TwoMss{*first->segment->mss, *ours->segment->mss};
  }
  return {};
}

bool connect_asks_for_ecn(const Case& the_case) {
  const auto first = first_syn(the_case);
  return first && asks_for_ecn(*first->segment);
}

std::optional<Evidence> ecn_goes_unanswered(const Case& the_case) {
  if (!connect_asks_for_ecn(the_case) || !went_on_without(the_case)) return {};
  const auto& left = the_case.kernel_syn->left;
  return Evidence{
      say("The first SYN of connect() to port {} asked for ECN and got no answer; the next, "
          "without, was answered. Either it got lost, or something on the way drops such SYNs, and "
          "every connection from here begins a second late. With ECN off "
          "(`sudo sysctl net.ipv4.tcp_ecn=0`) it would not.",
          port_of(the_case)),
      {left[0], left[1]}};
}

}  // namespace hopblame
