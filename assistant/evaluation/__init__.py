"""Judges the whole chain against gold questions: questions in, figures that can be repeated out."""
