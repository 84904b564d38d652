import Glibc

/// The logarithm to base ten.
func logarithm(_ value: Double) -> Double { log10(value) }

/// Ten to a power.
func powerOfTen(_ exponent: Double) -> Double { pow(10, exponent) }

/// The cube root.
func cubeRoot(_ value: Double) -> Double { cbrt(value) }
