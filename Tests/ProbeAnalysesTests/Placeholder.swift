// tests of ProbeAnalyses
