#include "analysis/model/probe.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace hopblame {
namespace {

constexpr std::array kinds{
    std::pair{ProbeKind::syn, "syn"},   std::pair{ProbeKind::ack, "ack"},
    std::pair{ProbeKind::fin, "fin"},   std::pair{ProbeKind::syn_bad_checksum, "syn-bad-checksum"},
    std::pair{ProbeKind::echo, "echo"}, std::pair{ProbeKind::udp, "udp"},
};

constexpr std::array aims{
    std::pair{Aim::target, "target"},
    std::pair{Aim::control, "control"},
    std::pair{Aim::none, "none"},
};

template <class Table, class Value>
const char* word_of(const Table& table, Value value) {
  for (const auto& [entry, word] : table)
    if (entry == value) return word;
  return "?";
}

template <class Value, class Table>
std::optional<Value> value_of(const Table& table, std::string_view word) {
  for (const auto& [entry, name] : table)
    if (word == name) return entry;
  return {};
}

}  // namespace

const char* to_string(ProbeKind kind) { return word_of(kinds, kind); }
const char* to_string(Aim aim) { return word_of(aims, aim); }
std::optional<ProbeKind> probe_kind(const char* word) { return value_of<ProbeKind>(kinds, word); }
std::optional<Aim> probe_aim(const char* word) { return value_of<Aim>(aims, word); }

}  // namespace hopblame
