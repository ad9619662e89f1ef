#include "analysis/verdict/divided_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

std::string_view fared(SynFate fate) {
  switch (fate) {
    case SynFate::accepted: return "accepted";
    case SynFate::reset: return "refused";
    case SynFate::rejected: return "rejected";
    default: return "never answered";
  }
}

/// Of connect()'s own flow alone nobody knows whether the flow decides or how its SYN looks.
bool is_connect_alone(const Contrast& contrast) {
  return std::ranges::none_of(contrast.others, &PortFlow::raw) &&
         std::ranges::all_of(contrast.through, &PortFlow::raw);
}

/// What a flow does shows when it is asked again.
std::ptrdiff_t asked_again(const Contrast& contrast) {
  const auto again = [](const PortFlow& flow) {
    return flow.raw && flow.tries.size() - flow.silences() >= 2;
  };
  return std::ranges::count_if(contrast.through, again) +
         std::ranges::count_if(contrast.others, again);
}

}  // namespace

const char* who_decides(const Contrast& contrast) {
  if (is_connect_alone(contrast))
    return ": that of connect() alone fares otherwise. Either which flow it is decides, "
           "as where flows take different ways or reach different machines behind the address; or "
           "something looks at what its SYN has and those of our own have not (what an option "
           "says, as the window scale).";
  if (contrast.fate != SynFate::silent && asked_again(contrast) < 2)
    return ", in turns. Hardly any was asked twice, so either which flow it is decides, as where "
           "flows take different ways or reach different machines behind the address; or the "
           "number does, as where a rule picks every n-th packet, or some at random.";
  return ", in turns, and no flow of the probes was ever answered in both ways: which flow it is "
         "decides, so they take different ways, or reach different machines behind the address.";
}

std::string counted(const Case& the_case, const Contrast& contrast) {
  const auto both = static_cast<std::size_t>(std::ranges::count_if(
      contrast.others, [&](const PortFlow& flow) { return flow.met(contrast.at_host); }));
  const auto through = fared(contrast.at_host), stopped = fared(contrast.fate);
  const struct {
    std::size_t count;
    std::string_view how, then;
  } parts[] = {{contrast.through.size() - both, through, ""},
               {contrast.others.size() - both, stopped, ""},
               {both, through, stopped},
               {contrast.neither, "neither", ""}};
  std::size_t all = 0, kinds = 0, told = 0;
  for (const auto& part : parts) {
    all += part.count;
    kinds += part.count > 0;
  }
  auto text = fmt::format("Of {} flow{} to port {}", all, all == 1 ? "" : "s", port_of(the_case));
  for (const auto& [count, how, then] : parts) {
    if (count == 0) continue;
    const auto* joint = told == 0 || told + 1 < kinds ? ", " : " and ";
    const auto* verb = told > 0 ? "" : count == 1 ? "was " : "were ";
    fmt::format_to(std::back_inserter(text), "{}{} {}{}{}{}{}", joint, count, verb,
                   then.empty() ? "" : "now ", how, then.empty() ? "" : ", now ", then);
    ++told;
  }
  return text;
}

}  // namespace hopblame
