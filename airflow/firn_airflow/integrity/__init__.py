"""Tests of a user's own YAML: ``python -m firn_airflow test DIR``."""
