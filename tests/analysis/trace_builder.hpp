#pragma once
// Builds the Run that a trace describes: probes through the real ProbeFactory, packets around them.

#include <string>
#include <vector>

#include "analysis/model/run.hpp"
#include "analysis/plan/probe_factory.hpp"
#include "tests/analysis/trace_words.hpp"

namespace hopblame::trace {

class Builder {
 public:
  explicit Builder(Family family);

  void probe(double at, const std::string& kind, Words& words,
             const std::vector<std::string>& replies);
  void connect(double at, Words& words, const std::vector<std::string>& replies);
  void neighbour(double at, Words& words);
  void fact(Words& words);
  [[nodiscard]] Run finish();

 private:
  [[nodiscard]] ProbeFactory new_factory();
  void reply(const ProbeSpec& asked, TimePoint left, Words& words);
  void segment_reply(const ProbeSpec& asked, TimePoint at, const std::string& kind, Words& words);
  void icmp_reply(const ProbeSpec& asked, TimePoint at, const std::string& word, Words& words);
  void conversation(const ProbeSpec& syn, ConnectRecord& record, Words& words);
  void leaves(const ProbeSpec& spec, TimePoint at, std::uint8_t hop_limit);
  void sees(Observation observation);
  [[nodiscard]] Observation packet(const Flow& flow, TimePoint at, std::uint8_t hop_limit) const;

  Family family_;
  Run run_;
  std::uint32_t random_ = 12345;
  std::uint16_t port_ = 40000;
  ProbeFactory factory_;
  std::optional<double> ends_;
  TimePoint last_{};
};

}  // namespace hopblame::trace
