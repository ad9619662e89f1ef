#include "capture/pcap_handle.hpp"

#include <pcap/pcap.h>

#include <fmt/format.h>

#include <array>
#include <cerrno>

#include "capture/link_types.hpp"

namespace hopblame {
namespace {

/// Holds the longest headers and a quote with RFC 4884 extensions, and no more of any payload.
constexpr int snaplen = 256;
constexpr int buffer_bytes = 2 << 20;

void set_up(pcap_t* handle) {
  pcap_set_snaplen(handle, snaplen);
  pcap_set_promisc(handle, 0);
  pcap_set_immediate_mode(handle, 1);
  pcap_set_buffer_size(handle, buffer_bytes);
  pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO);  // falls back to microseconds
}

int errno_of(int status) {
  switch (status) {
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED: return EPERM;
    case PCAP_ERROR_NO_SUCH_DEVICE: return ENODEV;
    case PCAP_ERROR_IFACE_NOT_UP: return ENETDOWN;
    default: return EIO;
  }
}

/// The text is ours and right: a compiler that refuses it has no memory. Returns an errno.
int set_filter(pcap_t* handle, const std::string& text) {
  bpf_program program{};
  if (pcap_compile(handle, &program, text.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) return ENOMEM;
  errno = 0;
  const int status = pcap_setfilter(handle, &program), error = errno;
  pcap_freecode(&program);
  return status == 0 ? 0 : error == ENOMEM ? ENOMEM : EIO;
}

SystemError no_filter(int error) { return {error, "set the filter of the capture"}; }

/// pcap_datalink() gives this machine's DLT_ number; files carry the LINKTYPE_ one.
int link_type_of(int dlt) { return dlt == DLT_RAW ? link_raw : dlt; }

}  // namespace

void PcapHandle::Close::operator()(pcap* handle) const { pcap_close(handle); }

std::variant<PcapHandle, SystemError> PcapHandle::activate(const std::string& interface) {
  std::array<char, PCAP_ERRBUF_SIZE> text{};
  PcapHandle made(pcap_create(interface.c_str(), text.data()));
  auto* const handle = made.handle_.get();
  // What has no number of its own is told in libpcap's words: too little memory for its ring, say.
  const auto failed = [&](int status, const char* words) {
    std::string what = "open the capture on " + interface;
    if (errno_of(status) == EIO && *words != '\0') what += fmt::format(" ({})", words);
    return SystemError{errno_of(status), what};
  };
  if (handle == nullptr) return failed(PCAP_ERROR, text.data());
  set_up(handle);
  // Negative is an error, positive a warning.
  if (const int status = pcap_activate(handle); status < 0)
    return failed(status, pcap_geterr(handle));
  if (pcap_setnonblock(handle, 1, text.data()) != 0) return failed(PCAP_ERROR, text.data());
  return made;
}

std::variant<PcapHandle, SystemError> PcapHandle::open(const std::string& interface,
                                                       const std::string& filter) {
  auto made = activate(interface);
  if (auto* handle = std::get_if<PcapHandle>(&made))
    if (const int error = set_filter(handle->handle_.get(), filter)) return no_filter(error);
  return made;
}

std::variant<PcapHandle, SystemError> PcapHandle::open_elsewhere(const std::string& filter) {
  auto made = activate("any");
  auto* opened = std::get_if<PcapHandle>(&made);
  if (opened == nullptr) return made;
  auto* const handle = opened->handle_.get();
  if (pcap_set_datalink(handle, DLT_LINUX_SLL2) != 0 || pcap_setdirection(handle, PCAP_D_IN) != 0)
    return SystemError{ENOTSUP, "capture on all interfaces"};
  if (const int error = set_filter(handle, filter)) return no_filter(error);
  return made;
}

std::variant<std::monostate, PcapHandle::Packet, PcapHandle::Lost> PcapHandle::read() {
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  const int status = pcap_next_ex(handle_.get(), &header, &bytes);
  if (status == 0) return std::monostate{};
  if (status != 1) return Lost{};
  const bool nano = pcap_get_tstamp_precision(handle_.get()) == PCAP_TSTAMP_PRECISION_NANO;
  const Duration fraction(header->ts.tv_usec * (nano ? 1 : 1000));
  return Packet{
      std::chrono::seconds(header->ts.tv_sec) + fraction, header->len, {bytes, header->caplen}};
}

int PcapHandle::fd() const { return pcap_get_selectable_fd(handle_.get()); }

int PcapHandle::link_type() const { return link_type_of(pcap_datalink(handle_.get())); }

std::uint64_t PcapHandle::drops() const {
  pcap_stat counts{};
  if (pcap_stats(handle_.get(), &counts) != 0) return 0;
  return std::uint64_t{counts.ps_drop} + counts.ps_ifdrop;
}

}  // namespace hopblame
