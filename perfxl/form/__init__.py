"""The self-evaluation form and how it is read from a grid."""
