#include "src/watch_log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

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

std::string address_in(const Json& report, const char* end) {
  const auto found = report.find(end);
  if (found == report.end() || !found->is_object()) return {};
  const auto address = found->find("address");
  return address != found->end() && address->is_string() ? address->get<std::string>() : "";
}

/// "; WHAT NEW now, it was OLD", where both are known. Keeps the new one.
std::string moved(const char* what, std::string& known, const std::string& now) {
  if (now.empty()) return {};
  const auto before = std::exchange(known, now);
  return before.empty() || before == now ? std::string()
                                         : fmt::format("; {} {} now, it was {}", what, now, before);
}

std::string way_of(const WatchState& state) {
  return state.target.empty() ? "" : fmt::format(", {} to {}", state.source, state.target);
}

/// RFC 3339 in UTC, as in every report.
std::string utc(TimePoint at) {
  const auto since = at.time_since_epoch();
  const auto whole = std::chrono::floor<std::chrono::seconds>(since);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:09}Z",
                     fmt::gmtime(static_cast<std::time_t>(whole.count())), (since - whole).count());
}

}  // namespace

std::string without_report(const std::string& earlier, TimePoint at, const std::string& why) {
  using Ordered = nlohmann::ordered_json;
  const auto before = Ordered::parse(earlier, nullptr, false);
  const Ordered none;
  const Ordered nobody{{"kind", "unknown"}, {"first_hop", none}, {"last_hop", none},
                       {"address", none},   {"name", none},      {"confidence", "weak"}};
  Ordered report;
  for (const auto* kept : {"schema", "version", "command", "target", "source"})
    report[kept] = before.at(kept);
  report["command"] = "watch";
  report["started"] = utc(at);
  report["seconds"] = 0;
  report["outcome"] = "inconclusive";
  report["app_sees"] = {{"errno", none}, {"text", none}};
  report["culprit"] = nobody;
  report["explanations"] = Ordered::array();
  report["icmp"] = none;
  report["service"] = {
      {"spoke", none}, {"banner", none}, {"name", before.at("service").at("name")}};
  report["distance"] = {{"target_flow", none}, {"destination", none}};
  report["path"] = Ordered::array();
  report["caveats"] = Ordered::array({{{"id", "no-probe"}, {"text", "No probe: " + why}}});
  report["next_steps"] = Ordered::array();
  for (const auto* count :
       {"sent", "seen_leaving", "received", "rejected_as_forged", "capture_drops"})
    report["packets"][count] = 0;
  for (const auto* count : {"total", "open", "refused", "rejected", "dropped", "other"})
    report["attempts"][count] = 0;
  return report.dump() + "\n";
}

std::optional<WatchState> watch_state(const std::string& json) {
  const auto report = Json::parse(json, nullptr, false);
  if (!report.is_object() || !report.contains("outcome") || !report.contains("culprit") ||
      !report.contains("explanations"))
    return {};
  return WatchState{report.at("outcome"), culprit_text(report.at("culprit")),
                    mechanisms_text(report.at("explanations")), address_in(report, "target"),
                    address_in(report, "source")};
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
  const auto news = moved("the name leads to", target_, state.target) +
                    moved("this machine is", source_, state.source);
  if (!first && spells_[now_in_].state == state) return {};
  const auto before = first ? std::string() : to_string(spells_[now_in_].state);
  auto known = std::ranges::find(spells_, state, &Spell::state);
  if (known == spells_.end()) known = spells_.insert(spells_.end(), {state, {}});
  now_in_ = static_cast<std::size_t>(known - spells_.begin());
  if (first) return to_string(state);
  ++changes_;
  const auto text = to_string(state);
  return (text == before ? text : fmt::format("{}; it was {}", text, before)) + news;
}

std::string WatchLog::summary(TimePoint now) const {
  auto copy = *this;
  copy.extend(now);
  std::string text =
      fmt::format("{} probe{} in {}, {} change{}\n", probes_, probes_ == 1 ? "" : "s",
                  length_text(std::max(now, last_) - first_), changes_, changes_ == 1 ? "" : "s");
  const bool several = std::ranges::any_of(copy.spells_, [&](const Spell& spell) {
    return !spell.state.target.empty() &&
           (spell.state.target != target_ || spell.state.source != source_);
  });
  for (const auto& spell : copy.spells_)
    text += fmt::format("  {:>12}  {}{}\n", length_text(spell.length), to_string(spell.state),
                        several ? way_of(spell.state) : "");
  return text;
}

std::string length_text(Duration span) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(span).count();
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

}  // namespace hopblame
