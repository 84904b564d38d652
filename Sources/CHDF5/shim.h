#ifndef RNNPROBE_CHDF5_SHIM_H
#define RNNPROBE_CHDF5_SHIM_H

// Debian configures HDF5 1.10 with the 1.8 API as default (H5_USE_18_API_DEFAULT).
// Swift cannot see the versioned macros (H5Dopen, H5Acreate ...) anyway: call the
// numbered functions (H5Dopen2, H5Acreate2 ...).
#include <hdf5.h>
#include <hdf5_hl.h>

// Everything HDF5 spells as a macro that calls H5open() or reads a mutable
// global is unavailable in Swift ("structure not supported", or "not
// concurrency-safe"). One `static inline` accessor each.
#define RP_H5(type, name, value) \
  static inline type rp_##name(void) { return (value); }

RP_H5(hid_t, H5T_NATIVE_FLOAT, H5T_NATIVE_FLOAT)
RP_H5(hid_t, H5T_NATIVE_DOUBLE, H5T_NATIVE_DOUBLE)
RP_H5(hid_t, H5T_NATIVE_INT32, H5T_NATIVE_INT32)
RP_H5(hid_t, H5T_NATIVE_INT64, H5T_NATIVE_INT64)
RP_H5(hid_t, H5T_IEEE_F32LE, H5T_IEEE_F32LE)
RP_H5(hid_t, H5T_IEEE_F64LE, H5T_IEEE_F64LE)
RP_H5(hid_t, H5T_STD_I64LE, H5T_STD_I64LE)
RP_H5(hid_t, H5T_C_S1, H5T_C_S1)
RP_H5(size_t, H5T_VARIABLE, H5T_VARIABLE)
RP_H5(hid_t, H5P_FILE_ACCESS, H5P_FILE_ACCESS)
RP_H5(hid_t, H5P_FILE_CREATE, H5P_FILE_CREATE)
RP_H5(hid_t, H5P_DATASET_CREATE, H5P_DATASET_CREATE)
RP_H5(hid_t, H5P_LINK_CREATE, H5P_LINK_CREATE)
RP_H5(hsize_t, H5S_UNLIMITED, H5S_UNLIMITED)
RP_H5(unsigned, H5F_ACC_RDONLY, H5F_ACC_RDONLY)
RP_H5(unsigned, H5F_ACC_RDWR, H5F_ACC_RDWR)
RP_H5(unsigned, H5F_ACC_TRUNC, H5F_ACC_TRUNC)
RP_H5(unsigned, H5F_ACC_EXCL, H5F_ACC_EXCL)

#undef RP_H5

#endif
