"""What leaves: Turtle, tables, network view, command line."""
