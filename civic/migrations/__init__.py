"""Alembic migrations, shipped with the package so that ``civic db upgrade`` needs no checkout."""
