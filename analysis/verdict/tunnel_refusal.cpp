#include "analysis/verdict/tunnel_refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

Explanation no_peer(const Case& the_case, Evidence refused) {
  const auto& interface = the_case.run.facts.vantage.interface;
  return {
      Mechanism::local_route,
      1,
      this_host,
      list_of(
          std::move(refused),
          Evidence{fmt::format("So says a WireGuard tunnel, and nothing else: the route leads into "
                               "{}, and none of its peers is allowed this address.",
                               interface),
                   {}}),
      {},
      fmt::format(
          "`sudo wg show {}` on this machine: does a line `allowed ips` of any peer hold {}? If "
          "not, add it there, or let the route not lead into the tunnel.",
          interface, to_string(the_case.owner()))};
}

Explanation no_endpoint(const Case& the_case, Evidence refused) {
  const auto& interface = the_case.run.facts.vantage.interface;
  return {Mechanism::local_interface,
          1,
          this_host,
          list_of(std::move(refused),
                  Evidence{
                      fmt::format("So says a WireGuard tunnel, and nothing else: a peer of {} is "
                                  "allowed this address, and this machine does not know where that "
                                  "peer is.",
                                  interface),
                      {}}),
          {},
          fmt::format(
              "`sudo wg show {}` on this machine: the peer that holds {} has no line `endpoint`. A "
              "name in the configuration may not have been found when the tunnel began; a peer "
              "without one has to call first.",
              interface, to_string(the_case.owner()))};
}

}  // namespace

std::optional<Finding> judge_tunnel_refusal(const Case& the_case, const Departures& departures) {
  if (departures.error != ENOKEY && departures.error != EDESTADDRREQ) return {};
  // What the kernel said to connect()'s own SYN nobody is told.
  const bool some_taken = std::ranges::any_of(the_case.exchanges, [](const Exchange& probe) {
    return probe.origin == Origin::raw && probe.spec.question.aim == Aim::target &&
           probe.error == 0;
  });
  if (some_taken) return {};
  Evidence refused{
      fmt::format("This machine refused to send to {}: {} from the kernel, {} of {} tries.",
                  to_string(the_case.owner()), failure_text(departures.error), departures.refused,
                  departures.handed_over),
      {}};
  auto found = departures.error == ENOKEY ? no_peer(the_case, std::move(refused))
                                          : no_endpoint(the_case, std::move(refused));
  return Finding{Outcome::local, list_of(std::move(found)), Confidence::strong};
}

}  // namespace hopblame
