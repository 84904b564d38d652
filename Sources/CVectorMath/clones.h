#ifndef RNNPROBE_CLONES_H
#define RNNPROBE_CLONES_H

// target_clones needs ifunc (glibc, not musl); clang instruments the resolver, which runs before TSan's runtime
// exists and crashes, hence the last condition.
#if defined(__x86_64__) && defined(__gnu_linux__) && !__has_feature(thread_sanitizer)
#define RP_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define RP_CLONES
#endif

#define RP_INLINE static inline __attribute__((always_inline))

#endif
