#pragma once
// pcap-filter(7) expressions on packets of a file: libpcap compiles and runs them.

#include <map>
#include <memory>
#include <string>

#include "capture/frame.hpp"

struct bpf_program;

namespace hopblame {

class PacketFilter {
 public:
  /// An empty expression takes everything.
  explicit PacketFilter(std::string expression) : expression_(std::move(expression)) {}

  /// False also once the expression does not compile for the frame's link type, see error().
  [[nodiscard]] bool takes(const Frame& frame) { return expression_.empty() || matches(frame); }
  /// Whether it compiles for any link type; libpcap's words, one line; empty: it does.
  [[nodiscard]] std::string check() const;
  /// Why it does not compile for the link type of some frame, in libpcap's words; empty: it does.
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  struct Free {
    void operator()(bpf_program* program) const;
  };
  using Program = std::unique_ptr<bpf_program, Free>;
  [[nodiscard]] bool matches(const Frame& frame);
  const bpf_program* program_for(int link_type);
  [[nodiscard]] Program compiled(int link_type, std::string& error) const;

  std::string expression_, error_;
  std::map<int, Program> programs_;
};

}  // namespace hopblame
