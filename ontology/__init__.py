"""What the graph can say: vocabulary, constraints and public reference lists."""
