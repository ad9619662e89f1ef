#include "analysis/verdict/first_lost.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/path/first_tries.hpp"
#include "analysis/verdict/accepted.hpp"
#include "analysis/verdict/divided_evidence.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

std::string try_anew(const Case& the_case) {
  return fmt::format(
      "after half an hour without packets to {} (or from another client) connect twice, a few "
      "seconds apart: if the first one alone takes a second longer, it is a device against SYN "
      "floods; its log says so too",
      to_string(the_case.owner()));
}

}  // namespace

std::optional<Explanation> drops_first(const Case& the_case, const Explanation& like) {
  const auto flows = flows_to(the_case.exchanges, Aim::target);
  if (!may_lose_first(flows)) return {};
  const auto repeated = static_cast<unsigned>(
      std::ranges::count_if(flows, [](const PortFlow& flow) { return flow.tries.size() > 1; }));
  Evidence told{
      say("On none of {} flows to port {} the first SYN was answered; on {} of {} that were asked "
          "again a repetition was. Devices against SYN floods drop the first SYN of every "
          "connection; "
          "connect() then takes a second longer, until it sends its SYN again.",
          static_cast<unsigned>(flows.size()), port_of(the_case),
          static_cast<unsigned>(answered_later(flows)), repeated),
      asked_on({&flows})};
  return Explanation{
      Mechanism::syn_filter,
      1,
      like.where,
      list_of(std::move(told)),
      {},
      "rules that remember connections by address and port and drop the first SYN of each "
      "(protection against SYN floods, greylists): their counters grow by one with each "
      "connection"};
}

void add_wants_same_again(const Case& the_case, const Try& passed,
                          std::vector<Explanation>& found) {
  const auto& exchange = *passed.exchange;
  const bool repeated = exchange.origin == Origin::kernel && exchange.left.size() > 1;
  if (!repeated || passed.result != TryResult::accepted) return;
  Evidence told{
      say("The first answer was to the SYN that connect() sent again, unchanged; each one before "
          "it was new. Devices against SYN floods drop what is new, pass its exact repetition a "
          "second later, and from then on all of that client, for minutes: no more can be learnt "
          "of such a device in that time."),
      frames(exchange, exchange.replies.front())};
  const auto listed = std::ranges::find(found, Mechanism::syn_filter, &Explanation::mechanism);
  if (listed != found.end()) {
    listed->because.push_back(std::move(told));
    listed->settled_by = listed->settled_by.str() + " Or " + try_anew(the_case);
    return;
  }
  const auto& like = found.front();
  found.push_back({Mechanism::syn_filter,
                   1,
                   like.where,
                   list_of(like.because.front(), std::move(told)),
                   {},
                   try_anew(the_case)});
}

std::optional<Finding> judge_open_late(const Case& the_case, const Explanation& like) {
  const auto flows = flows_to(the_case.exchanges, Aim::target);
  if (!is_first_lost(flows) || !takes_turns(flows)) return {};
  auto dropper = drops_first(the_case, like);
  auto finding = judge_accepted(the_case);
  if (!finding || finding->outcome != Outcome::open) return {};
  finding->explanations.front().because.push_back(dropper->because.front());
  dropper->rank = 2;
  finding->explanations.push_back(std::move(*dropper));
  finding->confidence = std::min(finding->confidence, Confidence::strong);
  return finding;
}

}  // namespace hopblame
