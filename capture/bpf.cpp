#include "capture/bpf.hpp"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>

#include "capture/link_types.hpp"

namespace hopblame {
namespace {

constexpr int snap_length = 262144;
/// Each has words of its own (`ether`, `wlan`, `rnr`, `lane`, `sio`): what compiles for
/// one of them is well said. Ethernet's complaint is the one to show.
constexpr std::array kinds_of_words{DLT_EN10MB, DLT_LINUX_SLL, DLT_IEEE802_11,
                                    DLT_PFLOG,  DLT_SUNATM,    DLT_MTP2};

int dlt_of(int link_type) { return link_type == link_raw ? DLT_RAW : link_type; }

}  // namespace

void PacketFilter::Free::operator()(bpf_program* program) const {
  pcap_freecode(program);
  delete program;
}

PacketFilter::Program PacketFilter::compiled(int link_type, std::string& error) const {
  pcap_t* dead = pcap_open_dead(dlt_of(link_type), snap_length);
  if (dead == nullptr) return nullptr;
  Program program(new bpf_program{});
  if (pcap_compile(dead, program.get(), expression_.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    if (error.empty()) error = pcap_geterr(dead);
    program.reset();
  }
  pcap_close(dead);
  return program;
}

const bpf_program* PacketFilter::program_for(int link_type) {
  const auto [place, anew] = programs_.try_emplace(link_type);
  if (anew) place->second = compiled(link_type, error_);
  return place->second.get();
}

std::string PacketFilter::check() const {
  std::string error;
  const auto compiles = [&](int link_type) { return compiled(link_type, error) != nullptr; };
  return expression_.empty() || std::ranges::any_of(kinds_of_words, compiles) ? "" : error;
}

bool PacketFilter::matches(const Frame& frame) {
  const auto* program = program_for(frame.link_type);
  if (program == nullptr) return false;
  pcap_pkthdr header{};
  header.caplen = static_cast<bpf_u_int32>(frame.bytes.size());
  header.len = std::max(frame.original_length, header.caplen);
  return pcap_offline_filter(program, &header, frame.bytes.data()) != 0;
}

}  // namespace hopblame
