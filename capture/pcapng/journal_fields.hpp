#pragma once
// Which fields of which struct a journal holds: one list per struct serves writing and reading.

#include <concepts>
#include <utility>
#include <vector>

#include "capture/pcapng/journal_values.hpp"

namespace hopblame::journal {

template <class Value, class Struct>
concept Is = std::same_as<std::remove_const_t<Value>, Struct>;

void fields(Is<Endpoint> auto& it, auto visit) {
  visit("address", it.address);
  visit("port", it.port);
}

void fields(Is<Flow> auto& it, auto visit) {
  visit("transport", it.transport);
  visit("source", it.source);
  visit("destination", it.destination);
}

void fields(Is<Goal> auto& it, auto visit) {
  visit("host", it.host);
  visit("target", it.target);
  visit("control_port", it.control_port);
  visit("max_hops", it.max_hops);
  visit("tries", it.tries);
  visit("patience_ns", it.patience);
  visit("rate", it.rate);
  visit("handshake", it.handshake);
  visit("numeric", it.numeric);
}

void fields(Is<OtherInterface> auto& it, auto visit) {
  visit("index", it.index);
  visit("interface", it.name);
}

void fields(Is<Vantage> auto& it, auto visit) {
  visit("local", it.local);
  visit("interface", it.interface);
  visit("gateway", it.gateway);
  visit("route_error", it.route_error);
  visit("target_is_local", it.target_is_local);
  visit("off_network", it.off_network);
  visit("interface_up", it.interface_up);
  visit("down_interfaces", it.down_interfaces);
  visit("mtu", it.mtu);
  visit("elsewhere", it.elsewhere);
  visit("on_other_links", it.on_other_links);
  visit("point_to_point", it.point_to_point);
  visit("other_sources", it.other_sources);
  visit("other_exits", it.other_exits);
}

void fields(Is<CaptureFacts> auto& it, auto visit) {
  visit("vantage", it.vantage);
  visit("started_ns", it.started);
  visit("horizon_ns", it.horizon);
  visit("dropped", it.dropped);
  visit("misfits", it.misfits);
  visit("truncated", it.truncated);
  visit("sees_outbound", it.sees_outbound);
  visit("sees_inbound", it.sees_inbound);
  visit("clock_stepped", it.clock_stepped);
  visit("interrupted", it.interrupted);
  visit("interface_lost", it.interface_lost);
}

void fields(Is<Question> auto& it, auto visit) {
  visit("kind", it.kind);
  visit("aim", it.aim);
  visit("lane", it.lane);
  visit("hop_limit", it.hop_limit);
}

void fields(Is<ProbeSpec> auto& it, auto visit) {
  visit("id", it.id);
  visit("question", it.question);
  visit("flow", it.flow);
  visit("sequence", it.sequence);
  visit("acknowledgment", it.acknowledgment);
  visit("ip_id", it.ip_id);
  visit("echo_identifier", it.echo_identifier);
  visit("echo_sequence", it.echo_sequence);
  visit("traffic_class", it.traffic_class);
}

void fields(Is<SendRecord> auto& it, auto visit) {
  visit("spec", it.spec);
  visit("at_ns", it.at);
  visit("error", it.error);
}

void fields(Is<SshRecord> auto& it, auto visit) {
  visit("lines", it.lines);
  visit("heard_ns", it.heard);
  visit("identified_ns", it.identified);
  visit("said_ns", it.said);
  visit("said_bytes", it.said_bytes);
  visit("answered_ns", it.answered);
}

void fields(Is<ConnectRecord> auto& it, auto visit) {
  visit("flow", it.flow);
  visit("at_ns", it.at);
  visit("ended_ns", it.ended);
  visit("hung_up_ns", it.hung_up);
  visit("error", it.error);
  visit("greeting", it.greeting);
  visit("spoke_ns", it.spoke);
  visit("closed_ns", it.closed);
  visit("close_error", it.close_error);
  visit("ssh", it.ssh);
}

void fields(Is<QueuedIcmp> auto& it, auto visit) {
  visit("type", it.type);
  visit("code", it.code);
  visit("from", it.from);
}

void fields(Is<SynsTold> auto& it, auto visit) {
  visit("repeats", it.repeats);
  visit("round_trip_ns", it.round_trip);
}

void fields(Is<ConnectOnly> auto& it, auto visit) {
  visit("icmp", it.icmp);
  visit("control_asked", it.control_asked);
  visit("control_error", it.control_error);
  visit("control_waited_ns", it.control_waited);
  visit("syns", it.syns);
}

void fields(Is<OtherAddress> auto& it, auto visit) {
  visit("address", it.address);
  visit("error", it.error);
}

void fields(Is<std::pair<IpAddress, std::string>> auto& it, auto visit) {
  visit("address", it.first);
  visit("name", it.second);
}

/// All but the observations: those are the packets of the file.
void fields(Is<Run> auto& it, auto visit) {
  visit("goal", it.goal);
  visit("facts", it.facts);
  visit("sends", it.sends);
  visit("connect", it.connect);
  visit("connect_only", it.connect_only);
  visit("others", it.others);
  visit("names", it.names);
  visit("redacted", it.redacted);
  visit("started_ns", it.started);
  visit("ended_ns", it.ended);
}

struct IgnoreField {
  void operator()(const char*, const auto&) const {}
};
template <class Value>
concept Struct = requires(const Value& value) {
  fields(value, IgnoreField{});
};

template <Struct Value>
[[nodiscard]] Json write(const Value& value);
template <Struct Value>
[[nodiscard]] bool read(const Json& json, Value& value);

template <class Value>
[[nodiscard]] Json write(const std::optional<Value>& value) {
  return value ? write(*value) : Json(nullptr);
}

template <class Value>
[[nodiscard]] bool read(const Json& json, std::optional<Value>& value) {
  value.reset();
  return json.is_null() || read(json, value.emplace());
}

template <class Value>
[[nodiscard]] Json write(const std::vector<Value>& values) {
  Json array = Json::array();
  for (const Value& value : values) array.push_back(write(value));
  return array;
}

template <class Value>
[[nodiscard]] bool read(const Json& json, std::vector<Value>& values) {
  if (!json.is_array()) return false;
  values.clear();
  for (const Json& element : json)
    if (!read(element, values.emplace_back())) return false;
  return true;
}

/// An absent member is a failure: our own journals have them all.
template <class Value>
[[nodiscard]] bool read_member(const Json& object, const char* name, Value& value) {
  const auto member = object.find(name);
  return member != object.end() && read(*member, value);
}

/// A flag that is absent keeps its default: a journal written before there was such a one.
[[nodiscard]] inline bool read_member(const Json& object, const char* name, bool& value) {
  const auto member = object.find(name);
  return member == object.end() || read(*member, value);
}

/// And so are these, of which there may be none.
template <class Value>
concept MayBeNone = std::same_as<Value, OtherInterface> || std::same_as<Value, IpAddress>;
template <MayBeNone Value>
[[nodiscard]] bool read_member(const Json& object, const char* name, std::vector<Value>& values) {
  const auto member = object.find(name);
  values.clear();
  return member == object.end() || read(*member, values);
}

/// Unless it may be null: a journal written before there was such a member does not know it.
template <class Value>
[[nodiscard]] bool read_member(const Json& object, const char* name, std::optional<Value>& value) {
  const auto member = object.find(name);
  value.reset();
  return member == object.end() || read(*member, value);
}

template <Struct Value>
Json write(const Value& value) {
  Json object = Json::object();
  fields(value, [&object](const char* name, const auto& field) { object[name] = write(field); });
  return object;
}

template <Struct Value>
bool read(const Json& json, Value& value) {
  if (!json.is_object()) return false;
  bool ok = true;
  fields(value, [&](const char* name, auto& field) { ok = ok && read_member(json, name, field); });
  return ok;
}

}  // namespace hopblame::journal
