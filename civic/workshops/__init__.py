"""Dated sessions where groups at tables make proposals."""
