#include "CVectorMath.h"

#include <math.h>

#include "clones.h"

// Eight small systems side by side: entry (i, j) of all eight lies together, so that one vector instruction
// advances eight eliminations. LAPACK's getrf spends most of its time on overhead at n = 64; here the vector is
// always full. Rows are exchanged lane by lane.

typedef double lanes __attribute__((vector_size(8 * sizeof(double)), aligned(8)));

RP_CLONES unsigned rp_solve8_f64(double *restrict a, double *restrict b, size_t n) {
  unsigned failed = 0;
  for (size_t k = 0; k < n; k++) {
    double best[RP_LANES];
    size_t pivot[RP_LANES];
    for (int l = 0; l < RP_LANES; l++) {
      best[l] = fabs(a[(k * n + k) * RP_LANES + l]);
      pivot[l] = k;
    }
    for (size_t i = k + 1; i < n; i++) {
      for (int l = 0; l < RP_LANES; l++) {
        const double candidate = fabs(a[(i * n + k) * RP_LANES + l]);
        const int better = candidate > best[l];
        best[l] = better ? candidate : best[l];
        pivot[l] = better ? i : pivot[l];
      }
    }
    lanes inverse;
    for (int l = 0; l < RP_LANES; l++) {
      const size_t p = pivot[l];
      if (p != k) {
        for (size_t j = k; j < n; j++) {
          const double keep = a[(k * n + j) * RP_LANES + l];
          a[(k * n + j) * RP_LANES + l] = a[(p * n + j) * RP_LANES + l];
          a[(p * n + j) * RP_LANES + l] = keep;
        }
        const double keep = b[k * RP_LANES + l];
        b[k * RP_LANES + l] = b[p * RP_LANES + l];
        b[p * RP_LANES + l] = keep;
      }
      const double value = a[(k * n + k) * RP_LANES + l];
      if (!(best[l] > 0) || !isfinite(value)) {
        failed |= 1u << l;
        inverse[l] = 0;
      } else {
        inverse[l] = 1 / value;
      }
    }
    const lanes *restrict top = (const lanes *)(a + k * n * RP_LANES);
    const lanes right = *(const lanes *)(b + k * RP_LANES);
    for (size_t i = k + 1; i < n; i++) {
      lanes *restrict row = (lanes *)(a + i * n * RP_LANES);
      const lanes factor = row[k] * inverse;
      for (size_t j = k + 1; j < n; j++) row[j] -= factor * top[j];
      *(lanes *)(b + i * RP_LANES) -= factor * right;
    }
  }
  for (size_t k = n; k-- > 0;) {
    const lanes *row = (const lanes *)(a + k * n * RP_LANES);
    lanes sum = *(const lanes *)(b + k * RP_LANES);
    for (size_t j = k + 1; j < n; j++) sum -= row[j] * *(const lanes *)(b + j * RP_LANES);
    lanes value;
    for (int l = 0; l < RP_LANES; l++) value[l] = row[k][l] == 0 ? 0 : sum[l] / row[k][l];
    *(lanes *)(b + k * RP_LANES) = value;
  }
  return failed;
}
