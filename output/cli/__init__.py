"""The command line: parse arguments, call the façade, print."""
