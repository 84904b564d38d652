// tests of ProbeCheckpoints
