// tests of ProbeLinearAlgebra
