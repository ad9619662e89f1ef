#pragma once
// Words the rows of the matrix are written in, and its parts.

#include "tests/properties/matrix.hpp"

namespace hopblame::properties {

using Kind = CulpritKind;
using Outcomes = std::vector<Outcome>;
using Mechanisms = std::vector<Mechanism>;

inline const std::string open = "open 22 banner \"SSH-2.0-x\\r\\n\"";

inline Chain with_host(const std::string& host) {
  Chain chain;
  chain.host = host;
  return chain;
}

inline Chain with_router(const std::string& fault, const std::string& host = open) {
  Chain chain;
  chain.fault = fault;
  chain.host = host;
  return chain;
}

inline Place destination(unsigned n) { return {Kind::destination, n, n}; }
inline Place router(unsigned f) { return {Kind::router, f, f}; }
inline Place between(unsigned first, unsigned last) { return {Kind::between, first, last}; }
inline Place here() { return {Kind::this_host, 0, 0}; }

inline const Mechanisms syn_silent{Mechanism::syn_filter, Mechanism::accept_queue_full};
inline const Mechanisms all_silent{Mechanism::host_silent, Mechanism::filter_drop,
                                   Mechanism::blackhole};

[[nodiscard]] std::vector<MatrixRow> joined(std::initializer_list<std::vector<MatrixRow>> parts);
/// Faults on the host or on one router.
[[nodiscard]] std::vector<MatrixRow> single_fault_rows();
/// Forwards, proxies, injectors, loss, this machine: more than one rule on one box.
[[nodiscard]] std::vector<MatrixRow> path_fault_rows();

}  // namespace hopblame::properties
