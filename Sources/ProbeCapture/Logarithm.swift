internal import Glibc

/// The binary logarithm, so that the file that needs it does not import the C library.
func logarithm2(_ value: Double) -> Double { log2(value) }
