#include "analysis/offline/heard_exhibits.hpp"

#include <algorithm>

#include "analysis/offline/soften.hpp"

namespace hopblame::offline {
namespace {

/// Not what is an exhibit already.
void add_answered(std::vector<Exchange>& exchanges, Exchange exchange) {
  const auto answer = exchange.replies.front().frame;
  const bool known = std::ranges::any_of(exchanges, [&](const Exchange& other) {
    return std::ranges::find(other.replies, answer, &Reply::frame) != other.replies.end();
  });
  if (!known) exchanges.push_back(std::move(exchange));
}

void add_sign(Exhibits& exhibits, SignOfLife sign) {
  // Where the host itself is heard a RST tells nothing more.
  if (sign.kind != SignOfLife::Kind::reset || !knows_host(exhibits)) exhibits.sign = sign;
  add_answered(exhibits.exchanges, std::move(sign.exchange));
}

/// Of a host that answers no pings those in vain tell nothing.
void add_pings(Exhibits& exhibits, InVain pings) {
  if (pings.answers_others) exhibits.exchanges.push_back(pings.exchange);
  exhibits.in_vain = std::move(pings);
}

}  // namespace

void add_heard(Exhibits& exhibits, const Book& book, const Target& target, const Span& silence,
               bool dropped) {
  const auto &host = target.endpoint.address, &client = exhibits.client;
  auto in_vain = pinged_in_vain(book, host, client, silence);
  // Who answers pings, but not these, was heard for the last time just before.
  const Span time = in_vain && in_vain->answers_others ? asked_in(silence) : silence;
  auto sign = dropped ? sign_meanwhile(book, target, client, time) : std::nullopt;
  if (sign)
    add_sign(exhibits, *std::move(sign));
  else if (in_vain && dropped)
    add_pings(exhibits, *std::move(in_vain));
  if (dropped && !exhibits.sign) exhibits.others = accepts_others(book, target, client, silence);
  for (auto& other : answers_around(book, host, client, time))
    add_answered(exhibits.exchanges, std::move(other));
}

}  // namespace hopblame::offline
