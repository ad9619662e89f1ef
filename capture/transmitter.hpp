#pragma once
// Where probes go.

#include "analysis/model/probe.hpp"

namespace hopblame {

struct Transmitter {
  virtual ~Transmitter() = default;
  /// Hands the probe to the kernel; `error` is the errno, 0 when it was taken. Never throws.
  virtual SendRecord send(const ProbeSpec& spec) = 0;
};

}  // namespace hopblame
