"""What pages send, read; and what they show, made ready."""
