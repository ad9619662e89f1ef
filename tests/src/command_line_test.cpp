#include "src/cli/command_parser.hpp"

#include <sstream>

#include "src/cli/host_port.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

std::vector<std::string> words(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> list;
  for (std::string word; in >> word;) list.push_back(word);
  return list;
}

template <typename Options>
Options accepted(const std::string& line) {
  const auto read = read_command_line(words(line));
  INFO("hopblame " << line);
  if (const auto* notice = std::get_if<Notice>(&read)) FAIL(notice->text);
  REQUIRE(std::holds_alternative<Options>(std::get<Command>(read)));
  return std::get<Options>(std::get<Command>(read));
}

Notice refused(const std::vector<std::string>& arguments) {
  const auto read = read_command_line(arguments);
  REQUIRE(std::holds_alternative<Notice>(read));
  return std::get<Notice>(read);
}

}  // namespace

TEST_CASE("host and port, in every way of writing them") {
  const auto [line, host, port] = GENERATE(table<std::string, std::string, int>({
      {"db.example.com", "db.example.com", 22},
      {"probe db.example.com", "db.example.com", 22},
      {"db.example.com 443", "db.example.com", 443},
      {"db.example.com https", "db.example.com", 443},
      {"db.example.com:8443", "db.example.com", 8443},
      {"db.example.com:8443 8443", "db.example.com", 8443},
      {"db.example.com -p 80", "db.example.com", 80},
      {"-p 80 db.example.com", "db.example.com", 80},
      {"db.example.com --port=80", "db.example.com", 80},
      {"192.0.2.1:22", "192.0.2.1", 22},
      {"2001:db8::1", "2001:db8::1", 22},
      {"2001:db8::1 25", "2001:db8::1", 25},
      {"[2001:db8::1]:25", "2001:db8::1", 25},
      {"[2001:db8::1]", "2001:db8::1", 22},
      {"fe80::1%eth0", "fe80::1%eth0", 22},
      {"-4 -n probe db.example.com", "db.example.com", 22},
      {"--format json probe db.example.com", "db.example.com", 22},
      {"probe probe", "probe", 22},
      {"probe read 23", "read", 23},
  }));
  const auto options = accepted<ProbeOptions>(line);
  CHECK(options.host == host);
  CHECK(options.port == port);
}

TEST_CASE("the defaults are those of the contract") {
  const auto options = accepted<ProbeOptions>("host");
  CHECK(options.max_hops == 30);
  CHECK(options.tries == 3);
  CHECK(options.rate == 50);
  CHECK(options.handshake);
  CHECK_FALSE(options.numeric);
  CHECK_FALSE(options.patience);
  CHECK_FALSE(options.control_port);
  CHECK_FALSE(options.family);
  CHECK(options.output.format == Format::text);
  CHECK(options.output.colour == Colour::automatic);
  CHECK_FALSE(options.output.save);
}

TEST_CASE("every option of a probe is understood") {
  const auto options = accepted<ProbeOptions>(
      "host -6 -i eth0 -s 2001:db8::7 -m 12 -q 2 -w 1.5 --rate 20 --control-port 65000 "
      "--no-handshake -n --json --save ticket --redact --color never --dry-run");
  CHECK(options.family == Family::ipv6);
  CHECK(options.interface == "eth0");
  CHECK(options.source == IpAddress::parse("2001:db8::7"));
  CHECK(options.max_hops == 12);
  CHECK(options.tries == 2);
  CHECK(options.patience == std::chrono::milliseconds(1500));
  CHECK(options.rate == 20);
  CHECK(options.control_port == 65000);
  CHECK_FALSE(options.handshake);
  CHECK(options.numeric);
  CHECK(options.dry_run);
  CHECK(options.output.format == Format::json);
  CHECK(options.output.save == "ticket");
  CHECK(options.output.redact);
  CHECK(options.output.colour == Colour::never);
}

TEST_CASE("a key to redact with is a wish to redact, wherever the command stands") {
  const auto options = accepted<ReadOptions>("--redact-key key.txt read a.pcap");
  CHECK(options.output.redact);
  CHECK(options.output.redact_key == "key.txt");
  CHECK_FALSE(accepted<ReadOptions>("read a.pcap").output.redact);
}

TEST_CASE("the other commands") {
  const auto read = accepted<ReadOptions>(
      "read a.pcap - --filter tcp --target host:22 --local 192.0.2.7 --format md");
  CHECK(read.files == std::vector<std::string>{"a.pcap", "-"});
  CHECK(read.filter == "tcp");
  CHECK(read.target == "host:22");
  CHECK(read.local == IpAddress::parse("192.0.2.7"));
  CHECK(read.output.format == Format::markdown);
  CHECK(accepted<ReadOptions>("read -n a.pcap").files.size() == 1);  // as typed to tcpdump
  CHECK(accepted<ReadOptions>("--json read a.pcap").output.format == Format::json);
  CHECK(accepted<CompareOptions>("compare a b").server == "b");
  CHECK(accepted<CompareOptions>("compare a0 a1 b0 b1").more ==
        std::vector<std::string>{"b0", "b1"});
  CHECK(accepted<DemoOptions>("demo").scenario == "r2-reset");
  CHECK(accepted<DemoOptions>("demo --list").list);
  CHECK(accepted<WatchOptions>("watch host:80").probe.port == 80);
  // A ticket for each probe, each in a folder of its own.
  CHECK(accepted<WatchOptions>("watch host --save t").probe.output.save == "t/");
  CHECK(accepted<WatchOptions>("watch host --save t/").probe.output.save == "t/");
  CHECK(accepted<ExplainOptions>("explain refused").word == "refused");
  CHECK(accepted<ExplainOptions>("explain").word.empty());
}

TEST_CASE("a wrong command line gets one line that says what was expected") {
  const auto [line, expected] = GENERATE(table<std::string, std::string>({
      {"-4", "HOST"},
      {"host 0", "1 to 65535"},
      {"host 65536", "1 to 65535"},
      {"host 99999999999999999999", "1 to 65535"},
      {"host 22x", "1 to 65535"},
      {"host nosuchservice", "service name"},
      {"host:", "1 to 65535"},
      {":22", "[V6]:PORT"},
      {"root@db.example.com", "leave out 'root@'"},
      {"localhost:22:33", "[V6]:PORT"},
      {"localhost/", "[V6]:PORT"},
      {"host -m 0", "'0' is not a number from 1 to 255"},
      {"[2001:db8::1", "[V6]:PORT"},
      {"[]:22", "[V6]:PORT"},
      {"host:22 23", "twice"},
      {"host 22 -p 23", "twice"},
      {"host 22 33", "33"},
      {"host --nonsense", "--nonsense"},
      {"host -m 0", "255"},
      {"host -m 256", "255"},
      {"host -q 0", "10"},
      {"host -w 0", "--patience"},
      {"host -w soon", "--patience"},
      {"host --rate 0", "--rate"},
      {"host --rate fast", "--rate"},
      {"host -s nobody", "address"},
      {"host -4 -s 2001:db8::1", "family"},
      {"host --control-port 22", "another port"},
      {"host -4 -6", "-4"},
      {"host --format xml", "text"},
      {"host --json --format md", "--format"},
      {"host --color pink", "auto"},
      {"read", "FILE"},
      {"read a.pcap --rate 5", "--rate"},
      {"read a.pcap --local here", "address"},
      {"compare a", "SERVER"},
      {"explain a b", "b"},
      {"host -s 0.0.0.0", "--source"},
      {"host -s 224.0.0.1", "--source"},
      {"host -s ff02::1", "--source"},
      {"host --save=", "--save"},
      {"host -w nan", "--patience"},
      {"host -w inf", "--patience"},
      {"http://db.example.com/", "://"},
      {"192.0.2.1 -6", "other family"},
      {"2001:db8::1 22 -4", "other family"},
      {"::ffff:192.0.2.1 -6", "IPv4 address 192.0.2.1"},
      {"::ffff:192.0.2.1 -4", "IPv4 address 192.0.2.1"},
      {"host --source=", "--source"},
      {"host --interface=", "--interface"},
      {"host --control-port=", "--control-port"},
      {"read a.pcap --target=", "--target"},
      {"read a.pcap --local=", "--local"},
      {"compare a.pcap b.pcap --target=", "--target"},
      {"host -i", "--interface"},
      {"host --unprivileged --dry-run", "--unprivileged"},
      {"host --dry-run --format md", "text or JSON"},
      {"demo --list --format html", "text or JSON"},
      {"127.0.0.1 -s ::1", "--source"},
      {"watch host --format md", "text"},
      {"host --unprivileged --no-handshake", "--unprivileged"},
  }));
  INFO("hopblame " << line);
  const auto notice = refused(words(line));
  CHECK(notice.exit_code == 2);
  INFO(notice.text);
  CHECK(notice.text.find(expected) != std::string::npos);
  CHECK(notice.text.find("--help") != std::string::npos);
  CHECK(notice.text.find('\n') == std::string::npos);
}

TEST_CASE("an empty argument is a wrong one") {
  CHECK(refused({""}).exit_code == 2);
  CHECK(refused({"host", ""}).exit_code == 2);
  CHECK(refused({"read", "a.pcap", "--target", ""}).exit_code == 2);
  CHECK(refused({"read", "a.pcap", "--local", ""}).exit_code == 2);
}

TEST_CASE("who types nothing is shown what can be typed") {
  const auto notice = refused({});
  CHECK(notice.exit_code == 2);
  CHECK(notice.usage.find("hopblame read FILE...") != notice.usage.npos);
}

TEST_CASE("no line of the help is wider than 100 columns") {
  for (const auto* command : {"probe", "read", "compare", "demo", "watch", "explain"}) {
    std::istringstream help(refused({command, "--help"}).text);
    for (std::string line; std::getline(help, line);) CHECK(line.size() <= 100);
  }
}

TEST_CASE("help and version are results") {
  CHECK(refused({"--version"}).text.rfind("hopblame 0.", 0) == 0);
  CHECK(refused({"--version"}).exit_code == 0);
  for (const auto* command : {"probe", "read", "compare", "demo", "watch", "explain"}) {
    const auto help = refused({command, "--help"});
    CHECK(help.exit_code == 0);
    CHECK(help.text.find(std::string("hopblame ") + command) != std::string::npos);
  }
  const auto help = refused({"-h"});
  CHECK(help.exit_code == 0);
  CHECK(help.text.find("hopblame read FILE...") != std::string::npos);
}

TEST_CASE("the help does not depend on where the options lie in memory") {
  // CLI11 keeps the options that one excludes sorted by their addresses.
  const auto help = refused({"--help"}).text;
  for (auto at = help.find("Excludes:"); at != std::string::npos;
       at = help.find("Excludes:", at + 1)) {
    std::istringstream rest(help.substr(at));
    std::string title, excluded, next;
    rest >> title >> excluded >> next;
    INFO(title << ' ' << excluded << ' ' << next);
    CHECK(next.substr(0, 1) != "-");
  }
}

TEST_CASE("a parser that was used before reads the same") {
  for (const auto* command : {"probe", "watch"}) {
    CommandParser used({command, false});
    for (const auto* line :
         {"host 25 -6 --save x --redact -w 1", "host", "host --json --format md", "--help",
          "host -n --dry-run --tries 2", "host --nonsense", "host:80 -s ::1", "", "host 22 33"})
      CHECK(used.read(words(line)) == CommandParser({command, false}).read(words(line)));
  }
}

TEST_CASE("splitting host and port") {
  CHECK(split_host_port("a:b") == HostPort{"a", "b"});
  CHECK(split_host_port("[a]:b") == HostPort{"a", "b"});
  CHECK(split_host_port("a") == HostPort{"a", std::nullopt});
  CHECK(split_host_port("[::1]x") == std::nullopt);
  CHECK(split_host_port("") == std::nullopt);
}
