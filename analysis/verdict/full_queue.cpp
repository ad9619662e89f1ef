#include "analysis/verdict/full_queue.hpp"

#include "analysis/model/services.hpp"
#include "analysis/verdict/accepted_case.hpp"
#include "analysis/verdict/ban_place.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/tries.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

Explanation full_queue(const Case& the_case, unsigned rank, std::vector<Evidence> because) {
  return {Mechanism::accept_queue_full, rank, at_destination(the_case, host_distance(the_case)),
          std::move(because),           {},   look_at_queue(the_case)};
}

Evidence filled_by_others() {
  return {
      "Other clients may have filled the queue of a service that is slow to take its "
      "connections: its stack then drops every SYN, and answers again when there is room.",
      {}};
}

bool was_ever_accepted(const Case& the_case) {
  return tally_of(the_case, Aim::target).accepted > 0;
}

}  // namespace

Text look_at_queue(const Case& the_case) {
  return say(
      "`ss -ltn 'sport = :{}'` on {}: Recv-Q above Send-Q means that the service does not accept; "
      "`nstat -az TcpExtListenOverflows` counts it.",
      port_of(the_case), the_case.owner());
}

std::optional<Explanation> queue_filled(const Case& the_case) {
  if (!was_ever_accepted(the_case)) return {};
  const auto& connect = the_case.run.connect;
  const bool connected = connect && connect->ended && connect->error == 0;
  if (!connected || connect->spoke) return full_queue(the_case, 2, {filled_by_others()});
  const auto service = known_service(the_case.run.goal.target.port);
  const bool owes_words = service && service->speaks_first;
  return full_queue(
      the_case, owes_words ? 1u : 2u,
      {{"A connection was accepted and nobody spoke on it, and then no SYN was answered any more: "
        "so it is where nobody takes the connections and the last place in the queue was ours.",
        call_frames(the_case)}});
}

std::optional<Explanation> queue_full_at_times(const Case& the_case, const Evidence& counted) {
  if (!was_ever_accepted(the_case)) return {};
  return full_queue(the_case, 1, list_of(counted, filled_by_others()));
}

}  // namespace hopblame
