// The elementary functions of one float. Straight-line code, so that loops over them vectorise.

#include <stdint.h>
#include <string.h>

#include "clones.h"

// exp by range reduction x = k ln2 + r, |r| <= ln2 / 2, and Cephes' degree-6 polynomial. 2^k is applied in two
// halves, so that subnormal results and the overflow to infinity come out of the multiplication itself.
RP_INLINE float rp_exp1_f32(float x) {
#pragma clang fp contract(off)
  const float clamped = x < -104.0f ? -104.0f : (x > 89.0f ? 89.0f : x);
  const float k = __builtin_rintf(clamped * 1.44269504088896341f);
  const float r = (clamped - k * 0.693359375f) + k * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const int32_t whole = (int32_t)k;
  const int32_t half = whole >> 1;
  const int32_t low_bits = (half + 127) << 23;
  const int32_t high_bits = (whole - half + 127) << 23;
  float low, high;
  memcpy(&low, &low_bits, sizeof low);
  memcpy(&high, &high_bits, sizeof high);
  const float y = p * low * high;
  return x != x ? x : y;
}

// Cephes' two branches, both computed and blended: an odd polynomial below 0.625, 1 - 2 / (exp(2|x|) + 1) above.
RP_INLINE float rp_tanh1_f32(float x) {
#pragma clang fp contract(off)
  const float a = __builtin_fabsf(x);
  const float s = x * x;
  float p = -5.70498872745e-3f;
  p = p * s + 2.06390887954e-2f;
  p = p * s - 5.37397155531e-2f;
  p = p * s + 1.33314422036e-1f;
  p = p * s - 3.33332819422e-1f;
  const float small = __builtin_copysignf(p * s * x + x, x);
  const float z = a > 9.1f ? 9.1f : a;
  const float large = __builtin_copysignf(1.0f - 2.0f / (rp_exp1_f32(z + z) + 1.0f), x);
  return a < 0.625f ? small : (x != x ? x : large);
}
