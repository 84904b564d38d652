#define _GNU_SOURCE
#include "CVectorMath.h"

#if defined(__gnu_linux__)
#include <fcntl.h>
#include <malloc.h>
#endif

void rp_keep_large_buffers(void) {
#if defined(__gnu_linux__)
  // 32 MiB is the most that glibc takes for the first; above it blocks are mapped afresh each time.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
#endif
}

void rp_write_behind(int descriptor) {
#if defined(__gnu_linux__)
  // Advice alone: what fails costs memory, not data.
  (void)sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE);
  (void)posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
#else
  (void)descriptor;
#endif
}
