// tests of ProbeReports
