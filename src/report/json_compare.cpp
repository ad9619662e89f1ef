#include "src/report/json_compare.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "src/report/timestamp.hpp"

namespace hopblame {
namespace {

using Json = nlohmann::ordered_json;

Json milliseconds_of(const std::optional<Duration>& span) {
  return span ? Json(std::round(milliseconds(*span) * 1e6) / 1e6) : Json(nullptr);
}

Json flow_of(const Flow& flow) {
  return {{"from", to_string(flow.source.address)},
          {"from_port", flow.source.port},
          {"to", to_string(flow.destination.address)},
          {"to_port", flow.destination.port}};
}

Json packets_of(const std::vector<FrameId>& frames) {
  Json list = Json::array();
  for (const FrameId frame : frames) list.push_back(frame.value);
  return list;
}

Json attempt_of(const compare::AttemptFinding& attempt) {
  return {{"at", timestamp(attempt.at)},
          {"client", flow_of(attempt.at_client)},
          {"server", attempt.at_server ? flow_of(*attempt.at_server) : Json(nullptr)},
          {"outcome", to_string(attempt.outcome)},
          {"finding", to_string(attempt.finding)},
          {"way", attempt.way ? Json(to_string(*attempt.way)) : Json(nullptr)},
          {"text", attempt.text},
          {"client_packets", packets_of(attempt.client_packets)},
          {"server_packets", packets_of(attempt.server_packets)}};
}

Json rewrite_of(const compare::Rewrite& rewrite) {
  return {{"what", to_string(rewrite.field)},
          {"way", to_string(rewrite.way)},
          {"sent", rewrite.sent},
          {"received", rewrite.received},
          {"client_packet", rewrite.client.value},
          {"server_packet", rewrite.server.value}};
}

Json overlap_of(const compare::Comparison& comparison) {
  if (!comparison.from || !comparison.until) return nullptr;
  return {{"from", timestamp(*comparison.from)}, {"until", timestamp(*comparison.until)}};
}

}  // namespace

nlohmann::ordered_json json_of(const compare::Comparison& comparison) {
  Json attempts = Json::array(), rewrites = Json::array();
  for (const auto& attempt : comparison.attempts) attempts.push_back(attempt_of(attempt));
  for (const auto& rewrite : comparison.rewrites) rewrites.push_back(rewrite_of(rewrite));
  const auto& clock = comparison.clock;
  return {{"clock",
           {{"offset_ms", milliseconds_of(clock.offset)},
            {"uncertainty_ms", milliseconds_of(clock.uncertainty)},
            {"packets", clock.packets},
            {"consistent", clock.consistent}}},
          {"overlap", overlap_of(comparison)},
          {"distance", comparison.distance ? Json(*comparison.distance) : Json(nullptr)},
          {"packets",
           {{"at_both_ends", comparison.paired},
            {"lost_there", comparison.lost_there},
            {"lost_back", comparison.lost_back}}},
          {"attempts", attempts},
          {"rewrites", rewrites}};
}

}  // namespace hopblame
