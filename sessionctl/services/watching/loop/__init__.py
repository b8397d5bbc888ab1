"""The loop of a watch: what it waits for, what it watches, when each file is looked at again."""
