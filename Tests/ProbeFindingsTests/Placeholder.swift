// tests of ProbeFindings
