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
RP_H5(hid_t, H5T_NATIVE_UINT8, H5T_NATIVE_UINT8)
RP_H5(hid_t, H5T_NATIVE_UINT16, H5T_NATIVE_UINT16)
RP_H5(hid_t, H5T_IEEE_F32LE, H5T_IEEE_F32LE)
RP_H5(hid_t, H5T_IEEE_F64LE, H5T_IEEE_F64LE)
RP_H5(hid_t, H5T_STD_I32LE, H5T_STD_I32LE)
RP_H5(hid_t, H5T_STD_I64LE, H5T_STD_I64LE)
RP_H5(hid_t, H5T_STD_U8LE, H5T_STD_U8LE)
RP_H5(hid_t, H5T_STD_U16LE, H5T_STD_U16LE)
RP_H5(hid_t, H5T_C_S1, H5T_C_S1)
RP_H5(size_t, H5T_VARIABLE, H5T_VARIABLE)
RP_H5(hid_t, H5P_FILE_ACCESS, H5P_FILE_ACCESS)
RP_H5(hid_t, H5P_FILE_CREATE, H5P_FILE_CREATE)
RP_H5(hid_t, H5P_GROUP_CREATE, H5P_GROUP_CREATE)
RP_H5(hid_t, H5P_DATASET_CREATE, H5P_DATASET_CREATE)
RP_H5(hid_t, H5P_LINK_CREATE, H5P_LINK_CREATE)
RP_H5(unsigned, H5F_ACC_RDONLY, H5F_ACC_RDONLY)
RP_H5(unsigned, H5F_ACC_RDWR, H5F_ACC_RDWR)
RP_H5(unsigned, H5F_ACC_TRUNC, H5F_ACC_TRUNC)
RP_H5(unsigned, H5F_ACC_EXCL, H5F_ACC_EXCL)

#undef RP_H5

// H5AC_cache_config_t holds a fixed-size string Swift would have to fill byte by byte. This is the whole use of
// it: no metadata leaves the cache between two flushes, so a killed writer leaves the file as it was at the last.
static inline herr_t rp_H5Pset_no_metadata_eviction(hid_t file_access) {
  H5AC_cache_config_t config;
  config.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  herr_t status = H5Pget_mdc_config(file_access, &config);
  if (status < 0) return status;
  config.evictions_enabled = 0;
  config.incr_mode = H5C_incr__off;
  config.flash_incr_mode = H5C_flash_incr__off;
  config.decr_mode = H5C_decr__off;
  return H5Pset_mdc_config(file_access, &config);
}

#endif
