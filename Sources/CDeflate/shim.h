#ifndef RNNPROBE_CDEFLATE_SHIM_H
#define RNNPROBE_CDEFLATE_SHIM_H

// DEFLATE and zlib streams for HDF5 chunks and zip members.
#include <libdeflate.h>

#endif
