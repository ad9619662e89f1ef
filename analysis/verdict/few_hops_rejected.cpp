#include "analysis/verdict/few_hops_rejected.hpp"

#include <algorithm>

#include "analysis/path/rejection.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/dropped.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// So many in a row are not lost by chance, and no allowance that is there for the next is not
/// there for them.
constexpr unsigned enough_passed_over = 3;

bool is_of_full_length(const Exchange& syn) {
  return syn.origin == Origin::kernel || syn.spec.question.hop_limit == full_hop_limit;
}

bool is_rejected_at_once(const Exchange& syn) {
  if (!syn.answered() || !is_rejection(syn.replies.front())) return false;
  return syn.replies.front().at - syn.at <= same_allowance;
}

/// As connect() sees it. Without one nobody knows what a program meets.
bool program_meets_silence(const Case& the_case) {
  return connect_left(the_case) && !the_case.kernel_syn->answered();
}

bool all_of_full_length_vanish(const Case& the_case) {
  return std::ranges::none_of(
      the_case.probes(ProbeKind::syn, Aim::target),
      [](const Exchange* syn) { return is_of_full_length(*syn) && syn->answered(); });
}

/// Whoever rejected this one had a message to send, and passed over those before it.
unsigned passed_over(const Case& the_case, const Exchange& rejected) {
  return static_cast<unsigned>(
      std::ranges::count_if(the_case.probes(ProbeKind::syn, Aim::target), [&](const Exchange* syn) {
        return is_of_full_length(*syn) && syn->at <= rejected.at &&
               rejected.at - syn->at <= same_allowance;
      }));
}

/// The first with few hops that shows it.
const Exchange* first_preferred(const Case& the_case) {
  for (const auto* syn : the_case.probes(ProbeKind::syn, Aim::target))
    if (!is_of_full_length(*syn) && is_rejected_at_once(*syn) &&
        passed_over(the_case, *syn) >= enough_passed_over)
      return syn;
  return nullptr;
}

const Exchange* decisive(const Case& the_case) {
  if (!program_meets_silence(the_case) || !all_of_full_length_vanish(the_case)) return nullptr;
  return first_preferred(the_case);
}

Evidence in_words(const Case& the_case, const Exchange& rejected) {
  const auto& reply = rejected.replies.front();
  return {say("A SYN to port {} sent with {} {} is rejected by {}, none of those sent with {} is, "
              "right before it, nor that of connect(): a rule looks at the {}, and programs send "
              "64 or more.",
              port_of(the_case), limit_word(the_case), rejected.spec.question.hop_limit.value,
              reply.from, full_hop_limit.value, limit_word(the_case)),
          frames(rejected, reply)};
}

/// To either port: what meets the rule does not show how far others get.
bool is_misled(const Exchange& exchange) {
  const auto& question = exchange.spec.question;
  if (question.kind != ProbeKind::syn || is_of_full_length(exchange)) return false;
  return question.aim == Aim::target || is_rejected(exchange);
}

}  // namespace

std::optional<Evidence> told_by_few_rejected(const Case& the_case) {
  const auto* rejected = decisive(the_case);
  return rejected ? std::optional(in_words(the_case, *rejected)) : std::nullopt;
}

/// The walk shows nothing of those that vanish: how far they get is not known.
std::optional<Finding> judge_few_hops_rejected(const Case& the_case) {
  const auto* rejected = decisive(the_case);
  if (!rejected) return {};
  const auto kept = without(the_case, is_misled);
  auto finding = judge_dropped(make_case(the_case, kept));
  if (!finding) return {};
  finding->probes_fare_otherwise = true;
  finding->confidence = std::min(finding->confidence, Confidence::strong);
  for (auto& explanation : finding->explanations)
    if (explanation.rank == 1) explanation.because.push_back(in_words(the_case, *rejected));
  return finding;
}

}  // namespace hopblame
