// tests of ProbeHDF5
