#include "CVectorMath.h"

// Blocks of SHA-256 by the processor's own instructions (Intel, "Intel SHA Extensions", 2013): sha256rnds2 does two
// rounds, sha256msg1 and sha256msg2 extend the schedule by four words.

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

static int has_instructions(void) {
  unsigned a, b, c, d;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
}

__attribute__((target("sha,sse4.1"))) static void run(uint32_t *state, const uint8_t *data, size_t blocks,
                                                      const uint32_t *constants) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bULL, 0x0405060700010203ULL);
  // The instructions want the state as (A B E F) and (C D G H), highest word first.
  const __m128i dcba = _mm_loadu_si128((const __m128i *)state);
  const __m128i hgfe = _mm_loadu_si128((const __m128i *)(state + 4));
  const __m128i cdab = _mm_shuffle_epi32(dcba, 0xB1);
  const __m128i efgh = _mm_shuffle_epi32(hgfe, 0x1B);
  __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
  __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);
  for (size_t block = 0; block < blocks; block++, data += 64) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i words[4];
    for (int i = 0; i < 4; i++) {
      words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(data + 16 * i)), swap);
    }
#pragma clang loop unroll(full)
    for (int round = 0; round < 16; round++) {
      const __m128i now = words[round & 3];
      const __m128i sum = _mm_add_epi32(now, _mm_loadu_si128((const __m128i *)(constants + 4 * round)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
      if (round < 12) {
        // w[t] for the four rounds that come 16 later.
        const __m128i next = words[(round + 1) & 3];
        const __m128i last = words[(round + 3) & 3];
        const __m128i seventh = _mm_alignr_epi8(last, words[(round + 2) & 3], 4);
        const __m128i partial = _mm_add_epi32(_mm_sha256msg1_epu32(now, next), seventh);
        words[round & 3] = _mm_sha256msg2_epu32(partial, last);
      }
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
  const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

int rp_sha256_blocks(uint32_t *state, const void *data, size_t blocks, const uint32_t *constants) {
  if (!has_instructions()) return 0;
  run(state, data, blocks, constants);
  return 1;
}
#else
int rp_sha256_blocks(uint32_t *state, const void *data, size_t blocks, const uint32_t *constants) {
  (void)state, (void)data, (void)blocks, (void)constants;
  return 0;
}
#endif
