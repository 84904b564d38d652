import Glibc

/// The natural logarithm, so that files that need only this do not import the C library.
func naturalLogarithm(_ value: Double) -> Double { log(value) }
