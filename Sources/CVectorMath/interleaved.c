#include "CVectorMath.h"

#include <math.h>

#include "clones.h"

// Eight small systems side by side: entry (i, j) of all eight lies together, so that one vector instruction
// advances eight eliminations. LAPACK's getrf spends most of its time on overhead at n = 64; here the vector is
// always full. Rows are exchanged lane by lane, and only where the diagonal entry is below a tenth of the largest
// candidate (threshold pivoting: Duff, Erisman & Reid, Direct Methods for Sparse Matrices, 2nd ed. 2017, section
// 5.2). Four columns are eliminated together, so that the rest of the matrix is read and written a quarter as often.

typedef double lanes __attribute__((vector_size(8 * sizeof(double)), aligned(8)));

enum { RP_PANEL = 4 };

// Exchanges rows k and p of lane l, in all columns and in the right-hand side.
RP_INLINE void rp_exchange(double *a, double *b, size_t n, size_t stride, size_t k,
                           size_t p, int l) {
  for (size_t j = 0; j < n; j++) {
    const double keep = a[(k * stride + j) * RP_LANES + l];
    a[(k * stride + j) * RP_LANES + l] = a[(p * stride + j) * RP_LANES + l];
    a[(p * stride + j) * RP_LANES + l] = keep;
  }
  const double keep = b[k * RP_LANES + l];
  b[k * RP_LANES + l] = b[p * RP_LANES + l];
  b[p * RP_LANES + l] = keep;
}

RP_CLONES unsigned rp_solve8_f64(double *restrict a, double *restrict b, size_t n, size_t stride) {
  unsigned failed = 0;
  for (size_t first = 0; first < n; first += RP_PANEL) {
    const size_t end = first + RP_PANEL < n ? first + RP_PANEL : n;
    for (size_t k = first; k < end; k++) {
      double best[RP_LANES];
      size_t pivot[RP_LANES];
      for (int l = 0; l < RP_LANES; l++) {
        best[l] = 0;
        pivot[l] = k;
      }
      for (size_t i = k; i < n; i++) {
        for (int l = 0; l < RP_LANES; l++) {
          const double candidate = fabs(a[(i * stride + k) * RP_LANES + l]);
          const int better = candidate > best[l];
          best[l] = better ? candidate : best[l];
          pivot[l] = better ? i : pivot[l];
        }
      }
      lanes inverse;
      for (int l = 0; l < RP_LANES; l++) {
        if (pivot[l] != k && !(fabs(a[(k * stride + k) * RP_LANES + l]) >= 0.1 * best[l])) {
          rp_exchange(a, b, n, stride, k, pivot[l], l);
        }
        const double value = a[(k * stride + k) * RP_LANES + l];
        if (!(best[l] > 0) || !isfinite(value)) {
          failed |= 1u << l;
          inverse[l] = 0;
        } else {
          inverse[l] = 1 / value;
        }
      }
      const lanes *top = (const lanes *)(a + k * stride * RP_LANES);
      const lanes right = *(const lanes *)(b + k * RP_LANES);
      for (size_t i = k + 1; i < n; i++) {
        lanes *row = (lanes *)(a + i * stride * RP_LANES);
        const lanes factor = row[k] * inverse;
        row[k] = factor;
        for (size_t j = k + 1; j < end; j++) row[j] -= factor * top[j];
        *(lanes *)(b + i * RP_LANES) -= factor * right;
      }
    }
    // The panel's own rows to the right of it.
    for (size_t k = first; k < end; k++) {
      const lanes *top = (const lanes *)(a + k * stride * RP_LANES);
      for (size_t i = k + 1; i < end; i++) {
        lanes *row = (lanes *)(a + i * stride * RP_LANES);
        const lanes factor = row[k];
        for (size_t j = end; j < n; j++) row[j] -= factor * top[j];
      }
    }
    if (end - first < RP_PANEL) break;
    const lanes *restrict r0 = (const lanes *)(a + first * stride * RP_LANES);
    const lanes *restrict r1 = r0 + stride;
    const lanes *restrict r2 = r1 + stride;
    const lanes *restrict r3 = r2 + stride;
    for (size_t i = end; i < n; i++) {
      lanes *restrict row = (lanes *)(a + i * stride * RP_LANES);
      const lanes f0 = row[first], f1 = row[first + 1], f2 = row[first + 2], f3 = row[first + 3];
      for (size_t j = end; j < n; j++) row[j] -= (f0 * r0[j] + f1 * r1[j]) + (f2 * r2[j] + f3 * r3[j]);
    }
  }
  for (size_t k = n; k-- > 0;) {
    const lanes *row = (const lanes *)(a + k * stride * RP_LANES);
    lanes sum = *(const lanes *)(b + k * RP_LANES);
    for (size_t j = k + 1; j < n; j++) sum -= row[j] * *(const lanes *)(b + j * RP_LANES);
    lanes value;
    for (int l = 0; l < RP_LANES; l++) value[l] = row[k][l] == 0 ? 0 : sum[l] / row[k][l];
    *(lanes *)(b + k * RP_LANES) = value;
  }
  return failed;
}
