"""Published objects as JSON, one sub-package a version."""
