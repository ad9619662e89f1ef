#include "src/report/json_compare.hpp"

#include <cmath>

namespace hopblame {
namespace {

std::optional<double> milliseconds_of(const std::optional<Duration>& span) {
  return span ? std::optional(std::round(milliseconds(*span) * 1e6) / 1e6) : std::nullopt;
}

void write(JsonWriter& json, std::string_view name, const Flow& flow) {
  json.object(name, [&] {
    json.field("from", flow.source.address);
    json.field("from_port", flow.source.port);
    json.field("to", flow.destination.address);
    json.field("to_port", flow.destination.port);
  });
}

void write(JsonWriter& json, std::string_view name, const std::vector<FrameId>& frames) {
  json.list(name, frames, [&](FrameId frame) { json.item(frame.value); });
}

void write(JsonWriter& json, const compare::AttemptFinding& attempt) {
  json.object([&] {
    json.field("at", attempt.at);
    write(json, "client", attempt.at_client);
    if (attempt.at_server)
      write(json, "server", *attempt.at_server);
    else
      json.field("server", nullptr);
    json.field("outcome", to_string(attempt.outcome));
    json.field("finding", to_string(attempt.finding));
    json.field("way", attempt.way ? std::optional(to_string(*attempt.way)) : std::nullopt);
    json.field("text", attempt.text);
    write(json, "client_packets", attempt.client_packets);
    write(json, "server_packets", attempt.server_packets);
  });
}

void write(JsonWriter& json, const compare::Rewrite& rewrite) {
  json.object([&] {
    json.field("what", to_string(rewrite.field));
    json.field("way", to_string(rewrite.way));
    json.field("sent", rewrite.sent);
    json.field("received", rewrite.received);
    json.field("client_packet", rewrite.client.value);
    json.field("server_packet", rewrite.server.value);
  });
}

void write(JsonWriter& json, std::string_view name,
           const std::optional<compare::Passage>& passage) {
  if (!passage) return json.field(name, nullptr);
  json.object(name, [&] {
    json.field("packet", passage->frame.value);
    json.field("at", passage->at);
  });
}

void write(JsonWriter& json, const compare::Crossing& crossing) {
  json.object([&] {
    json.field("what", crossing.words);
    json.field("way", to_string(crossing.way));
    json.field("fate", to_string(crossing.fate));
    write(json, "client", crossing.client);
    write(json, "server", crossing.server);
    json.list("changed", crossing.changed,
              [&](compare::Field field) { json.item(to_string(field)); });
  });
}

void write(JsonWriter& json, const compare::Clock& clock) {
  json.object("clock", [&] {
    json.field("offset_ms", milliseconds_of(clock.offset));
    json.field("drift_ppm", clock.drift != 0 ? std::optional(static_cast<double>(clock.drift) / 1e3)
                                             : std::nullopt);
    json.field("uncertainty_ms", milliseconds_of(clock.uncertainty));
    json.field("packets", clock.packets);
    json.field("consistent", clock.consistent);
  });
}

void write_overlap(JsonWriter& json, const compare::Comparison& comparison) {
  if (!comparison.from || !comparison.until) return json.field("overlap", nullptr);
  json.object("overlap", [&] {
    json.field("from", *comparison.from);
    json.field("until", *comparison.until);
  });
}

}  // namespace

void write(JsonWriter& json, std::string_view name, const compare::Comparison& comparison) {
  json.object(name, [&] {
    write(json, comparison.clock);
    write_overlap(json, comparison);
    json.field("distance", comparison.distance);
    json.object("packets", [&] {
      json.field("at_both_ends", comparison.paired);
      json.field("lost_there", comparison.lost_there);
      json.field("lost_back", comparison.lost_back);
    });
    json.list("attempts", comparison.attempts, [&](const auto& attempt) { write(json, attempt); });
    json.list("rewrites", comparison.rewrites, [&](const auto& rewrite) { write(json, rewrite); });
    json.list("picture", comparison.crossings,
              [&](const auto& crossing) { write(json, crossing); });
  });
}

}  // namespace hopblame
