// tests of ProbeModels
