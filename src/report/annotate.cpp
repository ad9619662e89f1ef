#include "src/report/annotate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "analysis/model/icmp_codes.hpp"
#include "src/report/document.hpp"
#include "src/report/their_words.hpp"
#include "src/report/untrusted.hpp"

namespace hopblame {
namespace {

/// One sentence of evidence and the mechanisms it speaks for or against.
struct Claim {
  const Evidence* evidence = nullptr;
  bool against = false;
  std::string mechanisms;
};

void add(std::vector<Claim>& claims, const std::vector<Evidence>& evidence, bool against,
         Mechanism mechanism) {
  for (const Evidence& item : evidence) {
    const auto same = std::find_if(claims.begin(), claims.end(), [&](const Claim& claim) {
      return claim.against == against && *claim.evidence == item;
    });
    if (same == claims.end())
      claims.push_back({&item, against, std::string(to_string(mechanism))});
    else
      same->mechanisms += fmt::format(", {}", to_string(mechanism));
  }
}

/// Best explanation first. What several explanations say stands once.
std::vector<Claim> claims_of(const Verdict& verdict) {
  std::vector<Claim> claims;
  for (const Explanation& explanation : verdict.explanations) {
    add(claims, explanation.because, false, explanation.mechanism);
    add(claims, explanation.against, true, explanation.mechanism);
  }
  return claims;
}

void say(std::map<FrameId, std::string>& comments, FrameId frame, std::string_view text) {
  std::string& comment = comments[frame];
  if (!comment.empty()) comment += '\n';
  comment += comment_mark;
  comment += for_terminal(text);
}

std::string message_text(const DecidingIcmp& icmp) {
  return fmt::format("the message that decided: {}",
                     icmp_text(icmp.from.family, icmp.type, icmp.code));
}

std::vector<std::pair<IpAddress, std::string>> names_of(const Run& run) {
  auto names = run.names;
  const std::string& host = run.goal.host;
  const bool is_name = !host.empty() && !IpAddress::parse(host) && host.find(':') == host.npos;
  if (is_name) names.emplace_back(run.goal.target.address, host);
  return names;
}

}  // namespace

std::map<FrameId, std::string> packet_comments(const Analysis& analysis) {
  std::map<FrameId, std::string> comments;
  for (const Claim& claim : claims_of(analysis.verdict))
    for (const FrameId frame : claim.evidence->packets)
      say(comments, frame,
          fmt::format("{}{}: {}", claim.against ? "against " : "", claim.mechanisms,
                      claim.evidence->text.str()));
  if (analysis.icmp && !comments.contains(analysis.icmp->frame))
    say(comments, analysis.icmp->frame, message_text(*analysis.icmp));
  return comments;
}

Annotations annotations(const ReportInput& input) {
  const Goal& goal = input.run.goal;
  const std::string section =
      fmt::format("{}{} port {}: {}", comment_mark, to_string(goal.target.address),
                  goal.target.port, document_of(input).headline);
  Analysis analysis = input.analysis;
  in_their_words(analysis.verdict, input.run);
  return {for_terminal(section), packet_comments(analysis), names_of(input.run)};
}

}  // namespace hopblame
