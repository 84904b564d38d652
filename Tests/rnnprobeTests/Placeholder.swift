// tests of rnnprobe
