#ifndef RNNPROBE_CVECTORMATH_H
#define RNNPROBE_CVECTORMATH_H
#include <stddef.h>
#include <stdint.h>

// Elementary functions and the elementwise part of recurrent cells, over arrays, in f32 and f64. Each loop is
// compiled once for every CPU level and chosen at start-up; contraction is off, so every level returns the same
// bits. Pointers may be equal (in place) but must not overlap otherwise.

#define RP_DECLARE(real, suffix)                                                                              \
  /* y[i] = exp(x[i]); 0 below the smallest subnormal, +inf above the range, NaN kept. At most 2 ulp. */      \
  void rp_exp_##suffix(const real *x, real *y, size_t n);                                                     \
  /* y[i] = tanh(x[i]); -0 and NaN kept. At most 2 ulp. */                                                    \
  void rp_tanh_##suffix(const real *x, real *y, size_t n);                                                    \
  /* y[i] = 1 / (1 + exp(-x[i])). At most 3 ulp; where it would be subnormal possibly 0. */                   \
  void rp_sigmoid_##suffix(const real *x, real *y, size_t n);                                                 \
  /* y[i] = max(x[i], 0); NaN kept. */                                                                        \
  void rp_relu_##suffix(const real *x, real *y, size_t n);                                                    \
  /* y[i] += x[i]. */                                                                                         \
  void rp_add_##suffix(const real *x, real *y, size_t n);                                                     \
  /* One row of a GRU (PyTorch's order: the reset gate multiplies U_n h + b_hn).                              \
     px: [3n] W x + b_ih (+ b_hh for reset and update); ph: [3n] U h; bn: [n] b_hn;                           \
     h: [n], replaced; gates: [3n] reset, update, new, or NULL. */                                            \
  void rp_gru_row_##suffix(const real *px, const real *ph, const real *bn, real *h, real *gates, size_t n);   \
  /* One row of an LSTM. px: [4n] W x + b_ih + b_hh, gates i f g o; ph: [4n] U h;                             \
     h: [n] receives o tanh(c'); c: [n], replaced; gates: [4n] input, forget, new, output, or NULL. */        \
  void rp_lstm_row_##suffix(const real *px, const real *ph, real *h, real *c, real *gates, size_t n);

RP_DECLARE(float, f32)
RP_DECLARE(double, f64)
#undef RP_DECLARE

// What attention models do to rows of numbers. Sums are taken in a fixed order at every CPU level.
#define RP_DECLARE(real, suffix)                                                                              \
  /* In place: softmax over n >= 1 scores (-inf becomes 0). Returns the entropy in nats. */                   \
  real rp_softmax_##suffix(real *x, size_t n);                                                                \
  /* In place: cap tanh(x / cap). */                                                                          \
  void rp_soft_cap_##suffix(real *x, real cap, size_t n);                                                     \
  /* y = (x - mean) / sqrt(variance + epsilon) weight + bias; bias may be NULL; y may be x. */                \
  void rp_layer_norm_##suffix(const real *x, const real *weight, const real *bias, real epsilon, real *y,     \
                              size_t n);                                                                      \
  /* y = x / sqrt(mean square + epsilon) weight; y may be x. */                                               \
  void rp_rms_norm_##suffix(const real *x, const real *weight, real epsilon, real *y, size_t n);              \
  /* In place: x Phi(x). f32: absolute error at most 2e-7 |x|. */                                             \
  void rp_gelu_##suffix(real *x, size_t n);                                                                   \
  /* In place: the tanh approximation of x Phi(x). */                                                         \
  void rp_gelu_tanh_##suffix(real *x, size_t n);                                                              \
  /* In place: x sigmoid(x). */                                                                               \
  void rp_silu_##suffix(real *x, size_t n);                                                                   \
  /* In place: x sigmoid(1.702 x). */                                                                         \
  void rp_quick_gelu_##suffix(real *x, size_t n);                                                             \
  /* y[i] *= x[i]. */                                                                                         \
  void rp_multiply_##suffix(const real *x, real *y, size_t n);                                                \
  /* x[i] *= factor. */                                                                                       \
  void rp_scale_##suffix(real factor, real *x, size_t n);                                                     \
  /* In place: rotates the pairs (x[i], x[half + i]) by the angles given. */                                  \
  void rp_rotate_half_##suffix(real *x, const real *cosine, const real *sine, size_t half);                   \
  /* The place of the largest element, the first of equals; its value. n where all are NaN. */                \
  size_t rp_largest_##suffix(const real *x, size_t n, real *value);                                           \
  /* How many of the largest weights (>= 0, sum 1) it takes to hold `share`, with a tolerance of 1e-6 (f32)   \
     or 1e-9 (f64). work: [n + 1]. */                                                                             \
  size_t rp_share_count_##suffix(const real *p, size_t n, real share, real *work);                            \
  /* y = W x, W [rows, n]. */                                                                                 \
  void rp_rows_times_##suffix(const real *w, const real *x, real *y, size_t rows, size_t n);                  \
  /* y += x W, W [n, columns] with rows `stride` apart. */                                                    \
  void rp_times_columns_##suffix(const real *w, size_t stride, const real *x, real *y, size_t n,              \
                                 size_t columns);

RP_DECLARE(float, f32)
RP_DECLARE(double, f64)
#undef RP_DECLARE

// y = x, exactly, from bfloat16 and binary16 at any alignment.
void rp_widen_bf16(const void *x, float *y, size_t n);
void rp_widen_f16(const void *x, float *y, size_t n);
// y = W x, W [rows, n] in bfloat16 at any alignment.
void rp_rows_times_bf16(const void *w, const float *x, float *y, size_t rows, size_t n);

// Feeds whole blocks of 64 bytes to SHA-256: state [8] is replaced; constants [64] are those of FIPS 180-4. Returns 0, and
// does nothing, where the processor has no instructions for it.
int rp_sha256_blocks(uint32_t *state, const void *data, size_t blocks, const uint32_t *constants);

/// Keeps freed buffers of up to 32 MiB for the next request, instead of giving their pages back and faulting new ones in.
void rp_keep_large_buffers(void);

/// Begins to write a file's changed pages to the disk, and lets go of those that are there already.
void rp_write_behind(int descriptor);

/// Interleaved batches of eight matrices: see interleaved.c.
#define RP_LANES 8

/// Solves A_l x_l = b_l for eight n x n matrices at once, by Gaussian elimination in each, with
/// threshold pivoting: an entry at least a tenth of the largest candidate may serve.
///
/// a: [n] rows of [n][8], `stride` entries of 8 apart (an odd stride keeps rows out of one another's cache sets),
/// destroyed; b: [n][8], replaced by the solutions. Returns a mask: bit l is set where matrix l met
/// a zero or non-finite pivot (its solution is then meaningless).
unsigned rp_solve8_f64(double *a, double *b, size_t n, size_t stride);
#endif
