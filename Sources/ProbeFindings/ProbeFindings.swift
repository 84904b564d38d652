// ProbeFindings
