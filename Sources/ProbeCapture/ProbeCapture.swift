// ProbeCapture
