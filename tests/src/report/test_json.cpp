#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "src/report/timestamp.hpp"
#include "tests/src/report/cases.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using nlohmann::json;

namespace {

json json_of(const cases::Case& made) { return json::parse(render_json(made.input())); }

}  // namespace

TEST_CASE("JSON: one line of ASCII by default, so that reports can be JSON Lines") {
  for (const auto& made : cases::all()) {
    const std::string text = render_json(made.input());
    CHECK(text.find('\n') == text.size() - 1);
    CHECK(std::all_of(text.begin(), text.end() - 1, [](char c) { return c >= 0x20 && c < 0x7f; }));
    CHECK(json::parse(text).is_object());
  }
}

TEST_CASE("JSON: every field of the contract, with its value") {
  const json report = json_of(cases::middlebox_reset());
  CHECK(report["schema"] == "hopblame/1");
  CHECK(report["command"] == "probe");
  CHECK(report["target"] == json{{"host", "db.example.com"},
                                 {"address", "203.0.113.10"},
                                 {"port", 22},
                                 {"family", "ipv4"}});
  CHECK(report["source"] == json{{"address", "192.0.2.7"}, {"interface", "eth0"}});
  CHECK(report["started"] == "2026-11-20T11:20:00.001234567Z");
  CHECK(report["seconds"] == 0.42);
  CHECK(report["outcome"] == "refused");
  CHECK(report["app_sees"] == json{{"errno", "ECONNREFUSED"}, {"text", "Connection refused"}});
  CHECK(report["culprit"] == json{{"kind", "router"},
                                  {"first_hop", 2},
                                  {"last_hop", 2},
                                  {"address", "198.51.100.77"},
                                  {"name", nullptr},
                                  {"confidence", "strong"}});
  CHECK(report["explanations"][0]["mechanism"] == "middlebox-reset");
  CHECK(report["explanations"][0]["because"][0]["packets"] == json{12, 31});
  CHECK(report["explanations"][0]["settled_by"] == "the rule counters on 198.51.100.77");
  CHECK(report["icmp"].is_null());
  CHECK(report["distance"] == json{{"target_flow", 2}, {"destination", 4}});
  CHECK(report["path"].size() == 4);
  CHECK(report["path"][0] == json{{"hop", 1},
                                  {"addresses", {"192.0.2.1"}},
                                  {"names", {"gw.example.net"}},
                                  {"rtt_ms", 0.41},
                                  {"target_flow", "passes"},
                                  {"control_flow", "passes"},
                                  {"asked", 2},
                                  {"answered", 2}});
  CHECK(report["attempts"]["refused"] == 1);
  CHECK(report["next_steps"][0]["who"] == "network");
}

TEST_CASE("JSON: the ICMP message that decided") {
  CHECK(json_of(cases::icmp_reject_router())["icmp"] ==
        json{{"type", 3},
             {"code", 13},
             {"text", "communication administratively prohibited"},
             {"from", "198.51.100.77"},
             {"quoted_hop_limit", 62},
             {"packet", 14}});
  CHECK(json_of(cases::host_down())["icmp"]["quoted_hop_limit"].is_null());
}

TEST_CASE("JSON: unknown is null, never 0 or an empty string") {
  auto made = cases::inconclusive();
  made.run.facts.vantage = {};
  made.run.started = {};
  const json report = json_of(made);
  CHECK(report["target"]["host"].is_null());
  CHECK(report["source"] == json{{"address", nullptr}, {"interface", nullptr}});
  CHECK(report["started"].is_null());
  CHECK(report["app_sees"] == json{{"errno", nullptr}, {"text", nullptr}});
  CHECK(report["culprit"]["first_hop"].is_null());
  CHECK(report["service"]["spoke"].is_null());
  CHECK(report["service"]["banner"].is_null());
  CHECK(report["distance"] == json{{"target_flow", nullptr}, {"destination", nullptr}});
}

TEST_CASE("JSON: a connection that completed has no errno, but a text") {
  CHECK(json_of(cases::open())["app_sees"] == json{{"errno", nullptr}, {"text", "connected"}});
  CHECK(json_of(cases::closed_early())["app_sees"]["text"] == "connected, then reset by the peer");
}

TEST_CASE("JSON: a hostile banner is printable and complete") {
  const std::string banner = json_of(cases::closed_early())["service"]["banner"];
  CHECK(banner.starts_with("Exceeded MaxStartups\\x0d\\x1b[2J"));
  CHECK(banner.find("<script>alert(1)</script>") != std::string::npos);
}

TEST_CASE("JSON: texts of the analysis that are no UTF-8 do not throw") {
  auto made = cases::closed();
  made.analysis.verdict.explanations[0].because[0].text = "\xff\xfe";
  made.analysis.verdict.explanations[0].settled_by = "\xc0";
  CHECK(json_of(made)["explanations"][0]["because"][0]["text"] == "\\xff\\xfe");
}

TEST_CASE("timestamps are RFC 3339 with nanoseconds") {
  CHECK(timestamp(TimePoint{}) == "1970-01-01T00:00:00.000000000Z");
  CHECK(timestamp(TimePoint(Duration(1709210096123456789))) == "2024-02-29T12:34:56.123456789Z");
  CHECK(timestamp(TimePoint(Duration(-1))) == "1969-12-31T23:59:59.999999999Z");
}

// tests/src/report/schema.py runs this with the name of a file, then validates its lines.
TEST_CASE("JSON: all cases can be written for the schema") {
  const char* path = std::getenv("HOPBLAME_JSON_OUT");
  std::ofstream file(path ? path : "/dev/null");
  for (const auto& made : cases::all()) file << render_json(made.input());
  CHECK(file.good());
}
