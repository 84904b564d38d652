// The array kernels of one precision. Included twice, with REAL and NAME defined.

RP_INLINE REAL NAME(rp_sigmoid1)(REAL x) {
#pragma clang fp contract(off)
  return (REAL)1 / ((REAL)1 + NAME(rp_exp1)(-x));
}

RP_CLONES void NAME(rp_exp)(const REAL *x, REAL *y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = NAME(rp_exp1)(x[i]);
}

RP_CLONES void NAME(rp_tanh)(const REAL *x, REAL *y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = NAME(rp_tanh1)(x[i]);
}

RP_CLONES void NAME(rp_sigmoid)(const REAL *x, REAL *y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = NAME(rp_sigmoid1)(x[i]);
}

RP_CLONES void NAME(rp_relu)(const REAL *x, REAL *y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = x[i] < 0 ? 0 : x[i];
}

RP_CLONES void NAME(rp_add)(const REAL *x, REAL *y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] += x[i];
}

RP_CLONES void NAME(rp_gru_row)(const REAL *restrict px, const REAL *restrict ph, const REAL *restrict bn,
                                REAL *restrict h, REAL *restrict gates, size_t n) {
#pragma clang fp contract(off)
  if (gates) {
    for (size_t i = 0; i < n; i++) {
      const REAL r = NAME(rp_sigmoid1)(px[i] + ph[i]);
      const REAL z = NAME(rp_sigmoid1)(px[n + i] + ph[n + i]);
      const REAL g = NAME(rp_tanh1)(px[2 * n + i] + r * (ph[2 * n + i] + bn[i]));
      gates[i] = r;
      gates[n + i] = z;
      gates[2 * n + i] = g;
      h[i] = g + z * (h[i] - g);
    }
  } else {
    for (size_t i = 0; i < n; i++) {
      const REAL r = NAME(rp_sigmoid1)(px[i] + ph[i]);
      const REAL z = NAME(rp_sigmoid1)(px[n + i] + ph[n + i]);
      const REAL g = NAME(rp_tanh1)(px[2 * n + i] + r * (ph[2 * n + i] + bn[i]));
      h[i] = g + z * (h[i] - g);
    }
  }
}

RP_CLONES void NAME(rp_lstm_row)(const REAL *restrict px, const REAL *restrict ph, REAL *restrict h,
                                 REAL *restrict c, REAL *restrict gates, size_t n) {
#pragma clang fp contract(off)
  for (size_t i = 0; i < n; i++) {
    const REAL in = NAME(rp_sigmoid1)(px[i] + ph[i]);
    const REAL forget = NAME(rp_sigmoid1)(px[n + i] + ph[n + i]);
    const REAL new = NAME(rp_tanh1)(px[2 * n + i] + ph[2 * n + i]);
    const REAL out = NAME(rp_sigmoid1)(px[3 * n + i] + ph[3 * n + i]);
    const REAL cell = forget * c[i] + in * new;
    if (gates) {
      gates[i] = in;
      gates[n + i] = forget;
      gates[2 * n + i] = new;
      gates[3 * n + i] = out;
    }
    c[i] = cell;
    h[i] = out * NAME(rp_tanh1)(cell);
  }
}
