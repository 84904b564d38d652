// ProbeAnalyses
