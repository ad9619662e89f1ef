#include "analysis/offline/not_taken.hpp"

#include <algorithm>

#include "analysis/path/distance.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/spoiled.hpp"

namespace hopblame::offline {
namespace {

bool is_answer(const Reply& reply) {
  return reply.kind == ReplyKind::syn_ack || reply.kind == ReplyKind::reset_ack;
}

bool is_spoiled(const Reply& reply) { return reply.segment && reply.segment->bad_checksum; }

std::vector<Reply> answers_of(const Attempt& attempt) {
  std::vector<Reply> answers;
  std::ranges::copy_if(attempt.exchange.replies, std::back_inserter(answers), is_answer);
  return answers;
}

std::vector<FrameId> frames_of(const std::vector<Reply>& answers) {
  std::vector<FrameId> frames;
  for (const auto& answer : answers) frames.push_back(answer.frame);
  return frames;
}

/// As far as its way back tells; nobody can say where on it.
Where on_the_way(const Attempt& attempt, const Reply& answer, bool near) {
  const auto& host = attempt.exchange.spec.flow.destination.address;
  if (!near) return {CulpritKind::unknown, 1, {}, {}};
  const auto distance = guessed_distance(answer.hop_limit);
  if (distance <= 1) return {CulpritKind::destination, 1, 1, host};
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
Verdict spoiled(const Attempt& attempt, const std::vector<Reply>& answers, const Taken& taken,
                bool near) {
  const auto count = answers.size();
  const Evidence wrong{
      say("{} answer{} to the SYN, {} a wrong TCP checksum: a stack drops such a segment unread, "
          "no rule is asked, and the client goes on sending its SYN.",
          count, plural(count), count == 1 ? Term("with") : Term("all with")),
      frames_of(answers)};
  const auto where = on_the_way(attempt, answers.front(), near);
  auto found =
      list_of(spoiled_on_the_way(where, attempt.exchange.spec.flow.destination.address, wrong));
  if (taken.any) {
    found.front().because.push_back(
        {say("Answers that the client took came with right ones."), {}});
    return {Outcome::dropped, {where, Confidence::strong}, std::move(found), {}};
  }
  found.push_back(rule_of_client(frames_of(answers)));
  found.back().rank = 1;
  return {Outcome::dropped, {{CulpritKind::unknown, {}, {}, {}}, Confidence::weak}, found, {}};
}

bool are_for_another(const Attempt& attempt, const Taken& taken) {
  return attempt.answered_to != 0 && !attempt.twice && !taken.links.empty() &&
         std::ranges::count(taken.links, attempt.answered_to) == 0;
}

/// A bond or bridge of the client's has several hardware addresses.
Verdict misaddressed(const std::vector<Reply>& answers) {
  const Where next{CulpritKind::router, 1, 1, {}};
  Explanation found{Mechanism::answer_lost, 1, next, {}, {}, {}};
  found.because.push_back(
      {say("The answers came in frames to another hardware address than all that the client took: "
           "its stack takes no notice of what is for another machine, and goes on sending its "
           "SYN."),
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

void Taken::add(const Attempt& attempt) {
  const auto answers = answers_of(attempt);
  const bool right = !answers.empty() && std::ranges::none_of(answers, is_spoiled);
  if (!attempt.talk.connected || !right) return;
  any = true;
  if (attempt.answered_to != 0) links.push_back(attempt.answered_to);
}

std::optional<Verdict> not_taken(const Attempt& attempt, const Taken& taken, bool near) {
  const auto answers = answers_of(attempt);
  if (answers.empty()) return {};
  if (std::ranges::all_of(answers, is_spoiled)) return spoiled(attempt, answers, taken, near);
  if (near && are_for_another(attempt, taken)) return misaddressed(answers);
  return {};
}

}  // namespace hopblame::offline
