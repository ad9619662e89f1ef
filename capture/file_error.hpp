#pragma once
// Why a file cannot be read at all.

#include <string>

namespace hopblame {

struct FileError {
  std::string text;            ///< one line: the file and what was found
  bool no_permission = false;  ///< and the line says how to get it
};

}  // namespace hopblame
