#pragma once
// A question becomes a packet: which flow, which numbers. Every (kind, aim, lane) has a source port
// of its own and keeps it, so that its five-tuple never changes over a walk; every probe has a
// random sequence number that only somebody who saw it can answer.

#include <functional>
#include <map>

#include "analysis/model/goal.hpp"
#include "analysis/model/probe.hpp"

namespace hopblame {

class ProbeFactory {
 public:
  /// `new_port` gives a fresh reserved source port, `random` 32 unpredictable bits.
  ProbeFactory(const Goal& goal, const IpAddress& local, std::function<std::uint16_t()> new_port,
               std::function<std::uint32_t()> random);

  [[nodiscard]] ProbeSpec make(const Question& question);

 private:
  [[nodiscard]] Flow flow_of(const Question& question);

  Goal goal_;
  IpAddress local_;
  std::function<std::uint16_t()> new_port_;
  std::function<std::uint32_t()> random_;
  std::map<std::tuple<ProbeKind, Aim, std::uint8_t>, std::uint16_t> ports_;
  std::uint32_t made_ = 0;
};

}  // namespace hopblame
