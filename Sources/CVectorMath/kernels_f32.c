#include "CVectorMath.h"

#include "scalar_f32.h"

#define REAL float
#define NAME(name) name##_f32
#include "kernels.h"
