#include "src/watch_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace hopblame {
namespace {

using Json = nlohmann::json;

std::string hops_text(const Json& culprit) {
  const auto &first = culprit.at("first_hop"), &last = culprit.at("last_hop");
  if (!first.is_number() && !last.is_number()) return {};
  if (first == last) return fmt::format("hop {}", first.get<unsigned>());
  if (!last.is_number()) return fmt::format("from hop {} on", first.get<unsigned>());
  return fmt::format("hops {} to {}", first.is_number() ? first.get<unsigned>() : 0,
                     last.get<unsigned>());
}

std::string culprit_text(const Json& culprit) {
  const auto kind = culprit.at("kind").get<std::string>();
  if (kind == "none") return {};
  std::string text = kind == "between" ? "" : kind;
  if (culprit.at("address").is_string()) text += " " + culprit.at("address").get<std::string>();
  const auto hops = hops_text(culprit);
  if (!hops.empty()) text += (text.empty() ? "" : ", ") + hops;
  return text;
}

/// In the order of the alphabet: which of equals comes first is no change.
std::string mechanisms_text(const Json& explanations) {
  std::vector<std::string> words;
  for (const auto& explanation : explanations)
    if (explanation.at("rank") == 1) words.push_back(explanation.at("mechanism"));
  std::ranges::sort(words);
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

std::optional<WatchState> watch_state(const std::string& json) {
  const auto report = Json::parse(json, nullptr, false);
  if (!report.is_object() || !report.contains("outcome") || !report.contains("culprit") ||
      !report.contains("explanations"))
    return {};
  return WatchState{report.at("outcome"), culprit_text(report.at("culprit")),
                    mechanisms_text(report.at("explanations"))};
}

std::string to_string(const WatchState& state) {
  std::string text = state.outcome;
  if (!state.culprit.empty()) text += ": " + state.culprit;
  if (!state.mechanisms.empty()) text += fmt::format(" ({})", state.mechanisms);
  return text;
}

void WatchLog::extend(TimePoint until) {
  if (probes_ > 0 && until > last_) spells_[now_in_].length += until - last_;
}

std::optional<std::string> WatchLog::note(TimePoint at, const WatchState& state) {
  extend(at);
  const bool first = probes_++ == 0;
  if (first) first_ = at;
  last_ = at;
  if (!first && spells_[now_in_].state == state) return {};
  const auto before = first ? std::string() : to_string(spells_[now_in_].state);
  auto known = std::ranges::find(spells_, state, &Spell::state);
  if (known == spells_.end()) known = spells_.insert(spells_.end(), {state, {}});
  now_in_ = static_cast<std::size_t>(known - spells_.begin());
  if (first) return to_string(state);
  ++changes_;
  return fmt::format("{}; it was {}", to_string(state), before);
}

std::string WatchLog::summary(TimePoint now) const {
  auto copy = *this;
  copy.extend(now);
  std::string text =
      fmt::format("{} probe{} in {}, {} change{}\n", probes_, probes_ == 1 ? "" : "s",
                  length_text(std::max(now, last_) - first_), changes_, changes_ == 1 ? "" : "s");
  for (const auto& spell : copy.spells_)
    text += fmt::format("  {:>12}  {}\n", length_text(spell.length), to_string(spell.state));
  return text;
}

std::string length_text(Duration span) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(span).count();
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

}  // namespace hopblame
