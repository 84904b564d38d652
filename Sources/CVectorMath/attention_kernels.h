// The array kernels of attention models in one precision. Included twice, with REAL and NAME defined.
//
// Sums run in RP_SUM_LANES partial sums whatever the CPU level, so that every level returns the same bits.

enum { NAME(RP_SUM_LANES) = 16 };
#define LANES NAME(RP_SUM_LANES)

RP_INLINE REAL NAME(rp_fold)(const REAL *partial) {
#pragma clang fp contract(off)
  REAL folded[LANES];
  for (int l = 0; l < LANES; l++) folded[l] = partial[l];
  for (int width = LANES / 2; width > 0; width /= 2) {
    for (int l = 0; l < width; l++) folded[l] += folded[l + width];
  }
  return folded[0];
}

RP_CLONES REAL NAME(rp_softmax)(REAL *x, size_t n) {
#pragma clang fp contract(off)
  REAL top[LANES];
  for (int l = 0; l < LANES; l++) top[l] = -(REAL)INFINITY;
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    for (int l = 0; l < LANES; l++) top[l] = x[i + l] > top[l] ? x[i + l] : top[l];
  }
  for (; i < n; i++) top[0] = x[i] > top[0] ? x[i] : top[0];
  REAL highest = top[0];
  for (int l = 1; l < LANES; l++) highest = top[l] > highest ? top[l] : highest;
  // Below this exp is 0, and 0 times an infinite difference must not become NaN.
  const REAL floor = sizeof(REAL) == 4 ? -150 : -800;
  REAL mass[LANES] = {0}, moment[LANES] = {0};
  i = 0;
  for (; i + LANES <= n; i += LANES) {
    for (int l = 0; l < LANES; l++) {
      const REAL difference = x[i + l] - highest;
      const REAL shifted = difference < floor ? floor : difference;
      const REAL weight = NAME(rp_exp1)(shifted);
      x[i + l] = weight;
      mass[l] += weight;
      moment[l] += weight * shifted;
    }
  }
  for (; i < n; i++) {
    const REAL difference = x[i] - highest;
    const REAL shifted = difference < floor ? floor : difference;
    const REAL weight = NAME(rp_exp1)(shifted);
    x[i] = weight;
    mass[0] += weight;
    moment[0] += weight * shifted;
  }
  const REAL total = NAME(rp_fold)(mass);
  const REAL inverse = (REAL)1 / total;
  for (i = 0; i < n; i++) x[i] *= inverse;
  return (REAL)log((double)total) - NAME(rp_fold)(moment) * inverse;
}

RP_CLONES void NAME(rp_soft_cap)(REAL *x, REAL cap, size_t n) {
#pragma clang fp contract(off)
  const REAL inverse = (REAL)1 / cap;
  for (size_t i = 0; i < n; i++) x[i] = cap * NAME(rp_tanh1)(x[i] * inverse);
}

RP_CLONES void NAME(rp_layer_norm)(const REAL *x, const REAL *weight, const REAL *bias, REAL epsilon, REAL *y,
                                   size_t n) {
#pragma clang fp contract(off)
  REAL sum[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    for (int l = 0; l < LANES; l++) sum[l] += x[i + l];
  }
  for (; i < n; i++) sum[0] += x[i];
  const REAL mean = NAME(rp_fold)(sum) / (REAL)n;
  REAL square[LANES] = {0};
  for (i = 0; i + LANES <= n; i += LANES) {
    for (int l = 0; l < LANES; l++) square[l] += (x[i + l] - mean) * (x[i + l] - mean);
  }
  for (; i < n; i++) square[0] += (x[i] - mean) * (x[i] - mean);
  const REAL scale = (REAL)1 / (REAL)sqrt((double)(NAME(rp_fold)(square) / (REAL)n + epsilon));
  for (i = 0; i < n; i++) {
    const REAL centred = (x[i] - mean) * scale * weight[i];
    y[i] = bias ? centred + bias[i] : centred;
  }
}

RP_CLONES void NAME(rp_rms_norm)(const REAL *x, const REAL *weight, REAL epsilon, REAL *y, size_t n) {
#pragma clang fp contract(off)
  REAL square[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    for (int l = 0; l < LANES; l++) square[l] += x[i + l] * x[i + l];
  }
  for (; i < n; i++) square[0] += x[i] * x[i];
  const REAL scale = (REAL)1 / (REAL)sqrt((double)(NAME(rp_fold)(square) / (REAL)n + epsilon));
  for (i = 0; i < n; i++) y[i] = x[i] * scale * weight[i];
}

RP_CLONES void NAME(rp_gelu_tanh)(REAL *x, size_t n) {
#pragma clang fp contract(off)
  for (size_t i = 0; i < n; i++) {
    const REAL v = x[i];
    const REAL inner = (REAL)0.79788456080286535588 * (v + (REAL)0.044715 * v * v * v);
    x[i] = (REAL)0.5 * v * ((REAL)1 + NAME(rp_tanh1)(inner));
  }
}

RP_CLONES void NAME(rp_silu)(REAL *x, size_t n) {
#pragma clang fp contract(off)
  for (size_t i = 0; i < n; i++) x[i] *= NAME(rp_sigmoid1)(x[i]);
}

RP_CLONES void NAME(rp_quick_gelu)(REAL *x, size_t n) {
#pragma clang fp contract(off)
  for (size_t i = 0; i < n; i++) x[i] *= NAME(rp_sigmoid1)((REAL)1.702 * x[i]);
}

RP_CLONES void NAME(rp_multiply)(const REAL *x, REAL *y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] *= x[i];
}

RP_CLONES void NAME(rp_scale)(REAL factor, REAL *x, size_t n) {
  for (size_t i = 0; i < n; i++) x[i] *= factor;
}

RP_CLONES void NAME(rp_rotate_half)(REAL *x, const REAL *cosine, const REAL *sine, size_t half) {
#pragma clang fp contract(off)
  for (size_t i = 0; i < half; i++) {
    const REAL a = x[i], b = x[half + i];
    x[i] = a * cosine[i] - b * sine[i];
    x[half + i] = b * cosine[i] + a * sine[i];
  }
}

RP_CLONES size_t NAME(rp_largest)(const REAL *x, size_t n, REAL *value) {
  REAL top[LANES];
  for (int l = 0; l < LANES; l++) top[l] = -(REAL)INFINITY;
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    for (int l = 0; l < LANES; l++) top[l] = x[i + l] > top[l] ? x[i + l] : top[l];
  }
  for (; i < n; i++) top[0] = x[i] > top[0] ? x[i] : top[0];
  REAL highest = top[0];
  for (int l = 1; l < LANES; l++) highest = top[l] > highest ? top[l] : highest;
  *value = highest;
  for (i = 0; i < n; i++) {
    if (x[i] == highest) return i;
  }
  return n;
}

// The smallest k such that the k largest of the n weights sum to `share` or more, less a tolerance. Weights below
// (1 - share) / n together hold less than 1 - share, so they are never needed. The rest is quickselect by sums: what
// is above a pivot is taken whole, or everything else is dropped.
RP_CLONES size_t NAME(rp_share_count)(const REAL *p, size_t n, REAL share, REAL *work) {
#pragma clang fp contract(off)
  const REAL wanted = share - (sizeof(REAL) == 4 ? (REAL)1e-6 : (REAL)1e-9);
  const REAL least = ((REAL)1 - share) / (REAL)n * (REAL)0.99;
  size_t m = 0;
  for (size_t i = 0; i < n; i++) {
    work[m] = p[i];
    m += p[i] >= least;
  }
  REAL taken = 0;
  size_t count = 0;
  while (m > 24) {
    // The median of five.
    REAL a = work[m / 10], b = work[m * 3 / 10], c = work[m / 2], d = work[m * 7 / 10], e = work[m * 9 / 10];
    REAL low = a < b ? a : b, high = a < b ? b : a;
    const REAL low2 = c < d ? c : d, high2 = c < d ? d : c;
    low = low > low2 ? low : low2;
    high = high < high2 ? high : high2;
    const REAL inner = low < high ? low : high, outer = low < high ? high : low;
    const REAL pivot = e < inner ? inner : (e > outer ? outer : e);
    REAL sum[LANES] = {0};
    size_t above = 0, equal = 0;
    size_t i = 0;
    for (; i + LANES <= m; i += LANES) {
      unsigned more = 0, same = 0;
      for (int l = 0; l < LANES; l++) {
        sum[l] += work[i + l] > pivot ? work[i + l] : 0;
        more += work[i + l] > pivot;
        same += work[i + l] == pivot;
      }
      above += more;
      equal += same;
    }
    for (; i < m; i++) {
      sum[0] += work[i] > pivot ? work[i] : 0;
      above += work[i] > pivot;
      equal += work[i] == pivot;
    }
    const REAL sum_above = NAME(rp_fold)(sum);
    size_t kept = 0;
    if (taken + sum_above >= wanted) {
      for (i = 0; i < m; i++) {
        const REAL value = work[i];
        work[kept] = value;
        kept += value > pivot;
      }
    } else {
      const REAL with_equal = taken + sum_above + (REAL)equal * pivot;
      if (with_equal >= wanted) {
        size_t needed = (size_t)ceil((double)(wanted - taken - sum_above) / (double)pivot * (1 - 1e-12));
        if (needed < 1) needed = 1;
        return count + above + (needed < equal ? needed : equal);
      }
      taken = with_equal;
      count += above + equal;
      for (i = 0; i < m; i++) {
        const REAL value = work[i];
        work[kept] = value;
        kept += value < pivot;
      }
    }
    m = kept;
  }
  // Few are left: largest first.
  for (size_t i = 0; i < m; i++) {
    size_t best = i;
    for (size_t j = i + 1; j < m; j++) best = work[j] > work[best] ? j : best;
    const REAL value = work[best];
    work[best] = work[i];
    taken += value;
    count += 1;
    if (taken >= wanted) return count;
  }
  return count > 0 ? count : n;
}

// y[j] = sum_k w[j, k] x[k]: one row of a linear layer, where a matrix product would pack the weights for one use.
RP_CLONES void NAME(rp_rows_times)(const REAL *w, const REAL *x, REAL *y, size_t rows, size_t n) {
#pragma clang fp contract(off)
  for (size_t j = 0; j < rows; j++) {
    const REAL *row = w + j * n;
    REAL sum[LANES] = {0};
    size_t k = 0;
    for (; k + LANES <= n; k += LANES) {
      for (int l = 0; l < LANES; l++) sum[l] += row[k + l] * x[k + l];
    }
    for (; k < n; k++) sum[0] += row[k] * x[k];
    y[j] = NAME(rp_fold)(sum);
  }
}

// y[j] += sum_k x[k] w[k, j] for j < columns, rows of w `stride` apart.
RP_CLONES void NAME(rp_times_columns)(const REAL *w, size_t stride, const REAL *x, REAL *y, size_t n, size_t columns) {
#pragma clang fp contract(off)
  for (size_t k = 0; k < n; k++) {
    const REAL *row = w + k * stride;
    const REAL factor = x[k];
    for (size_t j = 0; j < columns; j++) y[j] += factor * row[j];
  }
}
#undef LANES
