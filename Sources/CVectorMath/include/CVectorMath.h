#ifndef RNNPROBE_CVECTORMATH_H
#define RNNPROBE_CVECTORMATH_H
#include <stddef.h>
#endif
