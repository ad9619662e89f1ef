#include "src/cli/declare.hpp"

#include <fmt/format.h>

namespace hopblame {
namespace {

/// The help says what fits in words of ours: CLI11's own are those of a programmer.
void one_of(CLI::Option* option, const std::vector<std::string>& words) {
  option->check(CLI::IsMember(words).description(""))->type_name("WORD");
}
template <class Number>
void within(CLI::Option* option, Number least, Number most, const char* unit = "N") {
  option
      ->check(CLI::Validator(
          [=](const std::string& text) {
            Number number{};
            const bool fits =
                CLI::detail::lexical_cast(text, number) && number >= least && number <= most;
            return fits ? std::string()
                        : fmt::format("'{}' is not a number from {} to {}", text, least, most);
          },
          ""))
      ->type_name(unit);
}

/// An empty word, such as a variable of a script that is not set, does not mean "not given".
CLI::Option* filled(CLI::Option* option) {
  return option->check(CLI::Validator(
      [](const std::string& text) { return std::string(text.empty() ? "must not be empty" : ""); },
      ""));
}

void add_colour(CLI::App& app, Typed& typed) {
  one_of(app.add_option("--color", typed.colour,
                        "auto, always or never; also NO_COLOR, CLICOLOR_FORCE"),
         {"auto", "always", "never"});
}

CLI::Option* add_format(CLI::App& app, bool watch, Typed& typed) {
  auto* format =
      app.add_option("--format", typed.format, watch ? "text or json" : "text, json, md or html");
  one_of(format, watch ? std::vector<std::string>{"text", "json"}
                       : std::vector<std::string>{"text", "json", "md", "html"});
  return format;
}

void add_output(CLI::App& app, const std::string& command, Typed& typed) {
  const bool watch = command == "watch";
  auto* format = add_format(app, watch, typed);
  app.add_flag("--json", typed.json, "the same as --format json")->excludes(format);
  app.add_option("--save", typed.save,
                 watch ? "make hopblame-ADDRESS-PORT-TIME in this folder for each probe, with\n"
                         "report.html report.md report.json trace.pcapng"
                       : "write report.html report.md report.json trace.pcapng into this folder;\n"
                         "DIR/ makes hopblame-ADDRESS-PORT-TIME in it")
      ->type_name("DIR");
  app.add_flag("--force", typed.force, "let --save replace the files of an older ticket");
  app.add_flag("--redact", typed.redact, "anonymise addresses and leave out names, everywhere");
  filled(app.add_option("--redact-key", typed.redact_key,
                        "--redact with the key in this file (64 hexadecimal digits): the same\n"
                        "address becomes the same every time; without it, each run has its own"))
      ->type_name("FILE");
  add_colour(app, typed);
}

void add_family(CLI::App& app, Typed& typed) {
  auto* four = app.add_flag("-4", typed.ipv4, "IPv4 only");
  app.add_flag("-6", typed.ipv6, "IPv6 only")->excludes(four);
}

void add_probe(CLI::App& app, Typed& typed) {
  auto& probe = typed.probe;
  app.add_option("HOST", typed.host, "name or address; HOST:PORT and [V6]:PORT too")
      ->required()
      ->type_name("");
  app.add_option("PORT", typed.port, "number or service name, 22 unless given")->type_name("");
  app.add_option("-p,--port", typed.port_option, "the same as PORT")->type_name("PORT");
  add_family(app, typed);
  filled(app.add_option("-i,--interface", probe.interface, "where probes leave"))
      ->type_name("NAME");
  filled(app.add_option("-s,--source", typed.source, "the address probes come from"))
      ->type_name("ADDRESS");
  within(
      app.add_option("-m,--max-hops", probe.max_hops, "how far to walk, 1 to 255; 30 unless given"),
      1, 255);
  within(app.add_option("-q,--tries", probe.tries,
                        "how often an unanswered question is asked, 1 to 10; 3 unless given"),
         1, 10);
  within(app.add_option("-w,--patience", typed.patience,
                        "longest wait for one answer, 0.01 to 60 seconds;\n"
                        "as the round trips ask for unless given"),
         0.01, 60.0, "SECONDS");
  within(app.add_option("--rate", probe.rate,
                        "packets per second after an opening burst, 1 to 1000; 50 unless given,\n"
                        "after a burst of 40; a lower rate has a smaller burst"),
         1, 1000, "PPS");
  filled(app.add_option("--control-port", typed.control_port, "port of the comparison probes"))
      ->type_name("PORT");
  app.add_flag("--no-handshake", typed.no_handshake, "never complete a TCP handshake");
  app.add_flag("-n,--numeric", probe.numeric, "no reverse DNS");
  app.add_flag("--dry-run", probe.dry_run, "print the packets that would be sent");
  // One at most: CLI11 sorts what an option excludes by address, and the help would vary.
  app.add_flag("--unprivileged", probe.unprivileged,
               "only connect(): needs no permission, cannot tell which hop")
      ->excludes("--no-handshake");
}

void add_watch(CLI::App& app, Typed& typed) {
  within(app.add_option("--interval", typed.interval,
                        "from one probe to the next, 10 at least; 60 unless given"),
         10, 86400, "SECONDS");
  within(app.add_option("--count", typed.count, "how many probes; until Ctrl-C unless given"), 1,
         1000000);
}

void add_read(CLI::App& app, Typed& typed) {
  app.add_option("FILE", typed.read.files,
                 "saved captures; - is standard input; files of one ring\n"
                 "(tcpdump -C, dumpcap -b) are read as the one capture they are")
      ->required()
      ->type_name("");
  app.add_option("--filter", typed.read.filter, "only these packets (pcap-filter syntax)")
      ->type_name("BPF");
  filled(app.add_option("--target", typed.read.target, "the one to tell in full detail"))
      ->type_name("HOST[:PORT]");
  filled(app.add_option("--local", typed.local, "the client's address"))->type_name("ADDRESS");
  app.add_flag("--all", typed.read.all, "every target, not only the worst 20");
  const std::string as_typed = "as for tcpdump; names are never looked up here";
  app.add_flag("-n", as_typed);
}

void add_demo(CLI::App& app, Typed& typed) {
  app.add_option("SCENARIO", typed.demo.scenario, "which fault; r2-reset unless given")
      ->type_name("");
  app.add_flag("--list", typed.demo.list, "the scenarios there are");
  add_family(app, typed);
}

constexpr const char* watch_ways =
    "\nwatch ends with 1 where any probe found a fault. A line has the time its probe began.\n"
    "While the port is open a handshake is completed every three minutes at most (each time with\n"
    "--unprivileged): services and fail2ban may count these as failed logins and ban this "
    "machine,\n"
    "which then looks like a fault. Ask before you watch what is not yours.";

}  // namespace

void declare_options(CLI::App& app, const std::string& command, Typed& typed) {
  app.set_version_flag("--version", std::string("hopblame ") + HOPBLAME_VERSION);
  if (command == "explain") {
    app.add_option("WORD", typed.explain.word,
                   "a word of a report, or what a program printed; none: all words")
        ->type_name("");
    return add_colour(app, typed);
  }
  app.footer(
      "Exit codes: 0 open, 1 a fault was found, 2 wrong command line, 3 inconclusive or damaged\n"
      "input, 4 no such file, no capture, disk full or name not resolved, 5 no permission,\n"
      "130 and 143 interrupted.");
  if (command == "read") add_read(app, typed);
  if (command == "demo") add_demo(app, typed);
  if (command == "compare") {
    app.add_option("CLIENT", typed.compare.client, "capture taken at the client")
        ->required()
        ->type_name("");
    app.add_option("SERVER", typed.compare.server, "capture taken at the server")
        ->required()
        ->type_name("");
    app.add_option("FILE", typed.compare.more,
                   "where tcpdump -C or dumpcap -b cut the captures into files: all of the\n"
                   "client's, then all of the server's")
        ->type_name("");
    filled(app.add_option("--target", typed.compare.target,
                          "the one to compare, as the client writes it; else the\n"
                          "one that fares worst"))
        ->type_name("HOST[:PORT]");
    app.add_flag("--all", typed.compare.all, "a line for each target that both captures hold");
  }
  if (command == "probe" || command == "watch") add_probe(app, typed);
  if (command == "watch") {
    add_watch(app, typed);
    app.footer(app.get_footer() + watch_ways);
  }
  add_output(app, command, typed);
}

}  // namespace hopblame
