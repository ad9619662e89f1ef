#include "analysis/verdict/falls_silent.hpp"

#include <algorithm>

#include "analysis/model/level.hpp"
#include "analysis/model/services.hpp"
#include "analysis/path/own_words.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/large_lost.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/lost_words.hpp"
#include "analysis/verdict/tarpit.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// A server that has something to say before its identification says it at once.
constexpr std::uint32_t enough_lines = 3;

bool waited_since(const Case& the_case, TimePoint since) {
  return !the_case.run.facts.interrupted && the_case.run.ended - since >= enough_time;
}

/// A router says so, or it was sent too often for chance: few probes may show less loss than there
/// is.
bool is_no_loss(const Case& the_case, const std::optional<OwnSegment>& lost) {
  if (!is_lossy(the_case) || too_big(the_case)) return true;
  if (!lost || chance_of_loss(the_case, *lost) != Chance::none) return false;
  const auto sent = static_cast<unsigned>(lost->frames.size());
  return chance_to_be_spared({sent, sent}, direct_answers(the_case)) < level::excluded;
}

Evidence behind_a_gap(const Case& the_case) {
  return {
      say("A later part of what it says came, a part before it did not: it was sent, and lost on "
          "the way."),
      conversation(the_case, ReplyKind::data)};
}

bool is_due(const Case& the_case) {
  const auto service = known_service(port_of(the_case));
  return service && service->speaks_first;
}

Evidence silence(const Case& the_case) {
  if (!is_due(the_case))
    return {say("The handshake completed, then nothing came for {} s, not even a window for the "
                "client's words.",
                Seconds{the_case.run.ended - *the_case.run.connect->ended}),
            call_frames(the_case)};
  return {say("The handshake completed, then nothing came for {} s, although this service speaks "
              "first.",
              Seconds{the_case.run.ended - *the_case.run.connect->ended}),
          call_frames(the_case)};
}

Finding nothing_arrives(const Case& the_case, const Accepted& accepted, const OwnSegment& lost) {
  auto found = lost_on_the_way(
      the_case, accepted, say("a capture on the host: do the segments with data arrive there?"));
  found.because.push_back(unacknowledged(lost, 0));
  return {Outcome::silent_service, {std::move(found)}, Confidence::strong};
}

Evidence no_answer(const Case& the_case) {
  const auto& ssh = *the_case.run.connect->ssh;
  return {say("The greeting came and the peer acknowledged all {} bytes of ours, but its next "
              "packet (KEXINIT) did not come in {} s.",
              ssh.said_bytes, Seconds{the_case.run.ended - *ssh.said}),
          conversation(the_case, ReplyKind::data)};
}

/// The host's stack hears us. Its next packet is large: lost on the way back, or never sent.
Finding answer_missing(const Case& the_case, const Accepted& accepted) {
  auto blocked = lost_on_the_way(
      the_case, accepted,
      say("a capture on the host: does it send its answer again and again? Then large "
          "packets are lost on the way back. If not, its log says why"));
  blocked.because.push_back(no_answer(the_case));
  if (has_unfilled_gap(*the_case.kernel_syn)) {
    blocked.because.push_back(behind_a_gap(the_case));
    return {Outcome::silent_service, {std::move(blocked)}, Confidence::strong};
  }
  auto held = on_destination(Mechanism::tarpit, the_case, accepted,
                             say("what is really listening there: `ss -ltnp` on the host"));
  held.because.push_back(no_answer(the_case));
  held.rank = 2;
  return {Outcome::silent_service, {std::move(blocked), std::move(held)}, Confidence::strong};
}

}  // namespace

Evidence missing_greeting(const Case& the_case) {
  return has_unfilled_gap(*the_case.kernel_syn) ? behind_a_gap(the_case) : silence(the_case);
}

/// Linux repeats a SYN/ACK until it has the acknowledgment, or room for the connection in the
/// accept queue (tcp_check_req); what holds connections open has taken it.
std::optional<Finding> never_taken(const Case& the_case, const Accepted& accepted) {
  const auto repeated = conversation(the_case, ReplyKind::syn_ack);
  if (repeated.size() < 3 || call_frames(the_case).size() > 1) return {};
  const Evidence evidence{
      say("The host sent its SYN/ACK {} times: our acknowledgment of it does not arrive, or the "
          "host has no room for the connection.",
          static_cast<unsigned>(repeated.size())),
      repeated};
  auto blocked = lost_on_the_way(
      the_case, accepted, "a capture on the host: does the last packet of the handshake arrive?");
  auto full = on_destination(Mechanism::accept_queue_full, the_case, accepted,
                             say("`ss -ltn 'sport = :{}'` on {}: is Recv-Q above Send-Q?",
                                 port_of(the_case), the_case.owner()));
  full.rank = 2;  // a queue that is full takes no SYN either, but for a moment
  for (auto* explanation : {&blocked, &full}) explanation->because.push_back(evidence);
  return Finding{Outcome::silent_service, list_of(std::move(blocked), std::move(full)),
                 Confidence::strong};
}

Finding never_spoke(const Case& the_case, const Accepted& accepted) {
  if (the_case.kernel_syn != nullptr && has_unfilled_gap(*the_case.kernel_syn)) {
    auto blocked = lost_on_the_way(
        the_case, accepted,
        say("captures at both ends: `hopblame compare` says which packet of the host does "
            "not arrive here"));
    blocked.because.push_back(behind_a_gap(the_case));
    return {Outcome::silent_service, {std::move(blocked)}, Confidence::strong};
  }
  const bool made_up = is_made_up(accepted);
  if (auto finding = made_up ? std::nullopt : never_taken(the_case, accepted)) return *finding;
  const auto lost = lost_words(the_case);
  const auto look =
      is_due(the_case)
          ? say("a capture on the host: does it send its greeting, and again and again? Then the "
                "data is lost on the way. If not, its log says why")
          : say("the program on the host: does it take the connection and read? `ss -tln` and `ss "
                "-tn` show what lies in its queues");
  auto blocked = lost && !made_up
                     ? lost_on_the_way(the_case, accepted, look)
                     : on_destination(Mechanism::data_blocked, the_case, accepted, look);
  auto held =
      tarpit(the_case, accepted, at_destination(the_case, distance_of_end(the_case, accepted)));
  for (auto* explanation : {&blocked, &held}) {
    explanation->because.push_back(silence(the_case));
    if (lost) explanation->because.push_back(unacknowledged(*lost, 0));
  }
  if (made_up) blocked.rank = 2;
  return {Outcome::silent_service, {std::move(blocked), std::move(held)}, Confidence::strong};
}

std::optional<Finding> lines_without_end(const Case& the_case, const Accepted& accepted) {
  const auto& connect = *the_case.run.connect;
  const auto& ssh = connect.ssh;
  if (!ssh || ssh->identified || !connect.spoke || ssh->lines < enough_lines) return {};
  if (*ssh->heard - *connect.spoke < enough_time) return {};
  auto held = on_destination(Mechanism::tarpit, the_case, accepted,
                             say("what is really listening there: `ss -ltnp` on the host"));
  held.because.push_back(
      {say("{} lines came in {} s, one after the other, and none of them is an SSH "
           "identification: something keeps clients waiting.",
           ssh->lines, Seconds{*ssh->heard - *connect.spoke}),
       conversation(the_case, ReplyKind::data)});
  return Finding{Outcome::silent_service, {std::move(held)}, Confidence::strong};
}

std::optional<Finding> line_without_end(const Case& the_case, const Accepted& accepted) {
  const auto& connect = *the_case.run.connect;
  const auto& ssh = connect.ssh;
  if (!ssh || ssh->identified || !ssh->heard || !waited_since(the_case, *ssh->heard)) return {};
  const auto last = connect.greeting.rfind('\n') + 1;
  if (connect.greeting.compare(last, 4, "SSH-") != 0 || is_lossy(the_case)) return {};
  const Evidence begun{say("An SSH identification began, and its line did not end in {} s.",
                           Seconds{the_case.run.ended - *ssh->heard}),
                       conversation(the_case, ReplyKind::data)};
  auto blocked = lost_on_the_way(the_case, accepted,
                                 "a capture on the host: does it send the rest again and again?");
  auto held = on_destination(Mechanism::tarpit, the_case, accepted,
                             "what is really listening there: `ss -ltnp` on the host");
  for (auto* explanation : {&blocked, &held}) explanation->because.push_back(begun);
  return Finding{Outcome::silent_service, list_of(std::move(blocked), std::move(held)),
                 Confidence::strong};
}

std::optional<Finding> stalled(const Case& the_case, const Accepted& accepted) {
  const auto& ssh = the_case.run.connect->ssh;
  if (!ssh || !ssh->identified || !ssh->said || the_case.kernel_syn == nullptr) return {};
  if (!waited_since(the_case, std::max(*ssh->said, *ssh->identified))) return {};
  const auto lost = lost_words(the_case);
  if (!is_no_loss(the_case, lost)) return {};
  const auto acknowledged = acknowledged_bytes(*the_case.kernel_syn);
  if (lost) {
    auto finding = acknowledged > 0 ? large_lost(the_case, accepted, *lost, acknowledged)
                                    : nothing_arrives(the_case, accepted, *lost);
    if (is_lossy(the_case) && !too_big(the_case)) finding.confidence = Confidence::weak;
    return finding;
  }
  if (!ssh->answered && acknowledged >= ssh->said_bytes) return answer_missing(the_case, accepted);
  return {};
}

}  // namespace hopblame
