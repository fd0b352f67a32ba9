"""What a document says of the medicines that it names."""
