#include "CVectorMath.h"

#include <math.h>

#include "scalar_f64.h"

RP_INLINE double rp_sigmoid1_f64(double x) {
#pragma clang fp contract(off)
  return 1.0 / (1.0 + rp_exp1_f64(-x));
}

#define REAL double
#define NAME(name) name##_f64
#include "attention_kernels.h"

void rp_gelu_f64(double *x, size_t n) {
  for (size_t i = 0; i < n; i++) x[i] *= 0.5 * erfc(-x[i] * 0.70710678118654752440);
}
