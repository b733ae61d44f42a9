"""Results as files that others open: JSON, CSV, XLSX, Pabulib's ``.pb``, and pages on paper."""
