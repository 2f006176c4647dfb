package dev.telltale.series;

class PostgresStressedStoreTest extends StressedStoreContract implements OpenPostgresStore.Opening {}
