#include "analysis/verdict/copied_words.hpp"

#include <algorithm>

#include "analysis/verdict/copied_limit.hpp"
#include "analysis/verdict/reset_witnesses.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

std::uint8_t sent_with(const Reset& reset) { return reset.exchange->spec.question.hop_limit.value; }

/// Those that lost so much, with the fewest and with the most hops sent.
std::pair<Reset, Reset> extremes(const Resets& resets, int lost) {
  std::vector<Reset> copies;
  std::ranges::copy_if(resets.all, std::back_inserter(copies), [&](const Reset& reset) {
    return reset.exchange->origin == Origin::raw &&
           sent_with(reset) - reset.reply->hop_limit.value == lost;
  });
  return {*std::ranges::min_element(copies, {}, sent_with),
          *std::ranges::max_element(copies, {}, sent_with)};
}

Evidence they_follow(const Case& the_case, const Resets& resets, int lost) {
  const auto [few, many] = extremes(resets, lost);
  auto packets = frames(*many.exchange, *many.reply);
  const auto others = frames(*few.exchange, *few.reply);
  packets.insert(packets.end(), others.begin(), others.end());
  return {say("A SYN sent with {} {} drew a RST that arrived with {}, one sent with {} a RST with "
              "{}: a box copies into its RST what the SYN has left.",
              limit_word(the_case), sent_with(many), many.reply->hop_limit.value, sent_with(few),
              few.reply->hop_limit.value),
          std::move(packets)};
}

Evidence sum_for(const Case& the_case, const CopierPlace& place, int lost) {
  const auto hop = hop_named(the_case, place.hop);
  const auto *told = the_case.time_exceeded_at(place.hop), *witness = the_case.host.witness;
  if (!told && the_case.host.distance == place.hop) told = witness;
  const char* where = place.in_hop ? "up to" : "before";
  const char* way = told ? "as many as its own messages lose" : "if that way is as long";
  return {
      say("Each SYN and its RST lost {} together, one at each router: {} {} {} on the way there "
          "and {} on the way back from it, {}.",
          static_cast<unsigned>(lost), place.there, where, hop, place.back, way),
      told ? std::vector{told->frame} : std::vector<FrameId>{}};
}

}  // namespace

void add_copied(const Case& the_case, const Resets& resets, std::vector<Evidence>& because) {
  if (!resets.place.copied) return;
  const auto lost = resets.place.lost_both_ways;
  if (!lost) {
    because.push_back({say("The {} of the RST changes with that of our probe, as in a box that "
                           "copies it.",
                           limit_word(the_case)),
                       cited(resets)});
    return;
  }
  because.push_back(they_follow(the_case, resets, *lost));
  for (const auto& place : places_of_copier(the_case, *lost))
    because.push_back(sum_for(the_case, place, *lost));
}

}  // namespace hopblame
