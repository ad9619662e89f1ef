#include "analysis/compare/cause_list.hpp"

#include "analysis/compare/telling.hpp"

namespace hopblame::compare {

void CauseList::add(M mechanism, const Where& where, Text settled_by, unsigned rank) {
  Explanation explanation;
  explanation.mechanism = mechanism;
  explanation.rank = rank;
  explanation.where = where;
  explanation.because.push_back({finding_.text + server_citation(), finding_.client_packets});
  explanation.settled_by = std::move(settled_by);
  cause_.explanations.push_back(std::move(explanation));
}

void CauseList::also(const std::string& text) {
  cause_.explanations.back().because.push_back({text + server_citation(), finding_.client_packets});
}

void CauseList::also(const std::string& text, const std::vector<Met>& met) {
  std::vector<FrameId> here, there;
  for (const auto& packet : met) {
    here.push_back(packet.client);
    there.push_back(packet.server);
  }
  cause_.explanations.back().because.push_back({text + cited({}, there), std::move(here)});
}

std::string CauseList::server_citation() const { return cited({}, finding_.server_packets); }

void CauseList::alone_says() {
  cause_.explanations = alone_.verdict.explanations;
  cause_.culprit = alone_.verdict.culprit;
}

void CauseList::alone_says_too() {
  alone_says();
  cause_.outcome = alone_.verdict.outcome;
  for (auto& explanation : cause_.explanations)
    explanation.because.push_back({finding_.text + server_citation(), finding_.client_packets});
}

}  // namespace hopblame::compare
