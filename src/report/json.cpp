// The object of hopblame-1.schema.json. Unknown is null; text from outside is in its printable
// form.
#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/model/icmp_codes.hpp"
#include "src/report/document.hpp"
#include "src/report/json_compare.hpp"
#include "src/report/their_words.hpp"
#include "src/report/timestamp.hpp"
#include "src/report/untrusted.hpp"

namespace hopblame {
namespace {

using Json = nlohmann::ordered_json;

Json outside(const std::string& raw) {
  return raw.empty() ? Json(nullptr) : Json(Untrusted(raw).printable());
}

Json text(std::string_view own) { return for_json(own); }

template <class Value>
Json number(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json address(const std::optional<IpAddress>& value) {
  return value ? Json(to_string(*value)) : Json(nullptr);
}

double rounded(double value, double steps) { return std::round(value * steps) / steps; }

Json name_of(const Run& run, const std::optional<IpAddress>& wanted) {
  for (const auto& [named, name] : run.names)
    if (wanted && named == *wanted) return outside(name);
  return nullptr;
}

Json target_of(const Goal& goal) {
  return {{"host", outside(goal.host)},
          {"address", to_string(goal.target.address)},
          {"port", goal.target.port},
          {"family", to_string(goal.target.address.family)}};
}

Json source_of(const Vantage& vantage) {
  const bool known = !vantage.local.is_unspecified();
  return {{"address", known ? Json(to_string(vantage.local)) : Json(nullptr)},
          {"interface", outside(vantage.interface)}};
}

Json app_sees_of(const ReportInput& input) {
  const AppError error = app_error(input);
  return {{"errno", error.name.empty() ? Json(nullptr) : Json(error.name)},
          {"text", error.text.empty() ? Json(nullptr) : Json(error.text)}};
}

Json where_of(const Where& where) {
  return {{"kind", to_string(where.kind)},
          {"first_hop", number(where.first_hop)},
          {"last_hop", number(where.last_hop)},
          {"address", address(where.address)}};
}

Json culprit_of(const ReportInput& input) {
  const Culprit& culprit = input.analysis.verdict.culprit;
  Json json = where_of(culprit.where);
  json["name"] = name_of(input.run, culprit.where.address);
  json["confidence"] = to_string(culprit.confidence);
  return json;
}

Json evidence_of(const std::vector<Evidence>& evidence) {
  Json list = Json::array();
  for (const auto& item : evidence) {
    Json packets = Json::array();
    for (const FrameId frame : item.packets) packets.push_back(frame.value);
    list.push_back({{"text", text(item.text)}, {"packets", packets}});
  }
  return list;
}

Json explanations_of(const Verdict& verdict) {
  Json list = Json::array();
  for (const auto& item : verdict.explanations)
    list.push_back(
        {{"mechanism", to_string(item.mechanism)},
         {"rank", item.rank},
         {"where", where_of(item.where)},
         {"because", evidence_of(item.because)},
         {"against", evidence_of(item.against)},
         {"settled_by", item.settled_by.empty() ? Json(nullptr) : text(item.settled_by)}});
  return list;
}

Json icmp_of(const std::optional<DecidingIcmp>& icmp) {
  if (!icmp) return nullptr;
  Json limit = icmp->quoted_hop_limit ? Json(icmp->quoted_hop_limit->value) : Json(nullptr);
  return {{"type", icmp->type},
          {"code", icmp->code},
          {"text", icmp_text(icmp->from.family, icmp->type, icmp->code)},
          {"from", to_string(icmp->from)},
          {"quoted_hop_limit", limit},
          {"packet", icmp->frame.value == 0 ? Json(nullptr) : Json(icmp->frame.value)}};
}

Json service_of(const Service& service) {
  return {{"spoke", number(service.spoke)},
          {"banner", service.banner ? outside(*service.banner) : Json(nullptr)},
          {"name", service.name ? text(*service.name) : Json(nullptr)}};
}

Json hop_of(const Run& run, const Hop& hop) {
  Json addresses = Json::array(), names = Json::array();
  for (const auto& responder : hop.responders) {
    addresses.push_back(to_string(responder.address));
    names.push_back(name_of(run, responder.address));
  }
  return {{"hop", hop.distance},
          {"addresses", addresses},
          {"names", names},
          {"rtt_ms", hop.round_trip ? Json(rounded(milliseconds(*hop.round_trip), 1e3)) : nullptr},
          {"target_flow", to_string(hop.target_flow)},
          {"control_flow", to_string(hop.control_flow)},
          {"asked", hop.asked},
          {"answered", hop.answered}};
}

Json path_of(const ReportInput& input) {
  Json list = Json::array();
  for (const Hop& hop : input.analysis.path.hops) list.push_back(hop_of(input.run, hop));
  return list;
}

Json caveats_of(const Verdict& verdict) {
  Json list = Json::array();
  for (const auto& item : verdict.caveats)
    list.push_back({{"id", to_string(item.id)},
                    {"text", text(item.text.empty() ? article(item.id).what : item.text)}});
  return list;
}

Json steps_of(const ReportInput& input) {
  Json list = Json::array();
  auto steps = next_steps(input);
  in_their_words(steps, input.run);
  for (const auto& step : steps) {
    Json commands = Json::array();
    for (const auto& line : step.commands) commands.push_back(text(line));
    list.push_back({{"who", to_string(step.who)},
                    {"text", text(step.text)},
                    {"commands", commands},
                    {"change", step.change}});
  }
  return list;
}

Json packets_of(const PacketCounts& counts) {
  return {{"sent", counts.sent},
          {"seen_leaving", counts.seen_leaving},
          {"received", counts.received},
          {"rejected_as_forged", counts.rejected_as_forged},
          {"capture_drops", counts.capture_drops}};
}

Json moment(const std::optional<TimePoint>& at) {
  return at ? Json(timestamp(*at)) : Json(nullptr);
}

Json attempts_of(const Attempts& attempts) {
  Json json{{"total", attempts.total},     {"open", attempts.open},
            {"refused", attempts.refused}, {"rejected", attempts.rejected},
            {"dropped", attempts.dropped}, {"other", attempts.other}};
  if (!attempts.first) return json;  // one run of ours: its times are above
  json["first"] = moment(attempts.first);
  json["last"] = moment(attempts.last);
  json["since"] = moment(attempts.since);
  return json;
}

}  // namespace

std::string render_json(const ReportInput& input, int indent) {
  const Run& run = input.run;
  Analysis analysis = input.analysis;
  in_their_words(analysis.verdict, run);
  Json json{
      {"schema", "hopblame/1"},
      {"version", text(input.version)},
      {"command", text(input.command)},
      {"target", target_of(run.goal)},
      {"source", source_of(run.facts.vantage)},
      {"started", run.started == TimePoint{} ? Json(nullptr) : Json(timestamp(run.started))},
      {"seconds", rounded(seconds(run.ended - run.started), 1e6)},
      {"outcome", to_string(analysis.verdict.outcome)},
      {"app_sees", app_sees_of(input)},
      {"culprit", culprit_of(input)},
      {"explanations", explanations_of(analysis.verdict)},
      {"icmp", icmp_of(analysis.icmp)},
      {"service", service_of(analysis.service)},
      {"distance",
       {{"target_flow", number(analysis.path.distance.target_flow)},
        {"destination", number(analysis.path.distance.destination)}}},
      {"path", path_of(input)},
      {"caveats", caveats_of(analysis.verdict)},
      {"next_steps", steps_of(input)},
      {"packets", packets_of(analysis.packets)},
      {"attempts", attempts_of(analysis.attempts)},
  };
  if (input.both) json["compare"] = json_of(*input.both);
  return json.dump(indent, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace hopblame
