#include "src/commands/read_targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "analysis/offline/sought.hpp"
#include "analysis/offline/walks.hpp"
#include "src/commands/commands.hpp"
#include "src/commands/scans.hpp"
#include "src/commands/targets.hpp"
#include "src/offline/excerpt.hpp"
#include "src/present.hpp"
#include "src/report/json_lines.hpp"
#include "src/report/report.hpp"
#include "src/report/target_line.hpp"
#include "src/report/wrap.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

using offline::Inspection;

constexpr std::size_t top = 20, most_clients = 64;
constexpr std::size_t indent = 4;  ///< as of the lines of a target

class Teller {
 public:
  Teller(const ForeignCapture& foreign, const ReadRequest& request, const ReadOptions& options)
      : capture_(foreign.view(options.local.has_value())), request_(request), options_(options) {}

  int all() {
    const auto count = capture_.book.targets().size();
    const bool json = options_.output.format == Format::json;
    const auto shown = options_.all || json ? count : std::min(count, top);
    auto order = worst_first(capture_.book.targets(), shown);
    if (order.empty())
      say_what_else("no connection attempt" + looked_at() + " in it", {});
    else
      tell_sought();
    tell_of_cut();
    if (json) return lines_of_json(order);
    const auto scans =
        shown < count ? take_scans(capture_.book, order, shown) : std::vector<Scan>{};
    const auto lines = std::min(shown, order.size());
    for (std::size_t i = 0; i < lines; ++i) put(counted_line(inspect(order[i].index())));
    for (const auto& scan : scans) put(counted_line(scan));
    for (std::size_t i = lines; i < order.size(); ++i) count_unseen(order[i]);
    put(summary(count, lines));
    if (count == 1) in_detail(inspect(0));
    return code();
  }

  int chosen(const Wanted& wanted) {
    bool any = false;
    const auto& targets = capture_.book.targets();
    for (const auto& rank : worst_first(targets)) {
      if (!wanted.is(targets[rank.index()].endpoint)) continue;
      any = true;
      in_detail(inspect(rank.index()));
    }
    if (!any)
      say_what_else(
          "no connection attempt" + looked_at() + " to " + options_.target + known_targets(),
          wanted);
    return any ? code() : exit_code_of::inconclusive;
  }

 private:
  Inspection inspect(std::size_t index) {
    auto inspection = offline::inspect(capture_, capture_.book.targets()[index]);
    note(exit_code(inspection.analysis));
    return inspection;
  }

  ReportInput input_of(const Inspection& inspection) const {
    return {inspection.run, inspection.analysis, "read", HOPBLAME_VERSION, options_.output.redact};
  }

  std::string counted_line(const Inspection& inspection) {
    attempts_ += inspection.analysis.attempts.total;
    if (inspection.analysis.verdict.outcome != Outcome::open) ++not_open_;
    return target_line(input_of(inspection), line_width());
  }

  std::string counted_line(const Scan& scan) {
    attempts_ += scan.attempts.total;
    not_open_ += scan.attempts.total;
    note_badness(scan.worst);
    std::string text;
    for (const auto& line : wrap(to_string(scan), line_width() - indent))
      text += fmt::format("{}{}\n", text.empty() ? "" : std::string(indent, ' '), line);
    return text;
  }

  int lines_of_json(const std::vector<Rank>& order) {
    constexpr std::size_t piece = std::size_t{64} << 10;  // a write for each line would cost more
    JsonLines lines;
    constexpr std::size_t far = 16, near = 8;
    const auto& book = capture_.book;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i + far < order.size()) book.fetch(order[i + far].index());
      if (i + near < order.size()) book.fetch_kept(order[i + near].index());
      lines.add(input_of(inspect(order[i].index())));
      if (lines.text().size() < piece) continue;
      put(lines.text());
      lines.clear();
    }
    put(lines.text());
    return code();
  }

  void in_detail(Inspection inspection) {
    Result result{inspection.run, inspection.analysis, "read", {}};
    const bool has_pictures = options_.output.save || options_.output.format == Format::html;
    const auto excerpt = has_pictures ? cut(inspection) : std::nullopt;
    if (excerpt && options_.output.save) {
      adopt(inspection, *excerpt);
      result.excerpt_of = excerpt->source;
      result.capture = [&](const Annotations& with) { return save_excerpt(*excerpt, with); };
    } else if (excerpt) {
      inspection.run.observations = observations_of(*excerpt);
    }
    if (present(result, options_.output) == exit_code_of::environment) failed_ = true;
  }

  std::optional<Excerpt> cut(const Inspection& inspection) {
    auto excerpt = excerpt_of(request_, inspection);
    if (auto* cut = std::get_if<Excerpt>(&excerpt)) return std::move(*cut);
    complain(std::get<FileError>(excerpt).text);
    if (options_.output.save) failed_ = true;
    return {};
  }

  std::string summary(std::size_t count, std::size_t shown) const {
    auto text = fmt::format("{} target{}, {} not open; {} attempt{} in {} packet{}", count,
                            plural(count).text, not_open_, attempts_, plural(attempts_).text,
                            capture_.counts.packets, plural(capture_.counts.packets).text);
    if (shown < count) text += fmt::format("; {} targets more: --all shows them", count - shown);
    return text + "\n";
  }

  /// What they ask is not known: a target may be missing.
  void tell_of_cut() {
    const auto& around = capture_.around;
    if (around.cut_headers() == 0) return;
    unclear_ = true;
    complain(name() + ": " + cut_text(around));
  }

  /// A host that a client wanted to reach, and could not send a SYN to, has no line of its own.
  void tell_sought() const {
    constexpr std::size_t most = 3;
    if (capture_.around.sought().empty()) return;
    std::set<IpAddress> clients;
    for (const auto& target : capture_.book.targets())
      if (clients.size() < most_clients) clients.insert(target.client);
    std::size_t told = 0;
    for (const auto& sentence : offline::sought_in_vain(capture_.around, clients))
      if (++told <= most) complain(name() + ": " + sentence);
  }

  [[nodiscard]] std::string name() const {
    return request_.path == "-" ? "standard input" : request_.path;
  }

  /// A walk with pings or datagrams shows the path, and nothing of a port.
  void say_what_else(std::string text, const std::optional<Wanted>& wanted) const {
    constexpr std::size_t most = 3;
    std::size_t told = 0;
    for (const auto& walk : offline::walks_in(capture_.book)) {
      if ((wanted && !wanted->is({walk.to, wanted->port.value_or(0)})) || ++told > most) continue;
      text += "; " + to_string(walk);
    }
    if (told > most) text += fmt::format("; and {} walks more", told - most);
    if (std::exchange(told, 0) > 0)
      text +=
          ". That tells nothing of a TCP port: record an attempt to connect as well, or traceroute "
          "-T -p PORT";
    text += quoted_elsewhere();
    for (const auto& sentence : offline::sought_in_vain(capture_.around)) {
      if (++told > most) break;
      text += "; " + sentence;
    }
    const auto& around = capture_.around;
    if (around.unreadable() > 0 && around.unreadable() == capture_.counts.packets)
      text += around.unreadable() == 1
                  ? fmt::format("; its one packet could not be read: {}", around.why())
                  : fmt::format("; none of the {} packets could be read: {}", around.unreadable(),
                                around.why());
    complain(name() + ": " + text);
  }

  /// A filter on ICMP leaves out what its messages are about.
  [[nodiscard]] std::string quoted_elsewhere() const {
    const auto& counts = capture_.counts;
    if (counts.unverified == 0) return {};
    return fmt::format(
        "; {} ICMP message{} quote{} packets of TCP that are not in it, the first, "
        "of {}, one from {} to {}: record the attempt and these messages together, "
        "with the filter 'icmp or icmp6 or tcp port {}'",
        counts.unverified, plural(counts.unverified).text, counts.unverified == 1 ? "s" : "",
        to_string(counts.unverified_from), to_string(counts.unverified_flow.source.address),
        endpoint_text(counts.unverified_flow.destination), counts.unverified_flow.destination.port);
  }

  /// "; there are some to 203.0.113.10:22, 203.0.113.10:443 and 3 more"
  [[nodiscard]] std::string known_targets() const {
    constexpr std::size_t most = 3;
    const auto& targets = capture_.book.targets();
    const auto order = worst_first(targets, most);
    std::string text;
    for (std::size_t i = 0; i < std::min(most, order.size()); ++i)
      text += (text.empty() ? "; there are some to " : ", ") +
              endpoint_text(targets[order[i].index()].endpoint);
    if (order.size() > most) text += fmt::format(" and {} more", order.size() - most);
    return text;
  }

  /// What the user left out.
  [[nodiscard]] std::string looked_at() const {
    std::string text;
    if (options_.local) text += " of the --local address";
    if (!options_.filter.empty()) text += " that --filter lets pass";
    return text;
  }

  void note(int exit_code) {
    if (exit_code == 1) fault_ = true;
    if (exit_code == 3) unclear_ = true;
  }
  /// The probes of a walk are one question in all.
  void count_unseen(const Rank& rank) {
    attempts_ += std::max(rank.attempts(), 1u);
    if (rank.badness() > 0) ++not_open_;
    note_badness(rank.badness());
  }
  void note_badness(int badness) { note(badness > 1 ? 1 : badness == 1 ? 3 : 0); }

  void put(std::string_view text) { failed_ = failed_ || print(text) != 0; }

  int code() const {
    if (failed_) return exit_code_of::environment;
    // Where time runs backwards, what lasted how long is not known.
    if (capture_.facts.truncated || capture_.facts.clock_stepped || capture_.book.targets().empty())
      return exit_code_of::inconclusive;
    if (fault_) return 1;
    return unclear_ ? exit_code_of::inconclusive : 0;
  }

  offline::Capture capture_;
  const ReadRequest& request_;
  const ReadOptions& options_;
  std::uint64_t attempts_ = 0;
  unsigned not_open_ = 0;
  bool fault_ = false, unclear_ = false, failed_ = false;
};

}  // namespace

int tell_targets(const ForeignCapture& foreign, const ReadRequest& request,
                 const ReadOptions& options) {
  if (!foreign.damage.empty()) complain(foreign.damage);
  if (foreign.both_ends)
    complain(
        fmt::format("{0}: holds what was captured at both ends; the client's packets are "
                    "read. Both: hopblame compare {0} {0}",
                    request.path));
  Teller teller(foreign, request, options);
  if (!options.target.empty()) {
    const auto wanted = wanted_of(options.target, request.scrambler);
    if (const auto* error = std::get_if<NotWanted>(&wanted)) {
      complain("--target: " + error->text);
      return error->exit_code;
    }
    return teller.chosen(std::get<Wanted>(wanted));
  }
  const auto& targets = foreign.book.targets();
  // A run of our own whose end is missing holds its comparison port as well; it asked that second.
  if (is_for_one_only(options.output) && (targets.size() == 1 || foreign.facts.truncated)) {
    if (targets.empty()) return teller.all();
    const auto& one = targets[worst_first(targets, 1).front().index()].endpoint;
    if (targets.size() > 1)
      complain(
          fmt::format("the report is about {} port {}, which fares worst; --target names another",
                      to_string(one.address), one.port));
    return teller.chosen({{one.address}, one.port});
  }
  if (is_for_one_only(options.output)) {
    complain("a report in this form is about one target: choose it with --target");
    return exit_code_of::wrong_usage;
  }
  return teller.all();
}

}  // namespace hopblame
