// The elementary functions of one double. Straight-line code, so that loops over them vectorise.

#include <stdint.h>
#include <string.h>

#include "clones.h"

// exp by range reduction x = k ln2 + r, |r| <= ln2 / 2, and the Taylor polynomial of degree 13, whose remainder
// there is below 5e-18. k is read from the low bits of x / ln2 + 1.5 * 2^52: a conversion to int64 would
// vectorise on AVX-512 alone.
RP_INLINE double rp_exp1_f64(double x) {
#pragma clang fp contract(off)
  const double clamped = x < -746.0 ? -746.0 : (x > 710.0 ? 710.0 : x);
  const double shifted = clamped * 0x1.71547652b82fep0 + 0x1.8p52;
  const double k = shifted - 0x1.8p52;
  const double r = (clamped - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r * r + r + 1.0;
  int64_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  const int64_t whole = (int64_t)((uint64_t)bits << 13) >> 13;
  // The low 51 bits of `shifted` hold k modulo 2^51, sign-extended above.
  const int64_t half = whole >> 1;
  const int64_t low_bits = (int64_t)((uint64_t)(half + 1023) << 52);
  const int64_t high_bits = (int64_t)((uint64_t)(whole - half + 1023) << 52);
  double low, high;
  memcpy(&low, &low_bits, sizeof low);
  memcpy(&high, &high_bits, sizeof high);
  const double y = p * low * high;
  return x != x ? x : y;
}

// Cephes' two branches, both computed and blended: a rational function below 0.625, 1 - 2 / (exp(2|x|) + 1) above.
RP_INLINE double rp_tanh1_f64(double x) {
#pragma clang fp contract(off)
  const double a = __builtin_fabs(x);
  const double s = x * x;
  const double small_s = a < 1.0 ? s : 1.0;
  double p = -9.64399179425052238628e-1;
  p = p * small_s - 9.92877231001918586564e1;
  p = p * small_s - 1.61468768441708447952e3;
  double q = small_s + 1.12811678491632931402e2;
  q = q * small_s + 2.23548839060100448583e3;
  q = q * small_s + 4.84406305325125486048e3;
  const double small = __builtin_copysign(x + x * (small_s * (p / q)), x);
  const double z = a > 20.0 ? 20.0 : a;
  const double large = __builtin_copysign(1.0 - 2.0 / (rp_exp1_f64(z + z) + 1.0), x);
  return a < 0.625 ? small : (x != x ? x : large);
}
