#pragma once
// The case as the judges read it: views of the evidence, indexed the way the questions are asked.

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

#include "analysis/correlate/correlator.hpp"
#include "analysis/model/run.hpp"
#include "analysis/model/verdict.hpp"
#include "analysis/path/in_its_name.hpp"
#include "analysis/path/walk.hpp"
#include "analysis/verdict/probes.hpp"

namespace hopblame {

/// What is known of the host that owns the address, from answers other than the target port's.
struct Host {
  const Reply* witness = nullptr;  ///< an answer in its name on the control flow, or its echo
  const Reply* echo = nullptr;     ///< its answer to ping
  /// Measured: the control flow ends there, and the port's is not seen to take another, longer way.
  std::optional<std::uint8_t> distance;
  bool control_answers = false;  ///< RST or SYN/ACK from the control port
  /// The control port's RST carries our traffic class (IPv6: or a flow label): the path keeps it
  /// and the host's own stack echoes it, so a RST without it was not made by that stack.
  bool echoes_class = false;
};

struct Case {
  const Run& run;
  std::span<const Exchange> exchanges;
  std::span<const Observation> neighbours;
  std::uint64_t misfits = 0;
  std::span<const Misfit> misfit_answers;
  Walk target, control;  ///< SYNs, the kernel's own included in `target`
  const Exchange* kernel_syn = nullptr;
  Host host;
  /// Where the port was reached at another time than that of the answers in this case.
  std::optional<std::uint8_t> accepted_at{};
  /// A SYN without our mark whose RST bears it; see met_written_mark().
  const Exchange* written_mark = nullptr;
  /// A program that makes connections of its own may stand for the host; see answered_nearby.hpp.
  bool answered_nearby = false;
  bool divided = false;  ///< other flows to the port fare otherwise: they may meet another machine

  /// All probes of a kind and aim that left, whatever their hop limit.
  [[nodiscard]] Probes probes(ProbeKind kind, Aim aim) const { return {exchanges, kind, aim}; }
  [[nodiscard]] const Reply* first_reply(ProbeKind kind, Aim aim) const;
  /// Of a box whose answers come with this hop limit, by the farthest router whose distance is
  /// known.
  [[nodiscard]] std::uint8_t distance_by_way_back(HopLimit received) const;
  /// Left and never answered: how often.
  [[nodiscard]] unsigned silent_tries(ProbeKind kind, Aim aim) const;
  /// Somebody at this distance sent time exceeded, on any flow.
  [[nodiscard]] const Reply* time_exceeded_at(std::uint8_t distance) const {
    if (const auto* reply = target.time_exceeded_at(distance)) return reply;
    return control.time_exceeded_at(distance);
  }
  [[nodiscard]] std::optional<IpAddress> address_of(std::uint8_t hop) const;
  /// The nearest distance at which this address sent time exceeded.
  [[nodiscard]] std::optional<std::uint8_t> hop_of(const IpAddress& router) const;
  /// An answer from this distance passed one router more on its way back than those of the hop
  /// before. Over no more, that hop may have sent it on as its own, or made it; over several more,
  /// our probes may have passed more hops than they were counted down for.
  [[nodiscard]] bool right_behind_the_hop_before(std::uint8_t distance, const Reply& answer) const;
  /// How many routers too many the host's answers pass on their way back, by those of the hop right
  /// before it. Either their way is longer, or something on the way there gives our probes a new
  /// hop limit and hops behind it stay hidden.
  [[nodiscard]] std::uint8_t extra_way_back() const;
  /// One router more is an everyday way back.
  [[nodiscard]] bool may_hide_hops() const { return extra_way_back() > 1; }
  /// Of a capture: what is known of the host's way back is a SYN/ACK of the port itself.
  [[nodiscard]] bool witness_is_of_port() const;
  /// Time exceeded in the destination's own name: the address is a forwarding device's.
  [[nodiscard]] const Reply* told_by_forwarder() const;
  [[nodiscard]] bool address_forwards() const { return told_by_forwarder() != nullptr; }
  /// A router passes the port's flow on where the control flow had already met the host.
  [[nodiscard]] bool port_goes_farther() const;
  /// The host's answers come back over no more routers than the messages of hop 1.
  [[nodiscard]] bool host_seems_next() const;
  /// An ICMP message that rejects the port and came over no more routers than those of hop 1,
  /// though the SYN that it quotes had passed that one and another.
  [[nodiscard]] const Reply* rejection_from_next() const;
  /// No hop number means anything behind something that writes packets a new hop limit (a rule; a
  /// virtual machine's or container's NAT in user space sends them on as its own). The answers of a
  /// host that only probes with two hops or more reach passed no more routers on their way back
  /// than those of hop 1, or more than any path has; or its stack's RSTs pass another number than
  /// where they are met tells, and its answers to ping more.
  [[nodiscard]] bool hop_limits_rewritten() const;
  /// Nobody but a stack leaves such a RST to a probe that bears our mark.
  [[nodiscard]] bool made_by_stack(const Reply& reset) const {
    return written_mark ? has_label(reset) : carries_mark(reset);
  }
  /// Of the control port; see in_its_name.hpp.
  [[nodiscard]] bool made_by_router(const Reply& reset) const {
    return hopblame::made_by_router(target, control, reset);
  }
  [[nodiscard]] const IpAddress& owner() const { return run.goal.target.address; }
};

/// Probes and answers, paired by whoever knows how.
struct Paired {
  std::span<const Exchange> exchanges;
  std::span<const Observation> neighbours{};
  std::uint64_t misfits = 0, received = 0;
  std::span<const Misfit> misfit_answers{};
};

[[nodiscard]] Case make_case(const Run& run, const Paired& paired);
/// The same as if these were all the exchanges there are; they must outlive it.
[[nodiscard]] Case make_case(const Case& whole, std::span<const Exchange> exchanges);

/// All exchanges but those that `unwanted` picks.
template <class Unwanted>
[[nodiscard]] std::vector<Exchange> without(const Case& whole, Unwanted unwanted) {
  std::vector<Exchange> kept;
  std::ranges::remove_copy_if(whole.exchanges, std::back_inserter(kept), unwanted);
  return kept;
}

/// The SYN of the application's connect() was seen leaving.
[[nodiscard]] bool connect_left(const Case& the_case);

/// Where flows take different ways: that of the one which is judged.
struct Way {
  std::vector<IpAddress> routers;
  Path path;
};

/// What a family of mechanisms concludes.
struct Finding {
  Outcome outcome = Outcome::inconclusive;
  std::vector<Explanation> explanations;
  Confidence confidence = Confidence::weak;
  std::optional<Way> way{};
  bool probes_fare_otherwise = false;  ///< see Verdict
};

}  // namespace hopblame
