// The object of hopblame-1.schema.json. Unknown is null; text from outside is in its printable
// form.
#include <algorithm>
#include <cmath>

#include "analysis/model/icmp_codes.hpp"
#include "src/report/document.hpp"
#include "src/report/json_compare.hpp"
#include "src/report/json_lines.hpp"
#include "src/report/json_writer.hpp"
#include "src/report/their_words.hpp"
#include "src/report/untrusted.hpp"

namespace hopblame {
namespace {

/// Text from outside, or that which may be empty.
std::optional<std::string> outside(const std::string& raw) {
  return raw.empty() ? std::nullopt : std::optional(Untrusted(raw).printable());
}
std::optional<std::string_view> some(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

double rounded(double value, double steps) { return std::round(value * steps) / steps; }

constexpr std::size_t most_evidence = 16;  ///< of nearly all reports

class Writer {
 public:
  Writer(TextBuffer& out, StepForms& forms, const ReportInput& input)
      : json_(out),
        forms_(forms),
        input_(input),
        run_(input.run),
        analysis_(input.analysis),
        their_words_(run_) {
    told_.reserve(most_evidence);
  }

  void report() {
    json_.object([&] {
      head();
      json_.field("outcome", Word{to_string(analysis_.verdict.outcome)});
      app_sees();
      culprit();
      explanations();
      icmp();
      service();
      distance();
      path();
      caveats();
      next_steps();
      packets();
      attempts();
      if (input_.both) write(json_, "compare", *input_.both);
    });
  }

 private:
  /// Where a text of ours is written.
  struct Sentence {
    Writer& writer;
    TextBuffer& out;
    void plain(std::string_view piece) { out.put(piece); }
    void words(std::string_view piece) {
      const auto& theirs = writer.their_words_;
      append_for_json(out,
                      piece == this_machine ? theirs.machine() : theirs.in(piece, writer.room_));
    }
  };

  void text(std::string_view name, const Text& text) {
    if (text.empty()) return json_.field(name, nullptr);
    json_.written(name, [&](TextBuffer& out) {
      Sentence sentence{*this, out};
      out.put('"');
      text.tell(sentence);
      out.put('"');
    });
  }

  void head() {
    const bool known = run_.started != TimePoint{};
    json_.field("schema", Word{"hopblame/1"});
    json_.field("version", input_.version);
    json_.field("command", input_.command);
    target();
    source();
    json_.field("started", known ? std::optional(run_.started) : std::nullopt);
    json_.field("seconds", rounded(seconds(run_.ended - run_.started), 1e6));
  }

  void target() {
    const Goal& goal = run_.goal;
    json_.object("target", [&] {
      json_.field("host", outside(goal.host));
      json_.field("address", goal.target.address);
      json_.field("port", goal.target.port);
      json_.field("family", Word{to_string(goal.target.address.family)});
    });
  }

  void source() {
    const Vantage& vantage = run_.facts.vantage;
    const bool known = !vantage.local.is_unspecified();
    json_.object("source", [&] {
      json_.field("address", known ? std::optional(vantage.local) : std::nullopt);
      json_.field("interface", outside(vantage.interface));
    });
  }

  void app_sees() {
    const AppError error = app_error(input_);
    json_.object("app_sees", [&] {
      json_.field("errno", some(error.name));
      json_.field("text", some(error.text));
    });
  }

  std::optional<std::string> name_of(const std::optional<IpAddress>& wanted) const {
    for (const auto& [named, name] : run_.names)
      if (wanted && named == *wanted) return outside(name);
    return {};
  }

  void where_fields(const Where& where) {
    json_.field("kind", Word{to_string(where.kind)});
    json_.field("first_hop", where.first_hop);
    json_.field("last_hop", where.last_hop);
    json_.field("address", where.address);
  }

  void culprit() {
    const Culprit& culprit = analysis_.verdict.culprit;
    json_.object("culprit", [&] {
      where_fields(culprit.where);
      json_.field("name", name_of(culprit.where.address));
      json_.field("confidence", Word{to_string(culprit.confidence)});
    });
  }

  /// Several explanations often have the same: it is put together once, and then copied.
  void evidence(std::string_view name, const std::vector<Evidence>& evidence) {
    json_.list(name, evidence, [&](const Evidence& item) {
      const auto known = std::ranges::find_if(told_, [&](const Told& told) {
        return told.item->text.is_copy_of(item.text) && told.item->packets == item.packets;
      });
      if (known != told_.end()) return json_.again(known->place);
      const auto place = json_.object([&] {
        text("text", item.text);
        json_.list("packets", item.packets, [&](FrameId frame) { json_.item(frame.value); });
      });
      told_.push_back({&item, place});
    });
  }

  void explanations() {
    json_.list("explanations", analysis_.verdict.explanations, [&](const Explanation& item) {
      json_.object([&] {
        json_.field("mechanism", Word{to_string(item.mechanism)});
        json_.field("rank", item.rank);
        json_.object("where", [&] { where_fields(item.where); });
        evidence("because", item.because);
        evidence("against", item.against);
        text("settled_by", item.settled_by);
      });
    });
  }

  void icmp() {
    const auto& icmp = analysis_.icmp;
    if (!icmp) return json_.field("icmp", nullptr);
    json_.object("icmp", [&] {
      const auto limit = icmp->quoted_hop_limit;
      json_.field("type", icmp->type);
      json_.field("code", icmp->code);
      json_.field("text", icmp_text(icmp->from.family, icmp->type, icmp->code));
      json_.field("from", icmp->from);
      json_.field("quoted_hop_limit", limit ? std::optional(limit->value) : std::nullopt);
      json_.field("packet",
                  icmp->frame.value == 0 ? std::nullopt : std::optional(icmp->frame.value));
    });
  }

  void service() {
    const Service& service = analysis_.service;
    json_.object("service", [&] {
      json_.field("spoke", service.spoke);
      json_.field("banner", service.banner ? outside(*service.banner) : std::nullopt);
      json_.field("name", service.name ? std::optional(Word{*service.name}) : std::nullopt);
    });
  }

  void distance() {
    json_.object("distance", [&] {
      json_.field("target_flow", analysis_.path.distance.target_flow);
      json_.field("destination", analysis_.path.distance.destination);
    });
  }

  void hop(const Hop& hop) {
    json_.object([&] {
      const auto& trip = hop.round_trip;
      json_.field("hop", hop.distance);
      json_.list("addresses", hop.responders,
                 [&](const IpAddress& responder) { json_.item(responder); });
      json_.list("names", hop.responders,
                 [&](const IpAddress& responder) { json_.item(name_of(responder)); });
      json_.field("rtt_ms", trip ? std::optional(rounded(milliseconds(*trip), 1e3)) : std::nullopt);
      json_.field("target_flow", Word{to_string(hop.target_flow)});
      json_.field("control_flow", Word{to_string(hop.control_flow)});
      json_.field("asked", hop.asked);
      json_.field("answered", hop.answered);
    });
  }

  void path() {
    json_.list("path", analysis_.path.hops, [&](const Hop& each) { hop(each); });
  }

  void caveats() {
    json_.list("caveats", analysis_.verdict.caveats, [&](const Caveat& item) {
      json_.object([&] {
        json_.field("id", Word{to_string(item.id)});
        if (item.text.empty())
          json_.field("text", article(item.id).what);
        else
          text("text", item.text);
      });
    });
  }

  void next_steps() {
    json_.written("next_steps", [&](TextBuffer& out) { forms_.append(out, input_, their_words_); });
  }

  void packets() {
    const PacketCounts& counts = analysis_.packets;
    json_.object("packets", [&] {
      json_.field("sent", counts.sent);
      json_.field("seen_leaving", counts.seen_leaving);
      json_.field("received", counts.received);
      json_.field("rejected_as_forged", counts.rejected_as_forged);
      json_.field("capture_drops", counts.capture_drops);
    });
  }

  void attempts() {
    const Attempts& attempts = analysis_.attempts;
    json_.object("attempts", [&] {
      json_.field("total", attempts.total);
      json_.field("open", attempts.open);
      json_.field("refused", attempts.refused);
      json_.field("rejected", attempts.rejected);
      json_.field("dropped", attempts.dropped);
      json_.field("other", attempts.other);
      if (!attempts.first) return;  // one run of ours: its times are above
      json_.field("first", attempts.first);
      json_.field("last", attempts.last);
      json_.field("since", attempts.since);
    });
  }

  struct Told {
    const Evidence* item;
    JsonWriter::Place place;
  };

  JsonWriter json_;
  StepForms& forms_;
  const ReportInput& input_;
  const Run& run_;
  const Analysis& analysis_;
  const TheirWords their_words_;
  std::string room_;
  std::vector<Told> told_;
};

}  // namespace

void JsonLines::add(const ReportInput& input) {
  Writer(out_, forms_, input).report();
  out_.put('\n');
}

std::string render_json(const ReportInput& input) {
  JsonLines lines;
  lines.add(input);
  return std::string(lines.text());
}

}  // namespace hopblame
