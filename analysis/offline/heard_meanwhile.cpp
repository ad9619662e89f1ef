#include "analysis/offline/heard_meanwhile.hpp"

#include <algorithm>

#include "analysis/offline/session.hpp"
#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

constexpr std::size_t most_ports = 64;  ///< of the host, that are looked at

Exchange sign_of(const IpAddress& client, const IpAddress& host, const Reply& reply) {
  Exchange sign;
  sign.spec.flow = {Transport::tcp, {client, 0}, {host, 0}};
  sign.spec.question = {ProbeKind::echo, Aim::none, 0, full_hop_limit};
  sign.at = reply.at;
  sign.left = {reply.frame};
  sign.replies.push_back(reply);
  sign.replies.front().from = host;
  return sign;
}

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
  if (signs.session) return SignOfLife{session, sign_of(client, host, *signs.session)};
  if (signs.ping) return SignOfLife{ping, sign_of(client, host, *signs.ping)};
  if (signs.message) return SignOfLife{message, sign_of(client, host, *signs.message)};
  if (signs.reset) return SignOfLife{reset, sign_of(client, host, *signs.reset)};
  return {};
}

std::vector<Exchange> answers_around(const Book& book, const IpAddress& host,
                                     const IpAddress& client, const Span& silence) {
  const auto* logs = book.ping_logs(host);
  if (!logs) return {};
  const Pinged *before = nullptr, *after = nullptr;
  for (const auto& one : logs->answered.kept()) {
    if (one.client != client) continue;
    if (one.at < silence.from && (!before || before->at < one.at)) before = &one;
    if (one.at > silence.until && (!after || one.at < after->at)) after = &one;
  }
  std::vector<Exchange> found;
  for (const auto* one : {before, after})
    if (one) found.push_back(sign_of(client, host, heard(one->frame, one->at, one->hop_limit)));
  return found;
}

std::optional<InVain> pinged_in_vain(const Book& book, const IpAddress& host,
                                     const IpAddress& client, const Span& silence) {
  const auto* logs = book.ping_logs(host);
  if (!logs) return {};
  std::optional<InVain> found;
  const auto asked = asked_in(silence);
  for (const auto& one : logs->in_vain.kept()) {
    if (one.client != client || !asked.holds(one.at)) continue;
    if (!found) found = InVain{sign_of(client, host, heard(one.frame, one.at, {})), false};
    found->exchange.replies.clear();
    if (found->exchange.left.back() != one.frame) found->exchange.left.push_back(one.frame);
  }
  if (found)
    found->answers_others = std::ranges::any_of(logs->answered.kept(), [&](const Pinged& one) {
      return one.client == client && one.kind == ReplyKind::echo_reply;
    });
  return found;
}

void tell_pings(Verdict& verdict, const InVain& pings) {
  if (verdict.explanations.empty()) return;
  verdict.explanations.front().because.push_back(
      {pings.answers_others
           ? say("{} pings at that time got no answer either, and at other times the host answers "
                 "pings: it is more than this port that is silent.",
                 pings.exchange.left.size())
           : say("Pings at that time got no answer either, {} of them: more than this port is "
                 "silent, or the host answers no pings, as many do.",
                 pings.exchange.left.size()),
       pings.exchange.left});
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
