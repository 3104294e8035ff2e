"""The check: everything in the content that a writer wants to know before readers do."""
