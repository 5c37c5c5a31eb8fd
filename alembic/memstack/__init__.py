"""What the migrations need of the application: its settings and its models."""
