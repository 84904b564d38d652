// ProbeDynamics
