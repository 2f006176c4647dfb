package dev.telltale.series;

class PostgresUploadsTest extends UploadsContract implements OpenPostgresStore.Opening {}
