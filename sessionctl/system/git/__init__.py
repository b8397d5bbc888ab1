"""Git: the one package that knows the git program and the files of a repository."""
