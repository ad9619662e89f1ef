#include "analysis/verdict/accepted_case.hpp"

#include "analysis/path/window.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/own_link.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {

bool is_syn_ack(const Reply& reply) { return reply.kind == ReplyKind::syn_ack; }

namespace {

bool is_without_window(const Reply& reply) {
  return is_syn_ack(reply) && reply.segment && reply.segment->window == 0;
}

}  // namespace

std::optional<Accepted> accepted_of(const Case& the_case) {
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target))
    for (const auto& reply : exchange->replies)
      if (is_syn_ack(reply)) {
        // A SYN/ACK with a window that follows is the host's, and not made where the first was.
        auto* const meant = is_without_window(reply) ? is_without_window : is_syn_ack;
        return Accepted{exchange, &reply, place_of(the_case, meant)};
      }
  return {};
}

bool has_no_window(const Accepted& accepted) { return is_without_window(*accepted.reply); }

bool is_window_opened(const Case& the_case, const Accepted& accepted) {
  return has_no_window(accepted) && the_case.kernel_syn != nullptr &&
         opening_of_window(*the_case.kernel_syn) != nullptr;
}

std::optional<std::uint8_t> distance_of_end(const Case& the_case, const Accepted& accepted) {
  const auto& host = the_case.host;
  if (the_case.run.facts.vantage.target_is_local) return 0;
  if (host.distance && host.witness->hop_limit == accepted.reply->hop_limit) return host.distance;
  // Where a SYN proxy answered first, the port's walk ends there, and the host stands behind it.
  if (is_window_opened(the_case, accepted)) return host.distance;
  return accepted.place.last ? accepted.place.last : host.distance;
}

Where on_the_way(const Case& the_case, const Accepted& accepted) {
  const auto host = distance_of_end(the_case, accepted);
  if (host && *host <= 1) return at_destination(the_case, host);
  return within(the_case, 1, host);
}

Evidence handshake(const Case& the_case, const Accepted& accepted) {
  if (is_question_unseen(*accepted.exchange, *accepted.reply))
    return {say("A SYN/ACK answers a SYN to port {} that is not in the capture, with {} {}.",
                port_of(the_case), limit_word(the_case), accepted.reply->hop_limit.value),
            frames(*accepted.exchange, *accepted.reply)};
  return {say("A SYN/ACK answers the SYN to port {}, {} ms later, with {} {}.", port_of(the_case),
              Milliseconds{accepted.reply->at - accepted.exchange->at}, limit_word(the_case),
              accepted.reply->hop_limit.value),
          frames(*accepted.exchange, *accepted.reply)};
}

Explanation explain(Mechanism mechanism, const Case& the_case, const Accepted& accepted,
                    const Where& where, Text settled_by) {
  return {mechanism, 1, where, list_of(handshake(the_case, accepted)), {}, std::move(settled_by)};
}

Explanation lost_on_the_way(const Case& the_case, const Accepted& accepted, Text settled_by) {
  auto found = explain(Mechanism::data_blocked, the_case, accepted, on_the_way(the_case, accepted),
                       std::move(settled_by));
  if (!leaves_by_tunnel(the_case)) return found;
  auto& where = found.where;
  where = {where.last_hop ? CulpritKind::between : CulpritKind::unknown, 0, where.last_hop, {}};
  found.because.push_back(carried_by_another(the_case));
  return found;
}

Explanation on_destination(Mechanism mechanism, const Case& the_case, const Accepted& accepted,
                           Text settled_by) {
  return explain(mechanism, the_case, accepted,
                 at_destination(the_case, distance_of_end(the_case, accepted)),
                 std::move(settled_by));
}

const Reply* said_by_peer(const Case& the_case, ReplyKind kind) {
  if (the_case.kernel_syn == nullptr) return nullptr;
  for (const auto& reply : the_case.kernel_syn->replies)
    if (reply.kind == kind) return &reply;
  return nullptr;
}

std::vector<FrameId> conversation(const Case& the_case, ReplyKind kind) {
  std::vector<FrameId> found;
  if (the_case.kernel_syn == nullptr) return found;
  for (const auto& reply : the_case.kernel_syn->replies)
    if (reply.kind == kind) found.push_back(reply.frame);
  return found;
}

std::vector<FrameId> call_frames(const Case& the_case) {
  return the_case.kernel_syn ? the_case.kernel_syn->left : std::vector<FrameId>{};
}

}  // namespace hopblame
