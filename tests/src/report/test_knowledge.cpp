#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "src/commands/explain.hpp"
#include "src/report/knowledge.hpp"
#include "src/report/placeholders.hpp"
#include "src/report/steps.hpp"
#include "src/report/wrap.hpp"
#include "tests/src/report/cases.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

bool ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

void check_article(std::string_view word, const Article& article) {
  CAPTURE(word);
  for (const auto text :
       {article.title, article.what, article.wire, article.fixed_by, article.check}) {
    CHECK_FALSE(text.empty());
    CHECK(ascii(text));
  }
  CHECK(article.title.back() != '.');
  for (const auto text : {article.what, article.fixed_by}) CHECK(text.back() == '.');
}

void check_step(const Advice& step) {
  CAPTURE(step.text);
  CHECK(ascii(step.text));
  std::string commands(step.commands);
  std::replace(commands.begin(), commands.end(), '\n', ' ');
  CHECK(ascii(commands));
  const std::string filled = fill(step.text, generic_facts()) + fill(commands, generic_facts());
  for (const char* name : {"address", "host", "port", "source", "from", "interface", "device",
                           "culprit", "iptables", "aws", "gateway"})
    CHECK(filled.find("{" + std::string(name) + "}") == std::string::npos);
}

bool names(std::string_view text, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return text.find(word) != std::string_view::npos; });
}

}  // namespace

TEST_CASE("every outcome, mechanism and caveat has an article") {
  for (const auto value : all_outcomes()) check_article(to_string(value), article(value));
  for (const auto value : all_mechanisms()) check_article(to_string(value), article(value));
  for (const auto value : all_caveats()) check_article(to_string(value), article(value));
}

TEST_CASE("no two mechanisms share an article") {
  for (const auto one : all_mechanisms())
    for (const auto other : all_mechanisms())
      if (one != other) CHECK(&article(one) != &article(other));
}

TEST_CASE("every fault has a next step, and every step's placeholders are known") {
  for (const auto value : all_mechanisms()) {
    CAPTURE(to_string(value));
    CHECK((value == Mechanism::listening || !article(value).steps.empty()));
    for (const Advice& step : article(value).steps) check_step(step);
  }
  for (const auto value : all_outcomes()) {
    CAPTURE(to_string(value));
    CHECK((value == Outcome::open || !article(value).steps.empty()));
    for (const Advice& step : article(value).steps) check_step(step);
  }
}

TEST_CASE("every mechanism has a step for every reader it concerns") {
  using enum Reader;
  const std::map<Mechanism, std::set<Reader>> concerned{
      {Mechanism::closed_port, {service, host, user}},
      {Mechanism::host_firewall_reset, {host, service, user}},
      {Mechanism::middlebox_reset, {network, host, user}},
      {Mechanism::injected_reset, {network, host, user}},
      {Mechanism::icmp_reject_host, {host, user}},
      {Mechanism::icmp_reject_router, {network, user}},
      {Mechanism::no_route, {network, user}},
      {Mechanism::route_prohibited, {network, user}},
      {Mechanism::routing_loop, {network, user}},
      {Mechanism::host_down, {host, network, cloud, user}},
      {Mechanism::filter_drop, {host, network, cloud, user}},
      {Mechanism::syn_filter, {host, network, cloud, user}},
      {Mechanism::accept_queue_full, {service, user}},
      {Mechanism::answer_lost, {host, network, cloud, user}},
      {Mechanism::blackhole, {network, cloud, host, user}},
      {Mechanism::host_silent, {host, network, cloud, user}},
      {Mechanism::syn_proxy, {network, host, user}},
      {Mechanism::transparent_proxy, {network, user}},
      {Mechanism::port_forward, {network, service, user}},
      {Mechanism::tarpit, {host, user}},
      {Mechanism::accept_then_close, {service, user}},
      {Mechanism::connection_limit, {service, user}},
      {Mechanism::data_blocked, {user, service, network}},
      {Mechanism::rate_limit, {host, network, user}},
      {Mechanism::probe_ban, {host, user}},
      {Mechanism::path_loss, {network, user}},
      {Mechanism::local_output_filter, {host, user}},
      {Mechanism::local_input_filter, {host, user}},
      {Mechanism::local_route, {host, user}},
      {Mechanism::local_neighbour, {user, network}},
      {Mechanism::local_interface, {user, host}},
      {Mechanism::listening, {}}};
  for (const auto mechanism : all_mechanisms()) {
    CAPTURE(to_string(mechanism));
    std::set<Reader> told;
    for (const Advice& step : article(mechanism).steps) told.insert(step.who);
    const auto& wanted = concerned.at(mechanism);
    CHECK(std::includes(told.begin(), told.end(), wanted.begin(), wanted.end()));
    CHECK((mechanism == Mechanism::listening || told.contains(user)));
  }
}

TEST_CASE("changes come after everything that only looks") {
  for (const auto mechanism : all_mechanisms()) {
    CAPTURE(to_string(mechanism));
    const auto steps = article(mechanism).steps;
    CHECK(std::is_partitioned(steps.begin(), steps.end(),
                              [](const Advice& step) { return !step.change; }));
  }
}

TEST_CASE("a step that looks holds no command that changes") {
  for (const auto value : all_mechanisms())
    for (const Advice& step : article(value).steps) {
      CAPTURE(step.text, step.commands);
      const bool changes =
          names(step.commands, {"unban", "ufw prepend", "--add-", "--reload", "systemctl enable",
                                "systemctl restart", "link set", "ssh-keygen"});
      CHECK(changes == step.change);
    }
}

TEST_CASE("steps about sshd are for port 22") {
  for (const auto value : all_mechanisms())
    for (const Advice& step : article(value).steps)
      if (names(step.commands, {"ssh"}) || names(step.text, {"SSH", "sshd", "TCP wrappers"})) {
        CAPTURE(step.text);
        CHECK(((step.when & only::ssh) != 0 || names(step.text, {"DPI, IPS, TLS or SSH"})));
      }
}

TEST_CASE("a service that says why it refuses: its own reason first, no guesses at others") {
  Circumstances now;
  now.causes = {Mechanism::accept_then_close};
  now.outcome = Outcome::closed_early;
  const auto tells = [&](std::string_view words) {
    return std::ranges::any_of(steps_for(now), [&](const Advice* step) {
      return step->text.find(words) != std::string_view::npos;
    });
  };
  now.holds = only::elsewhere | only::not_ssh | only::large | only::in_words;
  CHECK(tells("gives as its reason"));
  CHECK_FALSE(tells("living backend"));
  CHECK_FALSE(tells("lie idle"));
  now.holds = only::elsewhere | only::not_ssh | only::large | only::wordless | only::ungreeted;
  CHECK_FALSE(tells("gives as its reason"));
  CHECK(tells("living backend"));
}

TEST_CASE("an answer that a capture shows on its way back: the first look is at the client") {
  Circumstances now;
  now.causes = {Mechanism::answer_lost};
  now.outcome = Outcome::dropped;
  now.holds = only::elsewhere | only::at_host | only::unwatched | only::answer_left;
  CHECK(names(steps_for(now).front()->text, {"On {client}"}));
  now.holds = only::elsewhere | only::at_host | only::unwatched | only::answer_unknown;
  CHECK(names(steps_for(now).front()->text, {"whether the SYN arrives"}));
}

TEST_CASE("where an address passes a port on, nobody asks whether it is switched on") {
  Circumstances now;
  now.causes = {Mechanism::host_down, Mechanism::port_forward};
  now.outcome = Outcome::unreachable;
  now.holds = only::elsewhere | only::last_machine | only::unnamed | only::forwarded;
  for (const auto* step : steps_for(now)) CHECK_FALSE(names(step->text, {"instance", "moved"}));
}

TEST_CASE("the reverse path check is a cause only where answers may come in elsewhere") {
  Circumstances now;
  now.causes = {Mechanism::local_input_filter};
  now.outcome = Outcome::local;
  now.holds = only::of_any_size;
  const auto told = [&] {
    return std::ranges::any_of(
        steps_for(now), [](const Advice* step) { return names(step->text, {"reverse path"}); });
  };
  CHECK_FALSE(told());
  now.holds |= only::by_other_link;
  CHECK(told());
}

TEST_CASE("explain tells all there is about a word") {
  const auto text = explain("middlebox-reset", {});
  REQUIRE(text);
  CHECK(text->starts_with("middlebox-reset (mechanism)\n"));
  for (const char* heading : {"What it is", "How it looks on the wire", "Who can fix it",
                              "How to check", "What to do, and who can"})
    CHECK(text->find(heading) != std::string::npos);
}

TEST_CASE("explain knows every word, and tells both meanings of one that has two") {
  for (const auto value : all_outcomes()) CHECK(explain(to_string(value), {}));
  for (const auto value : all_mechanisms()) CHECK(explain(to_string(value), {}));
  for (const auto value : all_caveats()) CHECK(explain(to_string(value), {}));
  const auto both = explain("path-loss", {});
  CHECK(both->find("path-loss (mechanism)") != std::string::npos);
  CHECK(both->find("path-loss (caveat)") != std::string::npos);
}

TEST_CASE("explain knows every word that the schema lets a report use") {
  std::ifstream file(HOPBLAME_SOURCE_DIR "/src/report/hopblame-1.schema.json");
  const auto schema = nlohmann::json::parse(file);
  const auto& report = schema.at("properties");
  const auto words_at = [&](const char* pointer) {
    const auto& words = report.at(nlohmann::json::json_pointer(pointer));
    REQUIRE(words.size() >= 10);
    for (const auto& word : words) {
      CAPTURE(word);
      CHECK(explain(word.get<std::string>(), {}));
    }
  };
  words_at("/outcome/enum");
  words_at("/explanations/items/properties/mechanism/enum");
}

TEST_CASE("explain keeps to the width") {
  for (const auto value : all_mechanisms())
    for (const unsigned width : {80u, 100u}) {
      const std::string text = *explain(to_string(value), {false, width});
      for (std::size_t start = 0; start < text.size();) {
        const auto end = std::min(text.find('\n', start), text.size());
        CAPTURE(text.substr(start, end - start));
        CHECK(end - start <= width);
        start = end + 1;
      }
    }
}

TEST_CASE("explain offers the words that are near an unknown one") {
  CHECK_FALSE(explain("", {}));
  CHECK_FALSE(explain("midlebox-reset", {}));
  CHECK(near_words("midlebox-reset").front() == "middlebox-reset");
  CHECK(near_words("refuse").front() == "refused");
  const auto resets = near_words("reset");
  CHECK(std::find(resets.begin(), resets.end(), "injected-reset") != resets.end());
  CHECK(near_words("Connection refsed").front() == "connection-refused");
  CHECK(near_words(std::string(100000, '\x1b')).empty());
}

TEST_CASE("explain knows what programs print, and words of the path table") {
  const auto printed = explain("Connection refused", {});
  REQUIRE(printed);
  CHECK(printed->find("a TCP reset answers") != std::string::npos);
  CHECK(explain("REFUSED", {}) == explain("refused", {}));
  const auto is_told = [](const char* line, std::string_view start) {
    CAPTURE(line);
    const auto text = explain(line, {});
    CHECK((text && text->starts_with(start)));
  };
  is_told("ssh: connect to host 203.0.113.10 port 22: Connection refused", "connection-refused (");
  is_told("ssh: connect to host ::1 port 22: connection TIMED OUT\n", "connection-timed-out (");
  is_told("ssh: connect to host 203.0.113.10 port 22: No route to host", "no-route-to-host (");
  is_told("ssh: connect to host a port 22: Network is unreachable", "network-is-unreachable (");
  is_told("ssh: connect to host a port 22: Permission denied", "permission-denied (");
  is_told("ssh: connect to host a port 22: Invalid argument", "invalid-argument (");
  is_told("kex_exchange_identification: Connection closed by remote host", "connection-closed (");
  is_told("kex_exchange_identification: read: Connection reset by peer", "connection-reset-by-p");
  is_told("Connection reset by 203.0.113.10 port 22", "connection-reset (");
  is_told("Connection timed out during banner exchange", "connection-timed-out-during-banner-");
  is_told("ssh: connect to host connection-refused port 22: No route to host", "no-route-to-host");
  is_told("bob@db: Permission denied (publickey,password).", "permission-denied-(publickey (");
  is_told("net/http: TLS handshake timeout",
          "tls-handshake-timeout (what programs say when the "
          "outcome is \"silent-service\")");
  is_told("java.net.SocketTimeoutException: Read timed out", "read-timed-out (");
  is_told("HTTPSConnectionPool(host='db', port=443): Read timed out. (read timeout=5)",
          "read-time");
  is_told("curl: (28) Operation timed out after 5000 milliseconds with 0 bytes received",
          "bytes-r");
  is_told("Read error (Connection timed out) in headers.", "read-error-(connection-timed-out (");
  is_told("ssh: connect to host db port 22: Host is down", "host-is-down (");
  is_told("ssh: Could not resolve hostname db: Name or service not known", "name-or-service-not-");
  is_told("the target machine actively refused it.", "actively-refused-it (");
  is_told("Exceeded MaxStartups",
          "exceeded-maxstartups (what programs say where the cause is "
          "\"connection-limit\")");
  is_told("curl: (7) Failed to connect to db port 22 after 0 ms: Couldn't connect to server",
          "couldn't-connect-to-server (");
  CHECK_FALSE(explain("Everything is well", {}));
  CHECK(explain("not asked", {}));
  CHECK(explain("certain", {}));
  CHECK(word_list({}).find("filter-drop") != std::string::npos);
}

TEST_CASE(
    "Of this machine itself nobody else is asked, and no name is looked up that was not given") {
  Circumstances now;
  now.causes = {Mechanism::closed_port};
  now.holds = only::at_host | only::steady | only::not_ssh | only::unnamed;
  for (const auto* step : steps_for(now)) {
    CHECK(step->commands.find("getent") == std::string_view::npos);
    CHECK(step->text.find("Windows") == std::string_view::npos);
    CHECK(step->who != Reader::network);
  }
  now.holds |= only::elsewhere;
  const auto steps = steps_for(now);
  CHECK(std::ranges::any_of(steps, [](const Advice* step) {
    return step->text.find("Windows") != std::string_view::npos;
  }));
}

TEST_CASE("Where only some connections fail, nobody is told that none arrives") {
  Circumstances now;
  now.causes = {Mechanism::middlebox_reset};
  now.holds = only::before_host | only::on_path | only::elsewhere | only::now_and_then;
  for (const auto* step : steps_for(now))
    CHECK(step->text.find("Nothing must show") == std::string_view::npos);
}

TEST_CASE("wrap breaks at spaces and cuts what is too long") {
  CHECK(wrap("one two three", 8) == std::vector<std::string>{"one two", "three"});
  CHECK(wrap("abcdefghijklm no", 8) == std::vector<std::string>{"abcdefgh", "ijklm no"});
  CHECK(wrap("", 8) == std::vector<std::string>{""});
  CHECK(paragraph("- ", "one two three", 9) == "- one two\n  three\n");
}

TEST_CASE("a command is broken outside quotes only, and can still be pasted") {
  CHECK(wrap_command("a 'b c d e f g h i' j", 14) ==
        std::vector<std::string>{"a \\", "  'b c d e f g h i' \\", "  j"});
  CHECK(wrap_command("ss -ltnp", 80) == std::vector<std::string>{"ss -ltnp"});
}

TEST_CASE("A second fault beside the first adds its first steps, and none twice") {
  Circumstances now;
  now.causes = {Mechanism::filter_drop};
  now.outcome = Outcome::intermittent;
  now.holds = only::on_path | only::elsewhere | only::now_and_then | only::at_host;
  const auto alone = steps_for(now);
  now.beside = {Mechanism::closed_port};
  CHECK(steps_for(now).size() > alone.size());
  now.beside = {Mechanism::filter_drop};
  const auto both = steps_for(now);
  CHECK(std::set(both.begin(), both.end()).size() == both.size());
}

namespace {

auto steps_with(const Circumstances& now, std::string_view words) {
  return std::ranges::count_if(steps_for(now), [&](const Advice* step) {
    return step->text.find(words) != std::string_view::npos;
  });
}

}  // namespace

TEST_CASE("Where loss on the way is proven, devices are asked what they forget, not the service") {
  Circumstances now;
  now.causes = {Mechanism::data_blocked};
  now.holds = only::before_host | only::on_path | only::elsewhere | only::cut;
  CHECK(steps_with(now, "program behind the port hangs") == 0);
  CHECK(steps_with(now, "table of connections") == 1);
  CHECK(steps_for(now).front()->text.find("table of connections") != std::string_view::npos);
  now.holds = only::at_host | only::elsewhere | only::of_any_size | only::uncut;
  CHECK(steps_with(now, "program behind the port hangs") == 1);
}

TEST_CASE("Where a router's word on the size of packets is not heeded, the steps are about that") {
  Circumstances now;
  now.causes = {Mechanism::local_input_filter, Mechanism::data_blocked};
  now.holds =
      only::at_host | only::on_path | only::elsewhere | only::unproven | only::large | only::uncut;
  const auto shown = [&](std::string_view words) { return steps_with(now, words) > 0; };
  for (const bool oversize : {false, true}) {
    if (oversize)
      now.holds |= only::oversize;
    else
      now.holds |= only::of_any_size;
    CHECK(shown("messages about the size of packets") == oversize);
    CHECK(shown("find the rule that drops the answers") != oversize);
    CHECK(shown("the server has answered") != oversize);
    CHECK(shown("see whether the program behind the port hangs") != oversize);
    CHECK(shown("Look for inspection") != oversize);
    CHECK(shown("compare the MTU of the links"));
    now.holds &= ~only::of_any_size;
  }
}

TEST_CASE("Captures at both ends are asked for once, and not where they are at hand") {
  Circumstances now;
  now.causes = {Mechanism::injected_reset};
  now.holds = only::on_path | only::elsewhere | only::unwatched;
  CHECK(steps_with(now, "Capture at both ends") == 1);
  now.holds = only::on_path | only::elsewhere;
  CHECK(steps_with(now, "Capture at both ends") == 0);
  now.capture_again = true;
  CHECK(steps_with(now, "Capture at both ends") == 1);
}

TEST_CASE("No step shows only what another one shows as well") {
  Circumstances now{{Mechanism::filter_drop, Mechanism::answer_lost, Mechanism::closed_port,
                     Mechanism::host_firewall_reset},
                    {},
                    Outcome::dropped};
  now.holds =
      only::at_host | only::on_path | only::elsewhere | only::not_ssh | only::no_nat | only::steady;
  const auto steps = steps_for(now);
  for (const auto* one : steps)
    for (const auto* other : steps) {
      if (one == other || one->commands.empty() || one->who != other->who) continue;
      CAPTURE(one->text, other->text);
      CHECK(one->commands != other->commands);
    }
  const auto names = [&](std::string_view command) {
    return std::ranges::count_if(steps, [&](const Advice* step) {
      return step->commands.find(command) != std::string_view::npos;
    });
  };
  CHECK(names("ss -ltnp") == 1);
  CHECK(names("aws ec2 describe-network-acls") <= 1);
}

TEST_CASE("The neighbours of the last router are looked at once") {
  Circumstances now{{Mechanism::host_down, Mechanism::host_silent}, {}, Outcome::dropped};
  now.holds = only::routed | only::unforwarded | only::last_machine | only::elsewhere;
  CHECK(steps_with(now, "On the last router") == 1);
}

TEST_CASE("Who interrupted a run is told to let it end, not to wait longer for each answer") {
  Circumstances now{{}, {}, Outcome::inconclusive};
  now.holds = only::cut_short;
  CHECK(steps_for(now).front()->commands.find("--patience") == std::string_view::npos);
  now.holds = only::whole_run;
  CHECK(steps_for(now).front()->commands.find("--patience") != std::string_view::npos);
}

TEST_CASE("Where the next router is dead, nobody is sent to the server or told that it is off") {
  auto made = cases::host_down();
  const auto commands = [&] {
    std::string all;
    for (const auto* step : steps_for(situation_of(made.input())))
      all += std::string(step->text) + '\n' + std::string(step->commands) + '\n';
    return all;
  };
  CHECK(commands().find("powered on") != std::string::npos);
  CHECK(commands().find("ip rule show") == std::string::npos);
  auto& where = made.analysis.verdict.explanations.front().where;
  where = made.analysis.verdict.culprit.where = {CulpritKind::between, 2, 3, {}};
  for (const char* wrong : {"powered on", "instance runs", "address is the right one"}) {
    CAPTURE(wrong);
    CHECK(commands().find(wrong) == std::string::npos);
  }
  CHECK(commands().find("{ip} rule show") != std::string::npos);
}

TEST_CASE("What hop 1 stops before it counts packets may be stopped on the link before it") {
  auto made = cases::middlebox_reset();
  const auto asks_there = [&] {
    const auto steps = steps_for(situation_of(made.input()));
    return std::ranges::any_of(steps, [](const Advice* step) {
      return step->text.find("between this machine and hop 1") != std::string_view::npos;
    });
  };
  auto& where = made.analysis.verdict.culprit.where;
  where.first_hop = where.last_hop = 1;
  CHECK_FALSE(asks_there());
  made.analysis.verdict.explanations.front().or_link_before = true;
  CHECK(asks_there());
}
