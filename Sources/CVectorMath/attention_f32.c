#include "CVectorMath.h"

#include <math.h>

#include "scalar_f32.h"

RP_INLINE float rp_sigmoid1_f32(float x) {
#pragma clang fp contract(off)
  return 1.0f / (1.0f + rp_exp1_f32(-x));
}

#define REAL float
#define NAME(name) name##_f32
#include "attention_kernels.h"

// Phi by Abramowitz and Stegun 7.1.26, erf to 1.5e-7: below the rounding of an f32 product of this size.
RP_CLONES void rp_gelu_f32(float *x, size_t n) {
#pragma clang fp contract(off)
  for (size_t i = 0; i < n; i++) {
    const float v = x[i];
    const float z = __builtin_fabsf(v) * 0.70710678118654752440f;
    const float t = 1.0f / (1.0f + 0.3275911f * z);
    float p = 1.061405429f;
    p = p * t - 1.453152027f;
    p = p * t + 1.421413741f;
    p = p * t - 0.284496736f;
    p = p * t + 0.254829592f;
    const float tail = 0.5f * p * t * rp_exp1_f32(-z * z);
    x[i] = v * (v < 0 ? tail : 1.0f - tail);
  }
}

typedef uint16_t loose_u16 __attribute__((aligned(1)));
typedef _Float16 loose_f16 __attribute__((aligned(1)));

RP_INLINE float rp_wide(uint16_t bits) {
  const uint32_t wide = (uint32_t)bits << 16;
  float value;
  memcpy(&value, &wide, sizeof value);
  return value;
}

RP_CLONES void rp_widen_bf16(const void *x, float *y, size_t n) {
  const loose_u16 *source = x;
  for (size_t i = 0; i < n; i++) y[i] = rp_wide(source[i]);
}

RP_CLONES void rp_widen_f16(const void *x, float *y, size_t n) {
  const loose_f16 *source = x;
  for (size_t i = 0; i < n; i++) y[i] = (float)source[i];
}

RP_CLONES void rp_rows_times_bf16(const void *w, const float *x, float *y, size_t rows, size_t n) {
#pragma clang fp contract(off)
  for (size_t j = 0; j < rows; j++) {
    const loose_u16 *row = (const loose_u16 *)w + j * n;
    float sum[16] = {0};
    size_t k = 0;
    for (; k + 16 <= n; k += 16) {
      for (int l = 0; l < 16; l++) sum[l] += rp_wide(row[k + l]) * x[k + l];
    }
    for (; k < n; k++) sum[0] += rp_wide(row[k]) * x[k];
    y[j] = rp_fold_f32(sum);
  }
}
