#include "analysis/offline/not_taken.hpp"

#include <algorithm>

#include "analysis/path/distance.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/spoiled.hpp"

namespace hopblame::offline {
namespace {

using Arrivals = std::vector<Arrival>;

/// The answers to it that were looked at, or those to other questions of its client.
Arrivals chosen(const Attempt& attempt, std::span<const Arrival> arrivals, bool own) {
  const auto& exchange = attempt.exchange;
  const auto& flow = exchange.spec.flow;
  Arrivals found;
  for (const auto& arrival : arrivals) {
    if (arrival.flow.destination() != flow.source.address) continue;
    const bool answers = std::ranges::count(exchange.replies, arrival.frame, &Reply::frame) > 0;
    if (own ? answers : arrival.flow.flow() != flow.reversed()) found.push_back(arrival);
  }
  return found;
}

std::vector<FrameId> frames_of(const Arrivals& answers) {
  std::vector<FrameId> frames;
  for (const auto& answer : answers) frames.push_back(answer.frame);
  return frames;
}

/// As far as its way back tells; nobody can say where on it.
Where on_the_way(const Attempt& attempt, bool near) {
  const auto& exchange = attempt.exchange;
  if (!near) return {CulpritKind::unknown, 1, {}, {}};
  const auto distance = guessed_distance(exchange.replies.front().hop_limit);
  if (distance <= 1)
    return {CulpritKind::destination, 1, 1, exchange.spec.flow.destination.address};
  return {CulpritKind::between, 1, distance, {}};
}

Explanation rule_of_client(std::vector<FrameId> cited) {
  return {Mechanism::local_input_filter,
          2,
          this_host,
          {{say("Or a rule on the client drops them all the same."), std::move(cited)}},
          {},
          say("the client's own firewall rules: which one counts the dropped answers?")};
}

/// Where the capture shows no other answer that the client took, it may be the capture that spoils
/// what it shows (addresses made anonymous, a device that is to finish checksums).
Verdict spoiled(const Attempt& attempt, const Arrivals& answers, const Arrivals& others,
                bool near) {
  const auto count = answers.size();
  const Evidence wrong{
      say("{} answer{} to the SYN, {} a wrong TCP checksum: a stack drops such a segment unread, "
          "no rule is asked, and the client goes on sending its SYN.",
          count, plural(count), count == 1 ? Term("with") : Term("all with")),
      frames_of(answers)};
  const auto where = on_the_way(attempt, near);
  auto found =
      list_of(spoiled_on_the_way(where, attempt.exchange.spec.flow.destination.address, wrong));
  auto right = others;
  std::erase_if(right, [](const Arrival& other) { return other.bad_checksum; });
  if (!right.empty()) {
    found.front().because.push_back(
        {say("Other answers come to this client with right ones."), frames_of(right)});
    return {Outcome::dropped, {where, Confidence::strong}, std::move(found), {}};
  }
  found.push_back(rule_of_client(frames_of(answers)));
  found.back().rank = 1;
  return {Outcome::dropped, {{CulpritKind::unknown, {}, {}, {}}, Confidence::weak}, found, {}};
}

bool are_for_another(const Arrivals& answers, const Arrivals& others) {
  const auto to = answers.front().link_to;
  const auto is_there = [&](const Arrival& arrival) { return arrival.link_to == to; };
  const auto is_elsewhere = [&](const Arrival& arrival) {
    return arrival.link_to != 0 && arrival.link_to != to;
  };
  return to != 0 && !others.empty() && std::ranges::all_of(answers, is_there) &&
         std::ranges::all_of(others, is_elsewhere);
}

/// A bond or bridge of the client's has several hardware addresses.
Verdict misaddressed(const Arrivals& answers) {
  const Where next{CulpritKind::router, 1, 1, {}};
  Explanation found{Mechanism::answer_lost, 1, next, {}, {}, {}};
  found.because.push_back(
      {say("The answers came in frames to another hardware address than all others to this "
           "client: its stack takes no notice of what is for another machine, and goes on "
           "asking."),
       frames_of(answers)});
  found.settled_by =
      say("the ARP or neighbour table of the router next to the client: which hardware address has "
          "the client there? `ip link` on the client tells the right one.");
  return {Outcome::dropped,
          {next, Confidence::strong},
          list_of(std::move(found), rule_of_client(frames_of(answers))),
          {}};
}

}  // namespace

std::optional<Verdict> not_taken(const Attempt& attempt, std::span<const Arrival> arrivals,
                                 bool near) {
  const auto answers = chosen(attempt, arrivals, true), others = chosen(attempt, arrivals, false);
  if (answers.empty()) return {};
  if (std::ranges::all_of(answers, &Arrival::bad_checksum))
    return spoiled(attempt, answers, others, near);
  if (near && !attempt.twice && are_for_another(answers, others)) return misaddressed(answers);
  return {};
}

}  // namespace hopblame::offline
