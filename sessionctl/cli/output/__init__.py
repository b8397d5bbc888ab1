"""What is printed: answers, talk, problems, logs, and the terminal they go to."""
