#include "analysis/offline/heard_meanwhile.hpp"

#include <algorithm>

#include "analysis/offline/session.hpp"
#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

constexpr std::size_t most_ports = 64;  ///< of the host, that are looked at

/// Best first.
struct Signs {
  std::optional<Reply> session, ping, message, reset;
};

Reply heard(FrameId frame, TimePoint at, HopLimit hop_limit) {
  Reply reply;
  reply.frame = frame;
  reply.at = at;
  reply.hop_limit = hop_limit;
  return reply;
}

TimePoint middle_of(const Span& time) { return time.from + (time.until - time.from) / 2; }

void note(Signs& signs, const Session& session, const Span& silence) {
  if (session.from > silence.until || session.until < silence.from) return;
  const auto at = std::clamp(middle_of(silence), session.from, session.until);
  signs.session = heard(session.frame, at, session.hop_limit);
}

/// A connection that goes on, or what the host itself says at that time to who asks something else.
void look_at(Signs& signs, const Trails& trails, const Trail& trail, const Span& silence) {
  if (const auto session = session_of(trails, trail)) note(signs, *session, silence);
  trails.each_answer(trail, [&](const Answer& answer) {
    const auto* error = std::get_if<Rejection>(&answer.what);
    const bool own = error && !error->of_server && error->sender == trail.server();
    if (!silence.holds(answer.at)) return;
    auto limit = answer.hop_limit;
    if (trail.passed_on && answer.passed_on) --limit.value;  // as behind the machine of the capture
    const auto reply = heard(answer.frame, answer.at, limit);
    if (own) signs.message = reply;
    if (answer.kind == ReplyKind::reset_ack) signs.reset = reply;
  });
}

/// What it answers pings and datagrams: of several, amid the SYNs.
void look_at(Signs& signs, const PingLogs& logs, const IpAddress& client, const Span& silence) {
  const auto middle = middle_of(silence);
  const auto apart = [&](TimePoint at) { return at < middle ? middle - at : at - middle; };
  for (const auto& one : logs.answered.kept()) {
    if (one.client != client || !silence.holds(one.at)) continue;
    const bool ping = one.kind == ReplyKind::echo_reply;
    auto& sign = ping ? signs.ping : signs.message;
    if (sign && apart(sign->at) <= apart(one.at)) continue;
    sign = heard(one.frame, one.at, one.hop_limit);
    if (ping) sign->kind = ReplyKind::echo_reply;
  }
}

Text said_of(SignOfLife::Kind sign) {
  switch (sign) {
    case SignOfLife::Kind::session:
      return say("The host is up: another connection of this client with it goes on meanwhile.");
    case SignOfLife::Kind::ping: return say("The host is up: it answers pings meanwhile.");
    case SignOfLife::Kind::message:
      return say("The host is up: it turns something else away itself meanwhile, by a message.");
    case SignOfLife::Kind::reset:
      return say("Other ports answer meanwhile, with a RST in the host's name.");
  }
  return {};
}

}  // namespace

Exchange heard_from(const IpAddress& host, const IpAddress& client, const Reply& reply) {
  Exchange sign;
  sign.spec.flow = {Transport::tcp, {client, 0}, {host, 0}};
  sign.spec.question = {ProbeKind::echo, Aim::none, 0, full_hop_limit};
  sign.at = reply.at;
  sign.left = {reply.frame};
  sign.replies.push_back(reply);
  sign.replies.front().from = host;
  return sign;
}

std::optional<SignOfLife> sign_meanwhile(const Book& book, const Target& target,
                                         const IpAddress& client, const Span& silence) {
  const auto& host = target.endpoint.address;
  Signs signs;
  if (const auto* known = book.session_with(host); known && known->client == client)
    note(signs, *known, silence);
  if (const auto* logs = book.ping_logs(host)) look_at(signs, *logs, client, silence);
  auto id = book.first_on_host(host);
  for (std::size_t i = 0; id != nothing && !signs.session && !signs.ping && i < most_ports; ++i) {
    const auto& other = book.targets()[id];
    id = other.next_on_host;
    if (other.endpoint == target.endpoint) continue;
    book.each_kept(other, [&](const Trails& trails, const Trail& trail) {
      if (trail.client() == client.bytes) look_at(signs, trails, trail, silence);
    });
  }
  using enum SignOfLife::Kind;
  if (signs.session) return SignOfLife{session, heard_from(host, client, *signs.session)};
  if (signs.ping) return SignOfLife{ping, heard_from(host, client, *signs.ping)};
  if (signs.message) return SignOfLife{message, heard_from(host, client, *signs.message)};
  if (signs.reset) return SignOfLife{reset, heard_from(host, client, *signs.reset)};
  return {};
}

std::optional<Evidence> accepts_others(const Book& book, const Target& target,
                                       const IpAddress& client, const Span& silence) {
  std::optional<Evidence> found;
  auto id = book.first_on_host(target.endpoint.address);
  for (std::size_t i = 0; id != nothing && !found && i < most_ports; ++i) {
    const auto& other = book.targets()[id];
    id = other.next_on_host;
    book.each_kept(other, [&](const Trails& trails, const Trail& trail) {
      const auto* answer = trails.answer_of(trail, ReplyKind::syn_ack);
      if (trail.client() == client.bytes || !answer || !silence.holds(answer->at)) return;
      found =
          Evidence{say("At that time the host accepts another client, {}, on port {}: it is up. "
                       "It, or the way to it, would be the cause only if several machines "
                       "share its address.",
                       trail.flow().flow().source.address, other.endpoint.port),
                   {answer->frame}};
    });
  }
  return found;
}

void tell_others(Verdict& verdict, const Evidence& accepted) {
  auto& all = verdict.explanations;
  if (!lists(all, Mechanism::host_silent)) return;
  for (auto& found : all) {
    if (found.mechanism == Mechanism::host_silent || found.mechanism == Mechanism::blackhole)
      found.rank = 2;
    if (found.mechanism == Mechanism::answer_lost) found.rank = 1;  // its way back is its own
  }
  std::ranges::stable_sort(all, {}, &Explanation::rank);
  all.front().because.push_back(accepted);
}

void tell_sign(Verdict& verdict, const SignOfLife& sign) {
  if (verdict.explanations.empty()) return;
  const Evidence told{said_of(sign.kind), {sign.exchange.left.front()}};
  verdict.explanations.front().because.push_back(told);
  if (sign.kind != SignOfLife::Kind::reset || lists(verdict.explanations, Mechanism::host_silent))
    return;
  verdict.culprit.confidence = Confidence::weak;
  Explanation silent{Mechanism::host_silent, 2, {CulpritKind::unknown, 1, {}, {}}, {told}, {}, {}};
  silent.because.push_back(
      {say("A firewall before the host can send those, while the host itself is down."), {}});
  silent.settled_by = say("a console on the host, or whatever else answers there: is it up?");
  verdict.explanations.push_back(std::move(silent));
}

}  // namespace hopblame::offline
