#pragma once
// What every report for people says, in order, before it is dressed for a sink. All strings are
// printable ASCII; text from outside is in its printable form.

#include <optional>
#include <string>
#include <vector>

#include "src/report/knowledge.hpp"
#include "src/report/report.hpp"

namespace hopblame {

struct Row {
  unsigned first = 0, last = 0;               ///< more than one hop when silent ones are folded
  std::vector<std::string> addresses, names;  ///< side by side; a name may be empty
  std::string round_trip;                     ///< "0.41 ms" or empty
  std::optional<FlowState> target, control;   ///< absent for this machine
  bool blamed = false;
};

struct Point {
  std::string text;       ///< ends with its packet numbers
  std::size_t cited = 0;  ///< length of that ending
};

struct Alternative {
  std::string word, title, where, settled_by;
  unsigned rank = 1;
  bool beside = false;
  std::vector<Point> because, against;  ///< only what the best explanation does not say already
};

struct NextStep {
  Reader who = Reader::user;
  std::string text;
  std::vector<std::string> commands;
  bool change = false;
  bool operator==(const NextStep&) const = default;
};

struct Fact {
  std::string name, value;
};

struct Document {
  std::string title;   ///< "db.example.com (203.0.113.10) port 22"
  std::string target;  ///< its address
  std::string source;  ///< where we looked from: "192.0.2.7 on eth0"
  std::string legend;  ///< what the two last columns of the table are
  std::string target_column, control_column;
  std::vector<Row> rows;
  std::string outcome;                   ///< the word
  std::optional<unsigned> blamed_up_to;  ///< the last hop of an interval, whatever rows it has
  std::string icmp_from;                 ///< who sent the message that decided; empty: none did
  std::optional<unsigned> impostor;      ///< the hop that answers in the target's name
  bool forged = false;                   ///< what answers is not the target, whoever it is
  bool answer_dropped_here = false;      ///< the target answered, this machine's own rule drops it
  bool loop = false;                     ///< the packets go round between the blamed hops
  std::string headline;                  ///< the answer in one line, starts with the word
  std::vector<std::string> summary;
  std::string sure_of;     ///< "How sure of the place"
  std::string confidence;  ///< "strong (one good witness ...)."; empty without a reason to give
  std::vector<Point> because, against;
  std::string settled_by;  ///< of the best explanation; empty when all is well
  std::vector<Alternative> alternatives;
  std::vector<std::string> app_sees;
  std::vector<Point> other_addresses;  ///< of the same name, when they were tried
  std::vector<Point> both_ends;        ///< of `compare`: clocks, attempts, what was rewritten
  std::vector<NextStep> steps;
  std::string ask;  ///< the first of them in a line, with whom it concerns; empty without steps
  std::vector<Point> caveats;
  std::vector<std::string> more;  ///< words for `hopblame explain`
  std::vector<Fact> facts;        ///< of the run
  std::string footer;             ///< the same in a line
};

[[nodiscard]] Document document_of(const ReportInput& input);

/// "a rarer cause".
[[nodiscard]] std::string_view how_likely(const Alternative& other);

[[nodiscard]] bool has(const Verdict& verdict, CaveatId id);

/// A device on the path answers as if it were the destination.
[[nodiscard]] bool impersonates(Mechanism mechanism);
[[nodiscard]] std::optional<std::uint8_t> impostor_of(const Verdict& verdict);

// Its parts, one file each.
[[nodiscard]] std::vector<Row> path_rows(const ReportInput& input);
[[nodiscard]] std::vector<std::string> app_sees(const ReportInput& input);
[[nodiscard]] std::vector<NextStep> next_steps(const ReportInput& input);
[[nodiscard]] std::string ask_of(const std::vector<NextStep>& steps);
[[nodiscard]] std::vector<Fact> run_facts(const ReportInput& input);
[[nodiscard]] std::string target_title(const Goal& goal);
[[nodiscard]] std::string source_title(const Vantage& vantage);
[[nodiscard]] std::vector<Point> both_ends(const ReportInput& input);

/// errno name and one-line text of what the application sees; empty where nothing is known.
struct AppError {
  std::string name, text;
};
[[nodiscard]] AppError app_error(const ReportInput& input);

[[nodiscard]] std::string_view state_text(FlowState state);  ///< "passes", ..., "not asked"

}  // namespace hopblame
