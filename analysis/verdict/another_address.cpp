#include "analysis/verdict/another_address.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/correlate/answers.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

struct Stray {
  const Exchange* asked = nullptr;
  const Observation* answer = nullptr;
};

const Exchange* asked_by_us(const Case& the_case, const Observation& seen) {
  const auto* segment = std::get_if<TcpSegment>(&seen.message);
  if (segment == nullptr) return nullptr;
  const auto asked = std::ranges::find_if(the_case.exchanges, [&](const Exchange& exchange) {
    return exchange.spec.question.aim == Aim::target &&
           is_answer_of_another(seen.flow, *segment, exchange);
  });
  return asked == the_case.exchanges.end() ? nullptr : &*asked;
}

std::vector<Stray> strays_of(const Case& the_case) {
  std::vector<Stray> strays;
  for (const auto& seen : the_case.run.observations)
    if (const auto* asked = asked_by_us(the_case, seen)) strays.push_back({asked, &seen});
  return strays;
}

/// Whoever answers is no farther than the probe that reached it with the fewest hops.
Where place_of(const Case& the_case, const std::vector<Stray>& strays) {
  auto nearest = the_case.host.distance.value_or(full_hop_limit.value);
  for (const auto& stray : strays)
    nearest = std::min(nearest, stray.asked->spec.question.hop_limit.value);
  if (nearest == full_hop_limit.value) return {CulpritKind::unknown, 1, {}, {}};
  return {nearest == 1 ? CulpritKind::destination : CulpritKind::between, 1, nearest, {}};
}

Evidence came_from(const Case& the_case, const Stray& first) {
  const auto& from = first.answer->flow.source;
  const bool accepted = std::get<TcpSegment>(first.answer->message).is_syn_ack();
  return {
      say("{} that acknowledges our SYN to {} port {} came from {} port {} instead. The request "
          "arrives and is answered; no connection takes an answer from anybody but whom it "
          "asked.",
          accepted ? "A SYN/ACK" : "A RST", the_case.owner(), port_of(the_case), from.address,
          from.port),
      {first.asked->left.front(), first.answer->frame}};
}

}  // namespace

std::optional<Explanation> answered_by_another(const Case& the_case) {
  const auto strays = strays_of(the_case);
  if (strays.empty()) return {};
  Evidence means{
      say("So it is where an address translation (NAT, load balancer) is not undone because the "
          "answer takes another way back, or where the host answers from another of its "
          "addresses."),
      {}};
  return Explanation{
      Mechanism::answer_lost,
      1,
      place_of(the_case, strays),
      {came_from(the_case, strays.front()), std::move(means)},
      {},
      say("the device that translates {}: do the answers of {} pass it on their way back? And on "
          "that host: is {} among its own addresses?",
          the_case.owner(), strays.front().answer->flow.source.address, the_case.owner())};
}

}  // namespace hopblame
