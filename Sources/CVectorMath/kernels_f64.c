#include "CVectorMath.h"

#include "scalar_f64.h"

#define REAL double
#define NAME(name) name##_f64
#include "kernels.h"
