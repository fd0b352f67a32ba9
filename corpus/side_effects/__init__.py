"""What a document says of side effects, and the symptoms that people have."""
