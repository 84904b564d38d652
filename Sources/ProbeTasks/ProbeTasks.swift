// ProbeTasks
