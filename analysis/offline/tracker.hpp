#pragma once
// Pairs the packets of any capture, as they come. Every TCP SYN is a probe, whoever sent it; so is
// a bare ACK out of the blue, and an echo request. An attempt that is answered, or has waited long
// enough by the time of the packets, is handed on and forgotten.

#include <functional>
#include <span>

#include "analysis/offline/key_hash.hpp"
#include "analysis/offline/live_flows.hpp"
#include "analysis/offline/recent.hpp"
#include "analysis/offline/waiting.hpp"

namespace hopblame::offline {

struct TrackerLimits {
  std::size_t live = 300'000;                     ///< attempts followed at a time
  Duration patience = std::chrono::seconds(130);  ///< with a SYN, at most
  /// With an idle connection: stacks ask whether the peer is there after two hours at the earliest
  /// (RFC 1122 section 4.2.3.6), and some for ten minutes then.
  Duration idle = std::chrono::minutes(135);
  /// With a SYN at least: stacks repeat it after one to six seconds, and each time after at most
  /// four times as long; a client that does not has given up.
  Duration brevity = std::chrono::seconds(30);
  Duration linger = std::chrono::seconds(3);  ///< after an answer: a second one may follow
  std::optional<IpAddress> local{};           ///< only this client's attempts
  std::uint64_t seed = 0;                     ///< of the hash; any number gives the same result
};

/// Packets among which some answers are looked at.
inline constexpr std::uint64_t sampled = 4096;

/// An answer to a SYN that was looked at more closely.
struct Arrival {
  FrameId frame;
  DirectedKey flow;  ///< from the server
  bool bad_checksum = false;
  /// Ends of the hardware addresses to which and from which it came; 0: not known.
  std::uint32_t link_to = 0, link_from = 0;
};

struct TrackerCounts {
  std::uint64_t packets = 0;
  std::uint64_t early = 0;       ///< given up before their time, because there were too many
  std::uint64_t unverified = 0;  ///< ICMP errors that quote a packet which is not in the capture
  /// The first of them: who sent it, and what flow it quotes.
  IpAddress unverified_from;
  Flow unverified_flow;
  std::uint64_t outbound = 0, inbound = 0;  ///< packets of the attempts, by direction
  /// The first answers of the capture, those near one that is spoiled, and such as come again.
  std::vector<Arrival> arrivals;
};

class Tracker {
 public:
  /// Who is handed an attempt owns its trail. `horizon`: the capture saw everything up to then.
  using Done = std::function<void(TrailId, TimePoint horizon)>;
  /// A packet of the batch that is observed, in full.
  using Look = std::function<std::optional<Observation>(FrameId)>;
  Tracker(const TrackerLimits& limits, Trails& trails, Done done, Look look = {});

  /// In the order of the capture; in batches, so that memory is fetched ahead.
  void observe(std::span<const Sighting> batch);
  void observe(const Observation& observation);
  /// Hands on everything, in the order of its beginning. `horizon`: the end of the capture.
  void finish(TimePoint horizon);
  [[nodiscard]] const TrackerCounts& counts() const { return counts_; }

 private:
  /// What is known of the flow of a packet before its turn.
  struct Ahead {
    std::uint64_t hash;
    TrailId guess;  ///< the newest of the flow, probably
  };
  void observe(const Sighting& seen, const Ahead& ahead);
  /// `newest`: of the same flow.
  void see_segment(const Sighting& seen, std::uint64_t hash, const Followed& newest);
  void see_datagram(const Sighting& seen, std::uint64_t hash, const Followed& newest);
  void see_echo(const Sighting& seen, std::uint64_t hash, const Followed& newest);
  void see_error(const Sighting& seen, const Followed& newest);
  void note_datagram(const Sighting& seen, TrailId newest);

  [[nodiscard]] Followed quoted(const Sighting& seen, const Followed& newest);
  [[nodiscard]] Followed quoted_after_nat(const Sighting& seen);

  void on_syn(const Sighting& seen, std::uint64_t hash, const Followed& newest);
  [[nodiscard]] Followed begun_with(std::uint32_t sequence);
  [[nodiscard]] TrailId passed_on_from(const Sighting& seen);
  void note_copy(Trail& copy, const Endpoint& client);
  void note_far_answer(std::uint32_t sequence, const Answer& answer);
  [[nodiscard]] bool is_renumbered_syn(Trail& trail, const Sighting& seen);
  [[nodiscard]] bool is_renumbered_again(const Trail& trail, const Sighting& seen) const;
  [[nodiscard]] bool is_renumbered_answer(const Trail& trail, const Sighting& seen);
  bool passes_again(const Sighting& seen, const Followed& newest, std::uint32_t number);
  void comes_late(Trail& trail, const Sighting& seen);
  void was_passed_on(Trail& trail);
  [[nodiscard]] bool is_known_elsewhere(Trail& trail, const Sighting& seen, Trail*& copied);
  static void comes_nearer(Trail& trail, const Sighting& seen);
  void server_says(const Sighting& seen, const Followed& newest);
  [[nodiscard]] Followed meant_by_client(const Followed& asked, const Followed& newest,
                                         const Sighting& seen, std::uint64_t hash);
  void both_ask(const Followed& one, const Followed& other, const Sighting& seen,
                std::uint64_t hash);
  void forget(TrailId id, std::uint64_t hash);
  void note_older(Trail& trail, const Sighting& seen);
  void note_misanswer(Trail& trail, const Sighting& seen);
  [[nodiscard]] bool goes_on_unaccepted(Trail& trail, const Sighting& seen);
  void goes_on_unseen(Trail& trail, const Sighting& seen);
  void out_of_the_blue(const Sighting& seen, std::uint64_t hash);
  bool goes_on(Trail& trail, const Sighting& seen);
  [[nodiscard]] Followed asked_elsewhere(const Sighting& seen);

  Trail& begin(const Sighting& seen, std::uint64_t hash, TrailId newest, const DirectedKey& flow,
               ProbeKind kind);
  void make_room(TimePoint now);
  void retire(TimePoint now);
  void look_at_first(Waiting& queue, bool forced, TimePoint now);
  void wait(Waiting::Place place, TimePoint now);
  void hand_on(TrailId id, std::uint64_t hash);
  void hand_on_early(TrailId id, std::uint64_t hash);

  void add(Trail& trail, const Sighting& seen, Answer (*answer_of)(const Sighting&));
  void look_closer(const Sighting& seen, std::size_t most);
  void sample(std::span<const Sighting> batch);
  [[nodiscard]] TimePoint due(const Trail& trail) const;
  [[nodiscard]] bool follows(const DirectedKey& from_client) const;

  TrackerLimits limits_;
  Trails& trails_;
  Done done_;
  Look look_;
  const Observation* shown_ = nullptr;  ///< what is observed, where it came so
  std::uint64_t sample_until_;          ///< so many packets
  TrackerCounts counts_;
  KeyHash hash_;
  LiveFlows live_;
  Waiting soon_, later_;  ///< to be looked at after `linger`, and from time to time
  RecentSyns recent_;
  std::size_t following_ = 0;
  TimePoint horizon_;
  TimePoint next_round_;  ///< when to look again who is due
};

}  // namespace hopblame::offline
