#include "src/report/errno_words.hpp"

#include <cerrno>

namespace hopblame {
namespace {

struct Entry {
  int error;
  const char* name;
  const char* text;
};

constexpr Entry entries[] = {
    {EPERM, "EPERM", "Operation not permitted"},
    {EINTR, "EINTR", "Interrupted system call"},
    {EIO, "EIO", "Input/output error"},
    {EAGAIN, "EAGAIN", "Resource temporarily unavailable"},
    {ENOMEM, "ENOMEM", "Cannot allocate memory"},
    {EACCES, "EACCES", "Permission denied"},
    {ENODEV, "ENODEV", "No such device"},
    {EINVAL, "EINVAL", "Invalid argument"},
    {EMFILE, "EMFILE", "Too many open files"},
    {EPIPE, "EPIPE", "Broken pipe"},
    {EPROTO, "EPROTO", "Protocol error"},
    {ENONET, "ENONET", "Machine is not on the network"},
    {EMSGSIZE, "EMSGSIZE", "Message too long"},
    {ENOPROTOOPT, "ENOPROTOOPT", "Protocol not available"},
    {EOPNOTSUPP, "EOPNOTSUPP", "Operation not supported"},
    {EADDRINUSE, "EADDRINUSE", "Address already in use"},
    {EADDRNOTAVAIL, "EADDRNOTAVAIL", "Cannot assign requested address"},
    {ENETDOWN, "ENETDOWN", "Network is down"},
    {ENETUNREACH, "ENETUNREACH", "Network is unreachable"},
    {ECONNABORTED, "ECONNABORTED", "Software caused connection abort"},
    {ECONNRESET, "ECONNRESET", "Connection reset by peer"},
    {ENOBUFS, "ENOBUFS", "No buffer space available"},
    {ETIMEDOUT, "ETIMEDOUT", "Connection timed out"},
    {ECONNREFUSED, "ECONNREFUSED", "Connection refused"},
    {EHOSTDOWN, "EHOSTDOWN", "Host is down"},
    {EHOSTUNREACH, "EHOSTUNREACH", "No route to host"},
};

const Entry* find(int error) {
  for (const auto& entry : entries)
    if (entry.error == error) return &entry;
  return nullptr;
}

}  // namespace

std::string errno_name(int error) {
  const Entry* entry = find(error);
  return entry ? entry->name : "errno " + std::to_string(error);
}

std::string errno_text(int error) {
  const Entry* entry = find(error);
  return entry ? entry->text : "error " + std::to_string(error);
}

}  // namespace hopblame
