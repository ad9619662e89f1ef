#pragma once
// The targets of a capture: finished attempts are counted here, and of each target a few are kept
// for the judges.

#include "analysis/offline/attempt.hpp"
#include "analysis/offline/fates.hpp"
#include "analysis/offline/key_hash.hpp"
#include "analysis/offline/pinged.hpp"
#include "analysis/offline/pings.hpp"
#include "analysis/offline/rows.hpp"
#include "analysis/offline/session.hpp"
#include "analysis/offline/shelf.hpp"
#include "analysis/offline/slots.hpp"

namespace hopblame::offline {

inline constexpr std::size_t outcomes = static_cast<std::size_t>(Outcome::inconclusive) + 1;

/// How many attempts ended how; Attempts without its times.
struct Tally {
  std::uint32_t total = 0, open = 0, refused = 0, rejected = 0, dropped = 0, other = 0;
  void add(Outcome outcome);
  [[nodiscard]] Attempts attempts() const {
    return {total, open, refused, rejected, dropped, other};
  }
};

/// There may be a million of them, so it is small: two lines of memory.
struct alignas(64) Target {
  TimePoint first, last;  ///< of the attempts
  TimePoint ended;        ///< last packet of any of them
  TimePoint since;        ///< when `latest` began to be so
  Endpoint endpoint;
  IpAddress client;                  ///< the first that asked
  bool several_clients : 1 = false;  ///< the sample is of the first one, as far as it goes
  bool seen : 1 = false;             ///< something answered
  bool question_unseen : 1 = false, answer_unseen : 1 = false;
  bool hasty : 1 = false;  ///< `latest` is open, which only such saw as left before anything else
  bool asked : 1 = false;  ///< its first client's SYNs are in the capture
  bool left_over : 1 = false;     ///< all that was counted so far answers what was asked before it
  bool repeated : 1 = false;      ///< some SYN, as a stack does that gets no answer
  std::optional<Outcome> latest;  ///< how the last attempt ended
  std::optional<Outcome> worst;   ///< of all of them
  std::array<std::uint8_t, outcomes> kept{};  ///< examples of each outcome of a plain SYN
  Tally attempts;
  std::uint32_t changes = 0;  ///< how often the outcome changed
  std::uint32_t misfits = 0;
  PoolId sample = nothing;  ///< kept attempts that were to arrive, newest first
  PoolId extra = nothing;
  PoolId next_on_host = nothing;
};
static_assert(sizeof(Target) == 128);

/// Of a target to which somebody walked, or with as many examples of something as it may have.
struct Extra {
  PoolId steps = nothing;                     ///< kept attempts with a limit, newest first
  PoolId late = nothing;                      ///< the newest that were let in late
  std::uint32_t full = 0;                     ///< of these outcomes there are enough, a bit each
  std::uint32_t full_steps = 0;               ///< and of these hop limits
  std::array<std::uint16_t, outcomes> met{};  ///< how often each was met since
  std::uint16_t steps_met = 0;
  PoolId fates = nothing;  ///< of its clients, where there are several
};

struct BookLimits {
  std::size_t targets = 1'000'000;
  std::size_t kept_of_outcome = 4, kept_of_step = 3;  ///< attempts of one target
  std::size_t pinged_in_vain = 50'000;                ///< hosts of which that is known
  std::size_t several = 50'000;  ///< targets of which is known how each client fares
  std::size_t kept = 30'000;     ///< of all targets; beyond that, one of each kind for each
};

class Book {
 public:
  explicit Book(std::uint64_t seed = 0, const BookLimits& limits = {})
      : limits_(limits), hash_{seed} {}

  /// Where attempts are followed that will end up here.
  [[nodiscard]] Trails& trails() { return trails_; }

  /// Takes the trail; it is counted a little later, when its target was fetched from memory.
  /// `horizon`: the capture saw everything up to then.
  void add(TrailId id, TimePoint horizon);
  /// After the last attempt: a walk that was never answered at its end was one attempt, in vain.
  void settle();

  [[nodiscard]] const Rows<Target>& targets() const { return targets_; }
  /// For who goes through all targets: brings one from memory; then, a little later, its attempts.
  void fetch(std::size_t target) const;
  void fetch_kept(std::size_t target) const;
  /// The attempts kept of a target, in order of beginning.
  [[nodiscard]] std::vector<Attempt> sample_of(const Target& target) const;
  template <class Visit>
  void each_kept(const Target& target, Visit visit) const {
    shelf_.each(target.sample, ends_of(target), visit);
    if (target.extra == nothing) return;
    for (const auto newest : {extras_[target.extra].steps, extras_[target.extra].late})
      shelf_.each(newest, ends_of(target), visit);
  }

  /// The first target with this address; Target::next_on_host leads to the others.
  [[nodiscard]] PoolId first_on_host(const IpAddress& address) const;
  /// It has more than one target, was pinged, or was connected before the capture.
  [[nodiscard]] bool knows_more_of(const IpAddress& address) const {
    return find_host(address) != nothing;
  }
  /// Answered echo requests to this address, a few.
  [[nodiscard]] std::vector<Attempt> echoes(const IpAddress& address) const;
  /// Null: it answered none.
  [[nodiscard]] const Pings* pings_to(const IpAddress& address) const;
  /// Null: nobody pinged it, nor sent it a datagram that it turned away.
  [[nodiscard]] const PingLogs* ping_logs(const IpAddress& address) const;
  /// The longest of those from before the capture. Null: there is none.
  [[nodiscard]] const Session* session_with(const IpAddress& address) const;
  /// Somebody walked to these with pings or datagrams, and was answered on the way.
  [[nodiscard]] std::vector<IpAddress> walked_hosts() const;
  /// Its outcome comes and goes, but for no client.
  [[nodiscard]] bool differs_by_client(const Target& target) const;
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }  ///< attempts without a target

 private:
  /// An address with more than one target, with echo requests, or with a connection from before the
  /// capture: few of a million.
  struct Host {
    IpAddress address;
    std::uint8_t echo_count = 0, step_count = 0;
    PoolId last = nothing;  ///< of its targets, when there are more than one
    PoolId echoes = nothing;
    Pings pings{};
    PingLogs logs{};
    std::optional<Session> session;  ///< from before the capture
  };
  struct Pending {
    TrailId id = nothing;
    std::uint64_t hash = 0;    ///< of the address of its target
    Target* target = nullptr;  ///< probably
  };
  [[nodiscard]] Pending& pending(std::size_t turns) {
    return pending_[(turn_ + turns) % pending_.size()];
  }
  void fetch_target(Pending& soon);
  void fetch_extra(const Pending& soon) const;
  void fetch_fates(const Pending& soon) const;
  void file_pending();
  void file(const Pending& pending);
  void note(Target& target, const Trail& trail);
  [[nodiscard]] static bool counts(Target& target, const Trail& trail);
  void file(Target& target, const Trail& trail);
  void note_client(Target& target, const Trail& trail);
  void add_session(const Trail& trail);
  void add_echo(const Trail& trail, TimePoint horizon);
  void count_ping(const Trail& trail, TimePoint horizon);
  void log_ping(const Trail& trail, TimePoint horizon);
  [[nodiscard]] PoolId find_host(const IpAddress& address) const;
  Host& host_of(const IpAddress& address);
  Target* target_of(const Trail& trail, const Pending& pending);
  [[nodiscard]] const Forward* forward_of(const Trail& trail) const;
  Target& new_target(const Trail& trail, std::uint64_t hash, PoolId first);
  [[nodiscard]] TimePoint settled_at(const Trail& trail, Outcome outcome) const;
  static void count_late(Target& target, TimePoint settled, Outcome outcome);
  void count(Target& target, const Trail& trail, Outcome outcome);
  [[nodiscard]] static bool is_news(const Target& target, const Trail& trail);
  [[nodiscard]] bool is_full(const Target& target, const Trail& trail) const;
  [[nodiscard]] bool is_one_too_many(const Target& target, const Trail& trail);
  void set_full(Target& target, const Trail& trail);
  [[nodiscard]] PoolId steps_of(const Target& target) const {
    return target.extra == nothing ? nothing : extras_[target.extra].steps;
  }
  [[nodiscard]] Extra& extra_of(Target& target);
  struct Alike {
    PoolId before = nothing, first = nothing;
    std::size_t count = 0;
  };
  [[nodiscard]] Alike alike_in(PoolId newest, const Trail& trail, bool full) const;
  void take_out(PoolId& newest, const Alike& found);
  void keep(Target& target, const Trail& trail);
  void keep_late(Target& target, const Trail& trail);
  [[nodiscard]] static Ends ends_of(const Target& target) {
    return {target.client.family, target.client.bytes, target.endpoint.address.bytes};
  }
  [[nodiscard]] static Ends ends_of(const IpAddress& host) { return {host.family, {}, host.bytes}; }

  BookLimits limits_;
  KeyHash hash_;
  Trails trails_;
  Shelf shelf_;
  Rows<Target> targets_;
  Rows<Extra> extras_;
  Rows<Fates> fates_;
  Rows<Host> hosts_;
  Slots by_address_;   ///< the first target of each
  Slots by_endpoint_;  ///< all other targets
  Slots host_by_address_;
  std::array<Pending, 16> pending_{};
  std::size_t turn_ = 0;  ///< the next place in it
  std::size_t kept_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace hopblame::offline
