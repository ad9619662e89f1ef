#include "tests/properties/matrix_rows.hpp"

namespace hopblame::properties {

std::vector<MatrixRow> joined(std::initializer_list<std::vector<MatrixRow>> parts) {
  std::vector<MatrixRow> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

const std::vector<MatrixRow>& matrix() {
  static const auto rows = joined({single_fault_rows(), path_fault_rows()});
  return rows;
}

}  // namespace hopblame::properties
