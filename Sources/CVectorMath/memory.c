#include "CVectorMath.h"

#if defined(__gnu_linux__)
#include <malloc.h>
#endif

void rp_keep_large_buffers(void) {
#if defined(__gnu_linux__)
  // 32 MiB is the most that glibc takes for the first; above it blocks are mapped afresh each time.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
#endif
}
