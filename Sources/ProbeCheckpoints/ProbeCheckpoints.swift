// ProbeCheckpoints
