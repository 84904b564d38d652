// tests of ProbeCapture
