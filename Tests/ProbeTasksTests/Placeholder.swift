// tests of ProbeTasks
