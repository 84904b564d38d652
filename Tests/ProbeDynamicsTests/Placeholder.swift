// tests of ProbeDynamics
